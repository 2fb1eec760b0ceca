/** The right gradients under each other's names: returned, or unpacked, in another order. */
import type { Quantity } from "../../expression/quantity.js";
import { type Evidence, reproduces } from "../claims/evidence.js";
import type { Explanation } from "../explanations/hypothesis.js";
import { holds } from "./confusions.js";
import type { Comparable } from "./normalise.js";

/** One mistake for all claims, where for each alone another one may be simpler. */
const EXCHANGED = 1.2;

/** What each wrong claim holds; nothing where they are not the right gradients of all of them in another order. */
export function exchanged(wrong: readonly Comparable[]): ReadonlyMap<Quantity, Explanation> {
  const open = new Set(wrong);
  const found = new Map<Quantity, Explanation>();
  for (const one of wrong) {
    const { quantity } = one.evidence;
    const owner = [...open].find((other) => other !== one && holdsRight(one, other.evidence));
    if (!owner) return new Map();
    open.delete(owner);
    found.set(quantity, { faults: [holds(quantity, owner.evidence.quantity)], cost: EXCHANGED });
  }
  return found;
}

function holdsRight({ evidence: { exhibits } }: Comparable, other: Evidence): boolean {
  return exhibits.every((exhibit, k) =>
    reproduces(exhibit.claim.entries, other.exhibits[k]!.right.entries, exhibit),
  );
}
