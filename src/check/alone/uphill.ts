/** Update steps of which some go the wrong way: W1 + rate·dW1 beside W2 − rate·dW2. */
import type { Quantity } from "../../expression/quantity.js";
import type { Model } from "../../language/model.js";
import { constantFactor, type Factor } from "../explanations/factors.js";
import type { Explanation, Fault } from "../explanations/hypothesis.js";
import { adjointName } from "../explanations/words.js";
import type { Comparable } from "./normalise.js";

/** Less than the factor alone: another claim tells what it is. */
const COST = 1.1;

/** The claims that are a step's rate times the gradient where others are minus that rate times theirs. */
export function uphill(
  model: Model,
  claims: readonly Comparable[],
): ReadonlyMap<Quantity, Explanation> {
  const factors = new Map<Quantity, Factor>();
  for (const { evidence } of claims) {
    const factor = constantFactor(model, evidence, {
      given: evidence.exhibits.map(({ claim }) => claim.entries),
      explained: evidence.exhibits.map(({ right }) => right.entries),
    });
    if (factor) factors.set(evidence.quantity, factor);
  }
  const steps = [...factors].filter(([, { isStep }]) => isStep);
  const found = new Map<Quantity, Explanation>();
  for (const [quantity, { value, isStep }] of factors) {
    const step = steps.find(([, one]) => one.value === -value);
    if (isStep || !step) continue;
    const fault: Fault = {
      cause: "constant-factor",
      details: () => ({ factor: value }),
      say: (claim) =>
        `${claim} is ${value} times the right gradient: an update step with its sign turned round, which goes uphill (${adjointName(step[0])} is ${-value} times the right one)`,
    };
    found.set(quantity, { faults: [fault], cost: COST });
  }
  return found;
}
