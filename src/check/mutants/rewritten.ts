import type { Definition } from "../../expression/definition.js";
import type { Expression } from "../../expression/expression.js";
import type { Graph } from "../../expression/graph.js";

/**
 * A definition with other nodes in its bodies; itself where no body changes.
 * @param replace what stands in place of a node, of the same free letters; undefined keeps the node
 */
export function rewritten(
  graph: Graph,
  definition: Definition,
  replace: (node: Expression) => Expression | undefined,
): Definition {
  const { quantity, clauses } = definition;
  const others = clauses.map((clause) => ({
    ...clause,
    body: graph.transform(clause.body, replace),
  }));
  const isSame = others.every(({ body }, k) => body === clauses[k]!.body);
  return isSame ? definition : { quantity, clauses: others };
}
