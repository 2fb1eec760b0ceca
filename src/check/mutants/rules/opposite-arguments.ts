/** A sigmoid at the negative of its argument: the exponential in log(1 + exp(u)) without its derivative. */
import type { Definition } from "../../../expression/definition.js";
import type { ApplyNode, Expression } from "../../../expression/expression.js";
import { logarithm } from "../../../expression/operations/powers.js";
import { exponential } from "../../../expression/operations/smooth.js";
import type { Backward } from "../../pass/backward.js";
import { modelText } from "../../explanations/words.js";
import type { Mutant } from "../mutant.js";
import { mutantOf } from "../variant.js";

/**
 * The derivative of log(1 + exp(u)) is exp(u)/(1 + exp(u)), the sigmoid of u. Without the factor exp(u) it
 * is the sigmoid of −u, which belongs to log(1 + exp(−u)).
 */
export function* oppositeArguments(
  backward: Backward,
  definition: Definition,
  nodes: readonly Expression[],
  node: ApplyNode,
): Generator<Mutant> {
  const { graph } = backward;
  const [child] = node.children;
  if (!child || !isInSoftplus(nodes, node)) return;
  yield mutantOf(backward, definition, node, child, {
    partial: graph.one,
    cause: "wrong-function",
    tell: () => {
      const used = `sigmoid(${modelText(graph.negate(child))})`;
      const instead = `sigmoid(${modelText(child)})`;
      return {
        used,
        instead,
        what: `computed with ${used} where ${instead} belongs: the sign of the argument is lost`,
      };
    },
    cost: 1.45,
  });
}

/** Whether a node is the exponential in log(1 + exp(u)), and stands nowhere else. */
function isInSoftplus(nodes: readonly Expression[], node: ApplyNode): boolean {
  if (node.operation !== exponential) return false;
  const above = (one: Expression): Expression[] =>
    nodes.filter(({ children }) => children.includes(one));
  const [sum, ...others] = above(node);
  if (sum?.kind !== "sum" || others.length > 0) return false;
  const [{ coefficient } = { coefficient: undefined }, ...terms] = sum.terms;
  if (!coefficient?.equals(1) || terms.length > 0 || !sum.constant.equals(1)) return false;
  return above(sum).every((one) => one.kind === "apply" && one.operation === logarithm);
}
