/** log(1 − D) and −log D taken for one another: the two losses of a generator, which have one minimum. */
import type { ApplyNode, Expression } from "../../../expression/expression.js";
import { logarithm } from "../../../expression/operations/powers.js";
import { postorder } from "../../../expression/walk.js";
import type { Backward } from "../../pass/backward.js";
import { modelText } from "../../explanations/words.js";
import { complementOf } from "../lines/complements.js";
import type { Variant } from "../variant.js";

/** The derivative of −log D for that of log(1 − D), where the model has no other logarithm: a cross-entropy has both. */
export function otherLogarithm(backward: Backward, node: ApplyNode): Variant[] {
  const { graph, definitions } = backward;
  const [argument] = node.children;
  const share = argument && complementOf(graph, argument);
  if (!share || node.operation !== logarithm) return [];
  const bodies = definitions.flatMap(({ clauses }) => clauses.map(({ body }) => body));
  const logarithms = postorder(bodies, (one: Expression) => one.children).filter(
    (one) => one.kind === "apply" && one.operation === logarithm,
  );
  if (logarithms.length > 1) return [];
  return [
    {
      // by 1 − D, as all variants of a function are by its operand
      partial: graph.integerPower(share, -1),
      cause: "wrong-function",
      tell: () => {
        const [used, right] = [`-log(${modelText(share)})`, modelText(node)];
        return {
          used: `the derivative of ${used}`,
          instead: `the derivative of ${right}`,
          what: `computed with the derivative of ${used} where that of ${right} belongs`,
        };
      },
      cost: 1.9,
    },
  ];
}
