/** A term too many in one claim: weight decay on a bias, a regulariser that the loss does not have. */
import { sign } from "../../expression/operations/piecewise.js";
import type { Expression } from "../../expression/expression.js";
import { postorder } from "../../expression/walk.js";
import type { Model } from "../../language/model.js";
import type { Backward } from "../pass/backward.js";
import type { Bench } from "../pass/bench.js";
import { reproduces } from "../claims/evidence.js";
import { constantFactor, isUnit } from "../explanations/factors.js";
import type { Explanation } from "../explanations/hypothesis.js";
import type { Comparable } from "./normalise.js";
import { faultAt } from "../mutants/mutant.js";
import { hasPenalty } from "../mutants/adjoints/penalties.js";

/** A term with coefficient 1, its entries at each point and its cost. */
type Term = [name: string, entries: Float64Array[], cost: number];

/** Entries that must agree on the coefficient of the term. */
const BACKING = 2;

export function additions(
  model: Model,
  backward: Backward,
  benches: readonly Bench[],
  { evidence }: Comparable,
): Explanation[] {
  const { quantity, exhibits } = evidence;
  if (quantity.role !== "parameter") return [];
  const values = benches.map((bench) => bench.sampled(quantity, bench.valueOf(quantity)));
  const penalties: Term[] = [
    [quantity.name, values, 1.8],
    [`sign(${quantity.name})`, values.map((list) => list.map((one) => sign.value(one))), 2.1],
  ];
  const constant: Term = ["1", values.map((list) => list.map(() => 1)), 2];
  // where there is such a term, another is not one too many
  const terms = hasPenalty(backward, quantity) ? [constant] : [...penalties, constant];
  const coefficients = coefficientsOf(backward);
  return terms.flatMap(([name, entries, cost]) => {
    const given = exhibits.map(({ claim, right }) =>
      claim.entries.map((entry, k) => entry - right.entries[k]!),
    );
    const factor = constantFactor(
      model,
      evidence,
      { given, explained: entries },
      BACKING,
      coefficients,
    );
    if (!factor) return [];
    const holds = exhibits.every((exhibit, k) => {
      const { right, claim } = exhibit;
      const times = factor.at(exhibit.sizes);
      const whole = right.entries.map((entry, n) => entry + times * entries[k]![n]!);
      return reproduces(claim.entries, whole, exhibit);
    });
    if (!holds) return [];
    const fault = faultAt(quantity, "extra-term", () => {
      const term =
        name === "1" ? `${factor.name}` : isUnit(factor) ? name : `${factor.name} * ${name}`;
      return {
        term,
        what: `the right gradient plus ${term}: ${model.loss.name} has no such term, leave it out`,
      };
    });
    const unusual = factor.value < 0 ? 0.4 : 0;
    return [{ faults: [fault], cost: cost + unusual + factor.cost / 2 }];
  });
}

/** Numbers that stand before the terms of the loss and of its derivatives: 0.1, and 0.2 of 0.1·w². */
function coefficientsOf({ model, edges }: Backward): number[] {
  const found = new Set<number>();
  for (const { from, clause } of edges) {
    if (from !== model.loss) continue;
    for (const node of postorder([clause.body], (one: Expression) => one.children)) {
      if (node.kind === "product") found.add(Math.abs(node.coefficient.valueOf()));
      if (node.kind === "sum") {
        for (const { coefficient } of node.terms) found.add(Math.abs(coefficient.valueOf()));
      }
    }
  }
  return [...found].flatMap((one) => [one, one / 2]);
}
