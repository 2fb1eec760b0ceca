/**
 * Sums over an index that a condition of an inner sum fixes: Σ_j f[j] Σ_l 1[j = 2l]·g[l] is Σ_l f[2l]·g[l].
 * They stand in derivatives of what is convolved twice.
 */
import { CONTENT } from "../expression/contents.js";
import { contract } from "../expression/contract.js";
import type { Expression, ReduceNode } from "../expression/expression.js";
import type { Graph } from "../expression/graph.js";
import { Index, type Letter, letter } from "../expression/indices.js";
import { has } from "../expression/predicates.js";
import { factorsOf } from "./products.js";

/** The expression with every such sum over the index that is left. */
export function exchangeSums(graph: Graph, root: Expression): Expression {
  const put = (node: Expression): Expression | undefined => {
    if (node.kind !== "reduce" || node.reduction !== "sum") return undefined;
    const whole = exchanged(graph, node);
    return whole && exchangeSums(graph, whole);
  };
  return graph.transform(root, put, CONTENT.delta);
}

/** A sum with a condition on an index from outside, and what it is multiplied by. */
interface Conditioned {
  readonly front: Expression;
  readonly sum: ReduceNode;
}

function exchanged(graph: Graph, { letter: outer, body }: ReduceNode): Expression | undefined {
  for (const { base, exponent } of factorsOf(body)) {
    const inner = exponent === 1 ? conditionedOn(graph, base, outer) : undefined;
    const [first, ...others] = inner ?? [];
    if (!inner || !first) continue;
    const { size } = first.sum.letter;
    if (!others.every(({ sum }) => sum.letter.size.equals(size))) continue;
    const left = letter("left", size);
    const rest = graph.divide(body, base);
    const terms = inner.map(({ front, sum }) => {
      const at = new Map([[sum.letter.key, Index.of(left)]]);
      return graph.sum(outer, graph.multiply(rest, front, graph.substitute(sum.body, at)));
    });
    return graph.sum(left, graph.add(...terms));
  }
  return undefined;
}

/** The terms of a factor where each is a sum with a condition that fixes the index; undefined for others. */
function conditionedOn(
  graph: Graph,
  factor: Expression,
  outer: Letter,
): readonly Conditioned[] | undefined {
  const terms =
    factor.kind === "sum" && factor.constant.n === 0n
      ? factor.terms.map(({ coefficient, term }) => graph.scale(coefficient, term))
      : [factor];
  const found = terms.flatMap((term) => {
    const sums = factorsOf(term).flatMap(({ base, exponent }) =>
      exponent === 1 && base.kind === "reduce" && fixes(graph, base, outer) ? [base] : [],
    );
    const [sum, ...others] = sums;
    return sum && others.length === 0 ? { front: graph.divide(term, sum), sum } : [];
  });
  return found.length === terms.length ? found : undefined;
}

/** Whether an inner sum has a condition that says which place an index of an outer one has. */
function fixes(graph: Graph, { reduction, body }: ReduceNode, outer: Letter): boolean {
  if (reduction !== "sum" || !has(body, outer)) return false;
  return factorsOf(body).some(
    ({ base }) => base.kind === "delta" && contract(graph, outer, base, graph.one) !== undefined,
  );
}
