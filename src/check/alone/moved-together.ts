/** Difference quotients for which the same entry of two parameters was moved at once. */
import type { Quantity } from "../../expression/quantity.js";
import type { SizeValues } from "../../expression/size.js";
import type { Backward } from "../pass/backward.js";
import type { Bench } from "../pass/bench.js";
import { reproduces } from "../claims/evidence.js";
import type { Explanation } from "../explanations/hypothesis.js";
import { adjointName } from "../explanations/words.js";
import { faultAt } from "../mutants/mutant.js";
import type { Comparable } from "./normalise.js";

const COST = 1.9;
/** How far quotients may be from derivatives, relative to the largest entry of what was added by mistake, */
const QUOTIENT_ERROR = 1e-4;
/** and how many entries have to be as near as that, for all that quotients explain. */
const FEWEST = 4;

/** The derivative by another parameter, added at the entries that both have. */
export function movedTogether(
  { model }: Backward,
  benches: readonly Bench[],
  { evidence }: Comparable,
): Explanation[] {
  const { quantity, exhibits } = evidence;
  if (quantity.role !== "parameter") return [];
  const isWhole = (one: Quantity): boolean => benches.every((bench) => !bench.isSampled(one));
  const others = model.params.filter(
    (one) => one !== quantity && one.shape.length === quantity.shape.length && isWhole(one),
  );
  if (!isWhole(quantity)) return [];
  return others.flatMap((other): Explanation[] => {
    const holds = exhibits.every((exhibit, k) => {
      const { claim, right, sizes } = exhibit;
      const added = inShapeOf(quantity, other, benches[k]!.adjoints.get(other)!, sizes);
      const sum = right.entries.map((entry, n) => entry + added[n]!);
      if (added.every((one) => one === 0)) return false;
      return reproduces(claim.entries, sum, exhibit) || areQuotients(claim.entries, sum, added);
    });
    if (!holds) return [];
    const name = adjointName(other);
    const entry = quantity.shape.length === 0 ? "" : ", at the entries that both have";
    const fault = faultAt(quantity, "extra-term", () => ({
      term: name,
      what: `the right gradient plus ${name}${entry}: a difference quotient that moves ${quantity.name} and ${other.name} at once has both; move one parameter at a time`,
    }));
    return [{ faults: [fault], cost: COST }];
  });
}

/** Whether numbers are as near to a sum as difference quotients come, and no nearer without what was added. */
function areQuotients(
  given: Float64Array,
  sum: readonly number[] | Float64Array,
  added: Float64Array,
): boolean {
  const largest = added.reduce((most, one) => Math.max(most, Math.abs(one)), 0);
  const moved = added.filter((one) => Math.abs(one) > 10 * QUOTIENT_ERROR * largest);
  return (
    moved.length >= FEWEST &&
    sum.every((one, k) => Math.abs(given[k]! - one) <= QUOTIENT_ERROR * largest)
  );
}

/** The entries of one quantity at the places of another's, 0 where it has none. */
function inShapeOf(
  quantity: Quantity,
  other: Quantity,
  entries: Float64Array,
  sizes: SizeValues,
): Float64Array {
  const [lengths, own] = [quantity, other].map(({ shape }) =>
    shape.map((size) => size.evaluate(sizes)),
  );
  const count = lengths!.reduce((product, length) => product * length, 1);
  return Float64Array.from({ length: count }, (_, k) => {
    let [rest, stride, position] = [k, 1, 0];
    for (let axis = lengths!.length - 1; axis >= 0; axis--) {
      const index = rest % lengths![axis]!;
      if (index >= own![axis]!) return 0;
      rest = Math.floor(rest / lengths![axis]!);
      position += index * stride;
      stride *= own![axis]!;
    }
    return entries[position]!;
  });
}
