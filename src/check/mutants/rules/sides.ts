/** Operations of several operands, one of which is differentiated wrongly. */
import type { ApplyNode } from "../../../expression/expression.js";
import type { Backward } from "../../pass/backward.js";
import { modelText } from "../../explanations/words.js";
import { dependsOnQuantities, type Variant } from "../variant.js";

/** One of several operands with the wrong sign: 1 − τ for τ − 1 on one side of a loss of quantiles. */
export function oppositeSide({ graph }: Backward, node: ApplyNode, position: number): Variant[] {
  if (node.children.filter(dependsOnQuantities).length < 2) return [];
  const right = node.operation.derivative(graph, node.children, node)[position]!;
  return [
    {
      partial: graph.negate(right),
      cause: "sign",
      tell: () => {
        const [side, whole] = [node.children[position]!, node].map(modelText);
        return {
          term: side!,
          what: `computed with the wrong sign for ${side} of ${whole}: that side alone is multiplied by -1`,
        };
      },
      cost: 1.55,
    },
  ];
}
