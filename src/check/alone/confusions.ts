/** Claims that hold the derivative by something else, or no derivative at all. */
import type { Quantity } from "../../expression/quantity.js";
import type { Model } from "../../language/model.js";
import type { Backward } from "../pass/backward.js";
import type { Bench } from "../pass/bench.js";
import { computedFrom } from "../pass/users.js";
import { constantFactor, isUnit } from "../explanations/factors.js";
import {
  type Explanation,
  factorFaults,
  type Fault,
  updatedFault,
} from "../explanations/hypothesis.js";
import type { Comparable } from "./normalise.js";
import { adjointName } from "../explanations/words.js";

export function confusions(
  model: Model,
  backward: Backward,
  benches: readonly Bench[],
  { evidence }: Comparable,
): Explanation[] {
  const { quantity, exhibits } = evidence;
  const given = exhibits.map(({ claim }) => claim.entries);
  const found: Explanation[] = [];
  const propose = (
    explained: readonly (Float64Array | undefined)[],
    fault: Fault,
    cost: number,
    factored: boolean,
  ): void => {
    const lists = explained.filter((list) => list !== undefined);
    if (lists.length !== exhibits.length) return;
    const factor = constantFactor(model, evidence, { given, explained: lists }, 1e9);
    if (!factor || (!factored && !isUnit(factor))) return;
    const more = factorFaults(factor);
    const extra = more.length > 0 ? factor.cost + 0.5 : 0;
    found.push({ faults: [fault, ...more], cost: cost + extra });
  };
  for (const other of backward.order) {
    const isLoss = other === model.loss;
    if (other === quantity || isLoss || other.role === "auxiliary") continue;
    const cost = isBefore(backward, other, quantity) ? 1.9 : 1.4;
    const adjoints = benches.map((bench) => bench.adjoints.get(other));
    propose(adjoints, holds(quantity, other), cost, true);
    propose(
      benches.map((bench) => bench.sampled(other, bench.valueOf(other))),
      valueOf(quantity, other),
      2,
      false,
    );
  }
  propose(
    benches.map((bench) => bench.sampled(quantity, bench.valueOf(quantity))),
    valueOf(quantity, quantity),
    2,
    false,
  );
  const steps = exhibits.map(({ claim }, k) => {
    const values = benches[k]!.sampled(quantity, benches[k]!.valueOf(quantity));
    return claim.entries.map((entry, n) => entry - values[n]!);
  });
  const rate = constantFactor(model, evidence, {
    given: steps,
    explained: exhibits.map(({ right }) => right.entries),
  });
  const isRate = rate && exhibits.every(({ sizes }) => rate.at(sizes) === rate.value);
  if (isRate && rate.value < 0 && quantity.role === "parameter") {
    found.push({ faults: [updatedFault(quantity, rate.value)], cost: 1.9 });
  }
  return found;
}

/** Whether one's derivative is on the way to the other's: the maker of the claim had not got there. */
export function isBefore(backward: Backward, one: Quantity, other: Quantity): boolean {
  return computedFrom(backward, other).has(one);
}

/** The derivative by another quantity. */
export function holds(quantity: Quantity, other: Quantity): Fault {
  return {
    cause: "other-quantity",
    details: () => ({ is: other.name }),
    say: (claim) =>
      `${claim} holds ${adjointName(other)}, the derivative with respect to ${other.name}, not to ${quantity.name}`,
  };
}

function valueOf(quantity: Quantity, other: Quantity): Fault {
  return {
    cause: "other-quantity",
    details: () => ({ is: `the value of ${other.name}` }),
    say: (claim) => `${claim} holds the value of ${other.name}, not a derivative`,
  };
}
