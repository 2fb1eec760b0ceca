/** Factors of a product on the wrong side of the line in its derivative: divided by where one multiplies, and the reverse. */
import { partials } from "../../../calculus/occurrences.js";
import type { Definition } from "../../../expression/definition.js";
import type { ProductNode } from "../../../expression/expression.js";
import type { Backward } from "../../pass/backward.js";
import { modelText } from "../../explanations/words.js";
import type { Mutant } from "../mutant.js";
import { dependsOnQuantities, mutantOf } from "../variant.js";

const COST = 2.1;

/** ∂(u·v)/∂u as 1/v, ∂(u/v)/∂u as v. */
export function* invertedFactors(
  backward: Backward,
  definition: Definition,
  node: ProductNode,
): Generator<Mutant> {
  const { graph } = backward;
  for (const [part, right] of partials(graph, node)) {
    if (!dependsOnQuantities(part)) continue;
    for (const { base, exponent } of node.factors) {
      if (base === part || Math.abs(exponent) !== 1 || !dependsOnQuantities(base)) continue;
      yield mutantOf(backward, definition, node, part, {
        partial: graph.multiply(right, graph.integerPower(base, -2 * exponent)),
        cause: "wrong-function",
        tell: () => {
          const text = modelText(backward.withNames(base));
          const [used, instead] = exponent > 0 ? [`1 ./ ${text}`, text] : [text, `1 ./ ${text}`];
          const { name } = definition.quantity;
          const [slip, right] =
            exponent > 0 ? ["divided", "multiplied"] : ["multiplied", "divided"];
          const what = `${slip} by ${text} in the step back through ${name}, where it must be ${right} by it`;
          return { used, instead, what };
        },
        cost: COST,
      });
    }
  }
}
