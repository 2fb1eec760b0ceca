/**
 * Where the terms of a derivative's sums come from: what they were in the lines before, whose places they keep, in
 * lines of indices, of matrices and of entries.
 */
import { summandsOf } from "../calculus/multiplied-out.js";
import { CONTENT } from "../expression/contents.js";
import type { Expression, SumNode } from "../expression/expression.js";
import type { Graph } from "../expression/graph.js";
import { samenessIn } from "../expression/sameness.js";
import { postorder } from "../expression/walk.js";
import { atIndices, type Route, type RouteAdjoint } from "../forms/route.js";
import type { Claim, Origins, Side } from "./step.js";

/** Longer sums are left as they are: each of their terms is made anew. */
const MOST_TERMS = 6;

/**
 * What the terms were that stand in the derivatives of a route, whatever their indices are: a chain rule's terms, the
 * same with local derivatives, and with all later derivatives put in.
 */
export class RouteOrigins implements Origins {
  private known: Map<number, readonly Expression[]> | undefined;

  /** @param limit derivatives of more symbols are not put in */
  constructor(
    private readonly route: Route,
    private readonly limit: number,
  ) {}

  get(term: Expression): readonly Expression[] | undefined {
    const { lines } = this;
    return lines.size > 0 ? lines.get(this.key(term)) : undefined;
  }

  /**
   * Learns what the terms of a line are made from; what is known of a term stays.
   * @param before the sum in the line before
   * @param after what was made of it, a sum or a product with one
   * @param made what is made of one term
   */
  follow(before: Expression, after: Expression, made: Made): void {
    const { lines } = this;
    for (const [term, source] of originsOf(this.route.model.graph, before, after, made)) {
      const own = [...(lines.get(this.key(source)) ?? []), source];
      // also where the sum is written term by term
      for (let one = term; ; one = one.body) {
        if (!lines.has(this.key(one))) lines.set(this.key(one), own);
        if (one.kind !== "reduce") break;
      }
    }
  }

  /** They are found when a line asks for them. */
  private get lines(): Map<number, readonly Expression[]> {
    if (!this.known) {
      this.known = new Map();
      for (const adjoint of this.route.adjoints) this.followAdjoint(adjoint);
    }
    return this.known;
  }

  private key(term: Expression): number {
    return samenessIn.of(this.route.model.graph).of(term);
  }

  private followAdjoint({ of, symbolic, full, body }: RouteAdjoint): void {
    const { route, limit } = this;
    const putTogether = (term: Expression): Expression =>
      route.shortened(route.putTogether(term)).expression;
    if (symbolic?.kind === "sum") {
      const sloped = route.inlinedWithSlopes(symbolic);
      const made = (term: Expression): Expression => route.inlinedWithSlopes(term) ?? inlined(term);
      const inlined = (term: Expression): Expression => putTogether(route.inlined(term));
      if (sloped) this.follow(symbolic, sloped, made);
      this.follow(symbolic, full, inlined);
      this.follow(symbolic, body, inlined);
    }
    const closed = body.kind === "sum" ? route.closed(of, limit) : undefined;
    if (closed && closed.expression !== body)
      this.follow(body, closed.expression, (term) => putTogether(withClosed(route, term, limit)));
  }
}

type Made = (term: Expression) => Expression;

/** Claims whose terms keep the places of what they were. */
export function withOrigins(claims: readonly Claim[], origins: Origins): Claim[] {
  const placed = (side: Side): Side => {
    if (side.kind === "matrix" || side.kind === "entries") return { ...side, origins };
    if (side.kind !== "scalar" && side.kind !== "numbers") return side;
    const { origins: own } = side;
    return { ...side, origins: own ? eitherOf(own, origins) : origins };
  };
  return claims.map((claim) => ({ ...claim, right: placed(claim.right) }));
}

/** What the first one knows, else what the other knows. */
export function eitherOf(first: Origins, second: Origins): Origins {
  return { get: (term) => first.get(term) ?? second.get(term) };
}

/** The terms of a sum with those that they are made from: by what these become, else by what they share with that. */
function originsOf(
  graph: Graph,
  before: Expression,
  after: Expression,
  made: Made,
): (readonly [Expression, Expression])[] {
  if (before.kind !== "sum" || before.terms.length > MOST_TERMS) return [];
  const places = partsOf(graph, after);
  if (places.length < 2) return [];
  const sources = summandsOf(graph, before).map((term) => {
    const whole = made(term);
    return { term, whole, parts: new Set(partsOf(graph, whole).map((one) => one.whole)) };
  });
  return places.flatMap(({ whole, term }) => {
    const source = sources.find(({ parts }) => parts.has(whole)) ?? nearest(whole, sources);
    return source ? [[term, source.term] as const] : [];
  });
}

/** The one that shares most with an expression; undefined where two share as much. */
function nearest<Source extends { readonly whole: Expression }>(
  node: Expression,
  sources: readonly Source[],
): Source | undefined {
  const own = new Set(partsIn(node));
  const shared = sources.map(({ whole }) => partsIn(whole).filter((one) => own.has(one)).length);
  const most = Math.max(...shared);
  const [found, ...others] = sources.filter((_, place) => shared[place] === most);
  return others.length === 0 ? found : undefined;
}

/** All that stands in an expression, numbers and sizes left out. */
function partsIn(root: Expression): readonly Expression[] {
  return postorder([root], (one: Expression) => one.children).filter(
    ({ kind }) => kind !== "number" && kind !== "size",
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
