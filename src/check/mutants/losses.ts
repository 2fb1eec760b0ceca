/** The derivative of another of the usual losses. */
import { fullAxes } from "../../expression/definition.js";
import type { Expression } from "../../expression/expression.js";
import { sign } from "../../expression/operations/piecewise.js";
import type { Quantity } from "../../expression/quantity.js";
import { sameShape } from "../../expression/size.js";
import type { Backward } from "../backward.js";
import { modelText } from "../words.js";
import { faultAt, type Mutant } from "./mutant.js";

/**
 * @param at a quantity of the shape of a target
 * @param outputs quantities of the same shape, `at` included, that may stand for the prediction
 */
export function* lossMutants(
  backward: Backward,
  at: Quantity,
  outputs: readonly Quantity[],
): Generator<Mutant> {
  const { graph, model } = backward;
  const { indices } = fullAxes(at.shape);
  for (const target of model.targets) {
    if (!sameShape(target.shape, at.shape)) continue;
    const t = graph.reference(target, indices);
    for (const output of outputs) {
      const y = graph.reference(output, indices);
      for (const [name, body, cost] of usual(backward, y, t, output === at)) {
        const text = modelText(body);
        yield {
          fault: faultAt(
            at,
            "wrong-function",
            { used: text },
            `${text}, which belongs to ${name}: the loss is ${model.loss.name}, whose derivative is another`,
          ),
          cost,
          isUpToFactor: true,
          change: () => backward.whole(at, body),
        };
      }
    }
  }
}

function usual(
  { graph }: Backward,
  y: Expression,
  t: Expression,
  isOutput: boolean,
): [name: string, body: Expression, cost: number][] {
  const one = graph.one;
  const difference = graph.subtract(y, t);
  const found: [string, Expression, number][] = [
    [isOutput ? "the squared error" : "the cross-entropy of a sigmoid or softmax", difference, 1.9],
    ["the sum of squared errors", graph.multiply(graph.number(2), difference), 2.1],
    ["the absolute error", graph.apply(sign, difference), 2.3],
  ];
  if (!isOutput) return found;
  const rest = graph.subtract(one, y);
  const ratio = graph.divide(t, y);
  const against = graph.divide(graph.subtract(one, t), rest);
  return [
    ...found,
    ["the cross-entropy", graph.negate(ratio), 2.1],
    ["the binary cross-entropy", graph.subtract(against, ratio), 2.1],
  ];
}
