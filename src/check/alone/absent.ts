/** Claims of zeros: nothing was added to the derivative. */
import type { Backward } from "../pass/backward.js";
import type { Evidence } from "../claims/evidence.js";
import type { Explanation } from "../explanations/hypothesis.js";
import { faultAt } from "../mutants/mutant.js";

/** More than a mistake elsewhere that leaves zeros here, and explains other claims. */
const COST = 1.6;

export function absent(backward: Backward, { quantity, exhibits }: Evidence): Explanation[] {
  const isZero = exhibits.every(({ claim }) => claim.entries.every((entry) => entry === 0));
  if (!isZero) return [];
  const fault = faultAt(quantity, "missing-term", () => {
    const users = [...new Set(backward.into(quantity).map(({ from }) => from.name))].reverse();
    const term = `the ${users.length > 1 ? "paths" : "path"} through ${users.join(", ")}`;
    return {
      term,
      what: `0: nothing reaches it, as where something on the way is detached or nothing is added up; ${backward.model.loss.name} depends on ${quantity.name}: add ${term}`,
    };
  });
  return [{ faults: [fault], cost: COST }];
}
