/**
 * Operations found from the outputs of others that are computed anyway: step(z1[i]) from
 * a1[i] := relu(z1[i]), which takes one comparison less and leaves z1 with a single use.
 */
import { NamedBodies } from "../calculus/named.js";
import { type Definition, fullBody } from "../expression/definition.js";
import type { Expression } from "../expression/expression.js";
import type { Graph } from "../expression/graph.js";
import type { Operation } from "../expression/operations/operation.js";

/** The same definitions, with the same values. */
export function reveal(graph: Graph, definitions: readonly Definition[]): Definition[] {
  const outputs = new NamedBodies(graph);
  /** The operations whose outputs tell another one, by that other one. */
  const tellers = new Map<Operation, Operation>();
  const told = (node: Expression): Expression | undefined => {
    const teller = node.kind === "apply" ? tellers.get(node.operation) : undefined;
    if (!teller?.reveals) return undefined;
    const output = outputs.apply(graph.apply(teller, ...node.children));
    return output.kind === "reference" ? graph.apply(teller.reveals.by, output) : undefined;
  };
  return definitions.map((definition) => {
    const { quantity } = definition;
    const clauses = definition.clauses.map((clause) => ({
      ...clause,
      body: graph.transform(clause.body, told),
    }));
    // only what stands further down may use it
    const body = fullBody(quantity.shape, clauses);
    if (body?.kind === "apply" && body.operation.reveals) {
      tellers.set(body.operation.reveals.operation, body.operation);
      outputs.add({ quantity, clauses });
    }
    return { quantity, clauses };
  });
}
