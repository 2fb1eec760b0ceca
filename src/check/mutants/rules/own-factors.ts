/** A factor of a product in place of another one in its own derivative: u for v in the derivative of u·v by u. */
import type { Definition } from "../../../expression/definition.js";
import type { Expression, ProductNode } from "../../../expression/expression.js";
import { modelText } from "../../explanations/words.js";
import type { Backward } from "../../pass/backward.js";
import type { Mutant } from "../mutant.js";
import { dependsOnQuantities, mutantOf } from "../variant.js";

const COST = 2.1;

/** Of factors that the model names, one in place of another is a slip in a line. */
export function* ownFactors(
  backward: Backward,
  definition: Definition,
  node: ProductNode,
): Generator<Mutant> {
  const { graph } = backward;
  const factors = node.factors.flatMap(({ base, exponent }) => (exponent === 1 ? [base] : []));
  for (const own of factors) {
    if (!dependsOnQuantities(own) || backward.withNames(own).kind === "reference") continue;
    for (const other of factors) {
      if (other === own || lettersOf(other) !== lettersOf(own)) continue;
      yield mutantOf(backward, definition, node, own, {
        partial: graph.divide(node, other),
        cause: "wrong-variable",
        tell: () => {
          const [used, instead] = [own, other].map((one) => modelText(backward.withNames(one)));
          const what = `computed with ${used!} where ${instead!} belongs, in the derivative of ${modelText(backward.withNames(node))} by ${used!}`;
          return { used: used!, instead: instead!, what };
        },
        cost: COST,
      });
    }
  }
}

function lettersOf({ free }: Expression): string {
  return free
    .map(({ key }) => key)
    .sort()
    .join(" ");
}
