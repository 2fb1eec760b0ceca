/** The derivative by a parameter where the parameter itself belongs: dW2 for W2 on the way back through it. */
import { adjointName } from "../../explanations/words.js";
import type { Backward, Edge } from "../../pass/backward.js";
import type { Kind } from "../family.js";
import { faultAt, instead, type Mutant } from "../mutant.js";

export const GRADIENTS_FOR_WEIGHTS: Kind<Edge> = {
  least: 2.25,
  make: ({ backward }, edge) => gradientsForWeights(backward, edge),
};

function* gradientsForWeights(backward: Backward, edge: Edge): Generator<Mutant> {
  const { graph } = backward;
  const { to, clause } = edge;
  for (const { base, exponent } of clause.body.kind === "product" ? clause.body.factors : []) {
    if (base.kind !== "reference" || exponent !== 1) continue;
    const { quantity, indices } = base;
    if (quantity.role !== "parameter" || backward.into(quantity).length === 0) continue;
    yield {
      fault: faultAt(to, "wrong-variable", () => {
        const [used, right] = [adjointName(quantity), quantity.name];
        return {
          used,
          instead: right,
          what: `computed with ${used} where ${right} belongs: put ${right} in its place`,
        };
      }),
      cost: 2.25,
      change: () => {
        const gradient = graph.reference(backward.adjointOf(quantity), indices);
        return instead(edge, graph.multiply(graph.divide(clause.body, base), gradient));
      },
    };
  }
}
