/** The derivative of another of the usual losses. */
import { fullAxes } from "../../expression/definition.js";
import type { Expression } from "../../expression/expression.js";
import { sign } from "../../expression/operations/piecewise.js";
import type { Quantity } from "../../expression/quantity.js";
import { sameShape } from "../../expression/size.js";
import { references } from "../../expression/walk.js";
import type { Backward } from "../backward.js";
import { modelText } from "../words.js";
import { otherLogistic } from "./labels.js";
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
    yield* otherLogistic(backward, at, target);
    const t = graph.reference(target, indices);
    for (const output of outputs) {
      const y = graph.reference(output, indices);
      // only the activation's derivative is left out where the loss is squared
      if (output !== at && isSquared(backward, y, graph.subtract(y, t))) continue;
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

/** Whether the derivative of the loss by an output is a multiple of its difference to the target. */
function isSquared(backward: Backward, output: Expression, difference: Expression): boolean {
  if (output.kind !== "reference") return false;
  const line = backward.lastLine(output.quantity, output.indices);
  return line !== undefined && references([backward.graph.divide(line, difference)]).length === 0;
}

function usual(
  backward: Backward,
  y: Expression,
  t: Expression,
  isOutput: boolean,
): [name: string, body: Expression, cost: number][] {
  const { graph } = backward;
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
  // with a squared loss that is what a lost derivative of a sigmoid looks like, up to a factor
  const surprise = isSquared(backward, y, difference) ? 3.4 : 2.1;
  const against = graph.divide(graph.subtract(one, t), rest);
  return [
    ...found,
    ["the cross-entropy", graph.negate(ratio), 2.1],
    ["the binary cross-entropy", graph.subtract(against, ratio), surprise],
  ];
}
