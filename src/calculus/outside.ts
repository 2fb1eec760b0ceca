/** Where expressions have no finite value or derivative. */
import type { ApplyNode, Expression } from "../expression/expression.js";
import { DivisionByZeroError, type Graph } from "../expression/graph.js";
import type { Condition } from "../expression/operations/operation.js";
import { postorder } from "../expression/walk.js";

/** Whether an expression divides by 0, or leaves the domain of a function, where one part of it is equal to another. */
export function isOutsideWhere(
  graph: Graph,
  root: Expression,
  part: Expression,
  value: Expression,
): boolean {
  try {
    const there = graph.transform(root, (node) => (node === part ? value : undefined));
    return [...postorder([there], (one: Expression) => one.children)].some(
      (node) => node.kind === "apply" && conditionsOf(graph, node).some(isBroken),
    );
  } catch (error) {
    if (error instanceof DivisionByZeroError) return true;
    throw error;
  }
}

function conditionsOf(graph: Graph, { operation, children }: ApplyNode): readonly Condition[] {
  return operation.domain?.(graph, ...children) ?? [];
}

/** Whether a condition is known not to hold. */
function isBroken({ subject, relation }: Condition): boolean {
  if (subject.kind !== "number") return false;
  const sign = subject.value.compare(0);
  return relation === "positive" ? sign <= 0 : relation === "not negative" ? sign < 0 : sign === 0;
}
