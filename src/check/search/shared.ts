/** Explanations of all claims together: one mistake for all is simpler than one for each. */
import type { Quantity } from "../../expression/quantity.js";
import type { Explanation } from "../explanations/hypothesis.js";
import type { Hit, HitExplanation } from "./hits.js";

/** How much less it costs what explains another claim best, and all of them. */
const SHARED = 0.4;

/** What explains one wrong claim: by itself, and as one of several. */
interface Found {
  readonly quantity: Quantity;
  readonly alone: readonly Explanation[];
  readonly hits: readonly HitExplanation[];
}

/** @param isWhole whether a hit explains all wrong claims by itself */
export function withShared(
  found: readonly Found[],
  isWhole: (hit: Hit) => boolean,
): Map<Quantity, Explanation[]> {
  const shared = new Set<Hit>();
  for (const { alone, hits } of found) {
    const least = [...alone, ...hits].reduce((low, { cost }) => Math.min(low, cost), Infinity);
    for (const { hit, cost } of hits) {
      if (cost === least && isWhole(hit)) shared.add(hit);
    }
  }
  const reduced = (one: HitExplanation): Explanation =>
    shared.has(one.hit) ? { ...one, cost: one.cost - SHARED } : one;
  return new Map(
    found.map(({ quantity, alone, hits }) => [quantity, [...alone, ...hits.map(reduced)]]),
  );
}
