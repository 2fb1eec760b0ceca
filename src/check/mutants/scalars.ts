/** All derivatives with a number of the model as a factor: a denominator, a temperature, the loss itself. */
import type { Backward } from "../backward.js";
import { modelText } from "../words.js";
import { faultAt, type Mutant } from "./mutant.js";

/** What stands too often, above the line or below it, and what that costs. */
const POWERS = [
  [1, 2.1],
  [-1, 2.1],
  [2, 2.25],
  [-2, 2.25],
] as const;

export function* scalarFactors(backward: Backward): Generator<Mutant> {
  const { graph, model, order } = backward;
  const edges = backward.outOf(model.loss);
  for (const quantity of order) {
    const isNumber = quantity.shape.length === 0;
    if (!isNumber || (quantity.role !== "definition" && quantity.role !== "input")) continue;
    for (const [power, cost] of POWERS) {
      const body = graph.integerPower(graph.reference(quantity, []), power);
      const inverse = modelText(graph.integerPower(body, -1));
      const factor = power > 0 ? modelText(body) : inverse;
      yield {
        fault: faultAt(
          undefined,
          power > 0 ? "extra-factor" : "missing-factor",
          { factor },
          power > 0
            ? `the right gradient times ${factor}: leave that factor out`
            : `the right gradient with the factor ${factor} left out: multiply by ${factor}`,
        ),
        cost,
        change: () => ({
          removed: new Set(edges),
          added: edges.map((edge) => ({
            ...edge,
            clause: { ...edge.clause, body: graph.multiply(edge.clause.body, body) },
          })),
        }),
      };
    }
  }
}
