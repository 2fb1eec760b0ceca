/** ∂u/∂v of one definition as an expression of its own, with the deltas that pin the indices. */
import type { Clause, Definition } from "../expression/definition.js";
import type { Expression, ReferenceNode } from "../expression/expression.js";
import type { Graph } from "../expression/graph.js";
import { Index, letter, type Letter } from "../expression/indices.js";
import type { Quantity } from "../expression/quantity.js";
import type { Shape } from "../expression/size.js";
import { type LocalRule, occurrences } from "./occurrences.js";

export interface LocalPartial {
  /** ∂u[outer]/∂v[inner]. */
  readonly expression: Expression;
  /** Letters `p0`, `p1` along the axes of u; none for an axis of size 1. */
  readonly outer: readonly Letter[];
  /** Letters `q0`, `q1` along the axes of v. */
  readonly inner: readonly Letter[];
}

/** Letters along the axes of a shape, and the indices that they make. */
export function lettersAlong(
  prefix: string,
  shape: Shape,
): { letters: Letter[]; indices: Index[] } {
  const letters: Letter[] = [];
  const indices = shape.map((size, axis) => {
    if (size.isOne) return Index.number(0);
    const along = letter(`${prefix}${axis}`, size);
    letters.push(along);
    return Index.of(along);
  });
  return { letters, indices };
}

/**
 * The partial derivative of one definition by a quantity that it uses directly.
 * @param rule the derivatives of single nodes; by default those that are computed
 */
export function localPartial(
  graph: Graph,
  definition: Definition,
  quantity: Quantity,
  rule?: LocalRule,
): LocalPartial {
  const outer = lettersAlong("p", definition.quantity.shape);
  const inner = lettersAlong("q", quantity.shape);
  const terms = definition.clauses.flatMap((clause) =>
    clauseTerms(graph, { clause, quantity, rule }, outer.indices, inner.indices),
  );
  return { expression: graph.add(...terms), outer: outer.letters, inner: inner.letters };
}

interface ClauseDerivative {
  readonly clause: Clause;
  readonly quantity: Quantity;
  readonly rule: LocalRule | undefined;
}

/** Σ over the clause's own and the open letters of derivative · δ(indices of u) · δ(indices of v). */
function clauseTerms(
  graph: Graph,
  { clause, quantity, rule }: ClauseDerivative,
  outer: readonly Index[],
  inner: readonly Index[],
): Expression[] {
  const renaming = new Map<string, Index>();
  const own = clause.letters.map((one, position) => {
    const fresh = letter(`c${position}`, one.size);
    renaming.set(one.key, Index.of(fresh));
    return fresh;
  });
  const body = graph.substitute(clause.body, renaming);
  const pins = clause.indices.map((index, axis) =>
    graph.delta(index.substitute(renaming), outer[axis]!),
  );
  const isWanted = (one: ReferenceNode): boolean => one.quantity === quantity;
  return occurrences(graph, body, graph.one, isWanted, rule).map((found) => {
    const targets = found.reference.indices.map((index, axis) => graph.delta(index, inner[axis]!));
    return graph.sumOver(
      [...own, ...found.open],
      graph.multiply(found.derivative, ...pins, ...targets),
    );
  });
}
