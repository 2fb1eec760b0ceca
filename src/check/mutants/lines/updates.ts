/** The weights of a later step: W − rate·dW stands where W belongs. */
import type { Expression, ReferenceNode } from "../../../expression/expression.js";
import type { Quantity } from "../../../expression/quantity.js";
import { references } from "../../../expression/walk.js";
import type { Backward, Edge } from "../../pass/backward.js";
import { faultAt, type Probe } from "../mutant.js";

export function* updatedWeights(backward: Backward, edge: Edge): Generator<Probe> {
  const { graph } = backward;
  const { body } = edge.clause;
  for (const reference of references([body])) {
    for (const { parameter, direction } of directions(backward, reference)) {
      const { name } = parameter;
      yield {
        faults: ({ value, name: rate }) =>
          value < 0 && typeof rate === "number"
            ? [
                faultAt(edge.to, "wrong-variable", () => ({
                  used: `${name} after its update`,
                  instead: name,
                  what: `computed with ${name} after its update (rate ${-rate}): use the ${name} of the forward pass`,
                })),
              ]
            : [],
        cost: 1.9,
        change: () => {
          const changed = graph.transform(body, (node) =>
            node === reference ? direction() : undefined,
          );
          const clause = { ...edge.clause, body: changed };
          return { removed: new Set(), added: [{ ...edge, clause }] };
        },
        present: 0,
      };
    }
  }
}

/**
 * How a reference changes with a parameter W in the direction dW, where it does so linearly. The gradient of a
 * parameter that is used everywhere has as many terms as the model is long: it is written when it is asked for.
 */
function directions(
  backward: Backward,
  reference: ReferenceNode,
): { parameter: Quantity; direction: () => Expression }[] {
  const { graph } = backward;
  const { quantity, indices } = reference;
  const gradientAt = (one: ReferenceNode): Expression =>
    // the gradient of the very pass, whatever other mistake is in it
    backward.lastLine(one.quantity, one.indices) ??
    graph.reference(backward.adjointOf(one.quantity), one.indices);
  if (quantity.role === "parameter") {
    return [{ parameter: quantity, direction: () => gradientAt(reference) }];
  }
  const here = backward.bodyAt(quantity, indices);
  if (!here) return [];
  const used = references([here]).filter((one) => one.quantity.role === "parameter");
  return used.flatMap((one) => {
    const replaced = (by: Expression): Expression =>
      graph.transform(here, (node) => (node === one ? by : undefined));
    // homogeneous of degree 1: nothing is added to the part with W
    const isLinear =
      replaced(graph.multiply(graph.number(2), one)) === graph.multiply(graph.number(2), here);
    return isLinear
      ? [{ parameter: one.quantity, direction: () => replaced(gradientAt(one)) }]
      : [];
  });
}
