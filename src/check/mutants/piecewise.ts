/** What comparisons make of quantities: 0 or 1, or another number that is constant in pieces. */
import { occurrences } from "../../calculus/occurrences.js";
import type { Expression } from "../../expression/expression.js";
import type { Graph } from "../../expression/graph.js";
import { postorder } from "../../expression/walk.js";

/** Whether an expression is made by comparing, so that it is constant where it is smooth. */
export function isPiecewiseConstant(graph: Graph, node: Expression): boolean {
  const isMade = postorder([node], (one: Expression) => one.children).some(
    ({ kind }) => kind === "apply",
  );
  return isMade && occurrences(graph, node, graph.one, () => true).length === 0;
}
