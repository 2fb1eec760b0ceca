/** Sums that cancel: nothing but rounding is left of a derivative that was summed over its own axis. */
import { summed } from "./blocks.js";
import type { Evidence, Exhibit } from "../claims/evidence.js";
import type { Explanation } from "../explanations/hypothesis.js";
import { faultAt } from "../mutants/mutant.js";

/** Of the largest entry, what is rounding. */
const ROUNDING = 1e-9;

/** A derivative that is left out is 0 without any rounding. */
const COST = 1;

/** ∂loss/∂z of a softmax, or of what it is a function of, sums to 0 over the classes. */
export function cancelled({ quantity, exhibits }: Evidence): Explanation[] {
  const isLost = exhibits.every(
    ({ claim, right }) => largest(claim.entries) <= ROUNDING * largest(right.entries),
  );
  // rounding may leave nothing at one point, but not at all of them
  if (!isLost || exhibits.every(({ claim }) => largest(claim.entries) === 0)) return [];
  const axis = quantity.shape.findIndex((_, one) => exhibits.every((each) => cancels(each, one)));
  if (axis < 0) return [];
  // a list along another axis was not summed over that
  const isInstead = exhibits.some(
    ({ claim, right }) => claim.lengths.length > 0 && claim.entries.length !== right.entries.length,
  );
  const fault = faultAt(quantity, "over-summed", () => ({
    term: `axis ${axis + 1}`,
    what: `summed over its own axis ${axis + 1} ${isInstead ? "instead of the others" : "too"}, along which it cancels: only rounding is left in every entry`,
  }));
  return [{ faults: [fault], cost: COST }];
}

function cancels(
  { claim: { quantity }, right: { entries }, sizes }: Exhibit,
  axis: number,
): boolean {
  const lengths = quantity.shape.map((size) => size.evaluate(sizes));
  if (lengths[axis]! < 2) return false;
  return largest(summed({ lengths, entries }, [axis]).entries) <= ROUNDING * largest(entries);
}

function largest(entries: Float64Array): number {
  return entries.reduce((most, entry) => Math.max(most, Math.abs(entry)), 0);
}
