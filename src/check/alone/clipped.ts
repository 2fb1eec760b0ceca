/** Right gradients that were clipped before they were given: to bounds, or to a norm. */
import type { Quantity } from "../../expression/quantity.js";
import { arrangement } from "../claims/claims.js";
import { type Evidence, type Exhibit, reproduces } from "../claims/evidence.js";
import type { Explanation, Fault } from "../explanations/hypothesis.js";

/** What bounds cost, what they cost where they leave one number for all entries, and what a norm costs. */
const BOUNDS = 1.3;
const ONE_NUMBER = 2.4;
const NORM = 1.9;
/** Relative: what rounding may do to a norm that somebody chose. */
const SAME_NORM = 1e-6;

/** One claim, clipped by itself. */
export function clipped(evidence: Evidence): Explanation[] {
  return explanationsOf([evidence]);
}

/**
 * All wrong claims clipped alike, where that is one mistake: each alone may hold one number only, and one norm may
 * be that of all gradients together.
 */
export function clippedTogether(
  wrong: readonly Evidence[],
  right: readonly Evidence[],
): ReadonlyMap<Quantity, Explanation> {
  if (wrong.length < 2) return new Map();
  const [simplest] = explanationsOf(wrong, right).sort((a, b) => a.cost - b.cost);
  return new Map(simplest ? wrong.map(({ quantity }) => [quantity, simplest]) : []);
}

function explanationsOf(
  wrong: readonly Evidence[],
  right: readonly Evidence[] = [],
): Explanation[] {
  if (!wrong.every(fits)) return [];
  const bounds = toBounds(wrong, right);
  const norm = toNorm([...wrong, ...right]);
  return [...(bounds ? [bounds] : []), ...(norm ? [{ faults: [norm], cost: NORM }] : [])];
}

function fits({ exhibits }: Evidence): boolean {
  return exhibits.every(({ claim, sizes }) => arrangement(claim, sizes) === "fits");
}

/** Entries beyond a bound are at the bound, all others are right. */
function toBounds(wrong: readonly Evidence[], right: readonly Evidence[]): Explanation | undefined {
  const exhibits = wrong.flatMap((one) => one.exhibits);
  const bound = largest(exhibits.map(({ claim }) => claim.entries));
  let clipped = 0;
  let inside = 0;
  const atBound = new Set<number>();
  for (const exhibit of exhibits) {
    const clamped = exhibit.right.entries.map((entry) => Math.max(-bound, Math.min(bound, entry)));
    if (!reproduces(exhibit.claim.entries, clamped, exhibit)) return undefined;
    for (const entry of exhibit.right.entries) {
      if (Math.abs(entry) > bound) {
        clipped++;
        atBound.add(Math.sign(entry));
      } else inside++;
    }
  }
  // what is right was not clipped
  const others = right.flatMap((one) => one.exhibits.map(({ claim }) => claim.entries));
  if (largest(others) > bound) return undefined;
  // one number of two digits may be anything
  const rounded = Number(bound.toPrecision(clipped + inside > 1 ? 2 : 1));
  const isRound = rounded === bound || Math.fround(rounded) === bound;
  const told = isRound ? rounded : bound;
  // one number for all entries says little of them
  const isOne = clipped > 1 && inside === 0 && atBound.size === 1;
  if (bound === 0 || clipped === 0 || (!isRound && (clipped < 2 || inside === 0))) return undefined;
  const fault: Fault = {
    cause: "clipped",
    say: (claim) =>
      `${claim} is the right gradient clipped to [-${told}, ${told}]: compare the gradient before it is clipped`,
  };
  return { faults: [fault], cost: isOne ? ONE_NUMBER : BOUNDS };
}

/** The right direction at a norm that somebody chose: that of one gradient, or of all of them together. */
function toNorm(all: readonly Evidence[]): Fault | undefined {
  const points = all[0]!.exhibits.map((_, k) => all.map(({ exhibits }) => exhibits[k]!));
  const given = points.map((exhibits) => normOf(exhibits.map(({ claim }) => claim.entries)));
  const norm = Number(Math.max(...given).toPrecision(2));
  const count = points[0]!.reduce((total, { right }) => total + right.entries.length, 0);
  if (norm === 0 || count < 2) return undefined;
  const scaledBy = (exhibits: readonly Exhibit[], k: number): number | undefined => {
    const whole = normOf(exhibits.map(({ right }) => right.entries));
    const scale = whole <= norm * (1 + SAME_NORM) ? 1 : given[k]! / whole;
    const isRound = scale === 1 || Math.abs(given[k]! - norm) <= SAME_NORM * norm;
    const isScaled = (one: Exhibit): boolean =>
      reproduces(one.claim.entries, one.right.entries, one, scale);
    return isRound && exhibits.every(isScaled) ? scale : undefined;
  };
  const scales = points.map(scaledBy);
  // what is within the norm at a point is right there
  const isNorm = !scales.includes(undefined) && scales.some((scale) => scale !== 1);
  if (!isNorm) return undefined;
  return {
    cause: "clipped",
    say: (claim) =>
      all.length === 1
        ? `${claim} is the right gradient scaled to the norm ${norm}: compare the gradient before it is clipped`
        : `${claim} is the right gradient after all of them together were scaled to the norm ${norm}: compare the gradients before they are clipped`,
  };
}

function normOf(lists: readonly Float64Array[]): number {
  const most = largest(lists);
  if (most === 0) return 0;
  let sum = 0;
  for (const list of lists) for (const entry of list) sum += (entry / most) ** 2;
  return most * Math.sqrt(sum);
}

function largest(lists: readonly Float64Array[]): number {
  let most = 0;
  for (const list of lists) for (const entry of list) most = Math.max(most, Math.abs(entry));
  return most;
}
