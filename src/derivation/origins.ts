/** Where the terms of a sum come from: what they were in the line before, whose places they keep. */
import { summandsOf } from "../calculus/multiplied-out.js";
import { CONTENT } from "../expression/contents.js";
import type { Expression, SumNode } from "../expression/expression.js";
import type { Graph } from "../expression/graph.js";
import { references } from "../expression/walk.js";
import { atIndices, type Route } from "../forms/route.js";
import type { Origins } from "./step.js";

/** Longer sums are left as they are: each of their terms is made anew. */
const MOST_TERMS = 6;

/**
 * What the terms of a sum are made from, term by term; undefined where some are made from several of them.
 * @param before the sum in the line before
 * @param after what was made of it, a sum or a product with one
 * @param made what is made of one term
 */
export function originsOf(
  graph: Graph,
  before: Expression,
  after: Expression,
  made: (term: Expression) => Expression,
): Origins | undefined {
  if (before.kind !== "sum" || before.terms.length > MOST_TERMS) return undefined;
  const places = partsOf(graph, after);
  if (places.length < 2) return undefined;
  const sources = new Map(
    summandsOf(graph, before).flatMap((term) =>
      partsOf(graph, made(term)).map(({ whole }) => [whole, term] as const),
    ),
  );
  const found = places.map(({ whole, term }) => [term, sources.get(whole)] as const);
  const origins = found.flatMap(([term, source]) => (source ? [[term, [source]] as const] : []));
  return origins.length === places.length ? new Map(origins) : undefined;
}

/**
 * The same for a chain rule into which the local derivatives are put.
 * @param areSloped whether with slopes of activations as signs
 */
export function originsOfLocal(
  route: Route,
  symbolic: Expression,
  local: Expression,
  areSloped = false,
): Origins | undefined {
  return originsOf(route.model.graph, symbolic, local, (term) => {
    const sloped = areSloped ? route.inlinedWithSlopes(term) : undefined;
    return sloped ?? route.shortened(route.putTogether(route.inlined(term))).expression;
  });
}

/**
 * The same for a derivative into which all later ones are put; where it is one product with a later one, for the sum
 * that this is.
 */
export function originsOfClosed(
  route: Route,
  body: Expression,
  closed: Expression,
  limit: number,
): Origins | undefined {
  if (body.kind !== "sum") {
    const [adjoint, ...others] = references([body]).filter(
      ({ quantity: { role } }) => role === "adjoint",
    );
    const later = adjoint && others.length === 0 ? route.adjoint(adjoint.quantity.of!) : undefined;
    const inner = later && route.closed(later.of, limit);
    return inner && originsOfClosed(route, later.body, inner.expression, limit);
  }
  return originsOf(
    route.model.graph,
    body,
    closed,
    (term) => route.shortened(route.putTogether(withClosed(route, term, limit))).expression,
  );
}

/** An expression with all derivatives of the loss put in that are no longer than a limit. */
export function withClosed(route: Route, expression: Expression, limit: number): Expression {
  const { graph } = route.model;
  const put = (node: Expression): Expression | undefined => {
    if (node.kind !== "reference" || node.quantity.role !== "adjoint") return undefined;
    const of = node.quantity.of!;
    const inner = route.closed(of, limit);
    return inner && atIndices(graph, of, inner.expression, node.indices);
  };
  return graph.transform(expression, put, CONTENT.adjoint);
}

/** A term of a sum: with all that the sum is multiplied by, and without its number. */
interface Part {
  readonly whole: Expression;
  readonly term: Expression;
}

/** The terms of a sum, or of the only sum among the factors of a product. */
function partsOf(graph: Graph, node: Expression): readonly Part[] {
  if (node.kind === "sum") return termsOf(graph, node, graph.one);
  const sums =
    node.kind === "product"
      ? node.factors.flatMap(({ base, exponent }) =>
          base.kind === "sum" && exponent === 1 ? [base] : [],
        )
      : [];
  const [sum, ...others] = sums;
  return sum && others.length === 0
    ? termsOf(graph, sum, graph.divide(node, sum))
    : [{ whole: node, term: node }];
}

function termsOf(graph: Graph, { constant, terms }: SumNode, front: Expression): readonly Part[] {
  const parts = terms.map(({ coefficient, term }) => ({
    whole: graph.multiply(front, graph.scale(coefficient, term)),
    term,
  }));
  const number = graph.number(constant);
  return constant.n === 0n
    ? parts
    : [...parts, { whole: graph.multiply(front, number), term: number }];
}
