/** The derivative by a product taken for that by one of its factors, where what is left out has a sign: −γ of −D·γ. */
import { partials } from "../../../calculus/occurrences.js";
import type { Definition } from "../../../expression/definition.js";
import type { ProductNode } from "../../../expression/expression.js";
import type { Backward } from "../../pass/backward.js";
import { modelText } from "../../explanations/words.js";
import type { Mutant } from "../mutant.js";
import { dependsOnQuantities, mutantOf } from "../variant.js";

const COST = 1.9;

/** Without a sign it is a factor that is left out, and without a factor a sign. */
export function* signedFactors(
  backward: Backward,
  definition: Definition,
  node: ProductNode,
): Generator<Mutant> {
  const { graph } = backward;
  if (node.coefficient.s > 0n) return;
  for (const [part, right] of partials(graph, node)) {
    if (!dependsOnQuantities(part) || !dependsOnQuantities(right)) continue;
    yield mutantOf(backward, definition, node, part, {
      partial: graph.one,
      cause: "missing-factor",
      tell: () => {
        const [whole, factor] = [node, right].map((one) => modelText(backward.withNames(one)));
        const what = `taken to be the derivative by ${whole!}: the factor ${factor!} is left out; multiply by it`;
        return { factor: factor!, what };
      },
      cost: COST,
    });
  }
}
