/** Finds the logarithm of a softmax: u − logsumexp u. */
import type { Expression } from "../../expression/expression.js";
import type { Graph } from "../../expression/graph.js";
import { Index, type Letter } from "../../expression/indices.js";
import { has } from "../../expression/predicates.js";
import { isMinusOne } from "../../expression/rational.js";

/** `body` normalised along one of its letters. */
export interface Softmax {
  readonly body: Expression;
  readonly along: Letter;
}

/** The softmax whose logarithm an expression is, if it is one. */
export function findSoftmax(graph: Graph, node: Expression): Softmax | undefined {
  if (node.kind !== "sum" || node.constant.n !== 0n) return undefined;
  const position = node.terms.findIndex(
    ({ coefficient, term }) =>
      term.kind === "reduce" && term.reduction === "logsumexp" && isMinusOne(coefficient),
  );
  const total = node.terms[position]?.term;
  if (total?.kind !== "reduce") return undefined;
  const rest = node.terms.toSpliced(position, 1);
  const body = graph.combine(rest);
  for (const along of body.free) {
    if (!along.size.equals(total.letter.size) || has(total, along)) continue;
    const entry = graph.substitute(total.body, new Map([[total.letter.key, Index.of(along)]]));
    if (entry === body) return { body, along };
  }
  return undefined;
}
