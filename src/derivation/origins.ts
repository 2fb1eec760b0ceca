/**
 * Where the terms of a derivative's sums come from: what they were in the lines before, whose places they keep, in
 * lines of indices, of matrices and of entries.
 */
import { summandsOf } from "../calculus/multiplied-out.js";
import { CONTENT } from "../expression/contents.js";
import type { Expression, SumNode } from "../expression/expression.js";
import type { Graph } from "../expression/graph.js";
import type { Quantity } from "../expression/quantity.js";
import { samenessIn } from "../expression/sameness.js";
import { postorder } from "../expression/walk.js";
import { atIndices, type Route, type RouteAdjoint } from "../forms/route.js";
import { sideQuantities } from "./side-quantities.js";
import type { Claim, Origins, Side } from "./step.js";

/** Longer sums are left as they are: each of their terms is made anew. */
const MOST_TERMS = 6;

/** What terms were, by how they are alike. */
type Lines = Map<number, readonly Expression[]>;

/**
 * What the terms were that stand in the derivatives of a route, whatever their indices are: a chain rule's terms, the
 * same with local derivatives, and with all later derivatives put in.
 */
export class RouteOrigins {
  /** Of the first derivative, from the loss back, in which a term stands. */
  private readonly first: Lines = new Map();
  /** Of each derivative: where ∂L/∂u stands as it is in ∂L/∂p, its terms come from there first. */
  private readonly own = new Map<Quantity, Lines>();
  private isFollowed = false;

  /** @param limit derivatives of more symbols are not put in */
  constructor(
    private readonly route: Route,
    private readonly limit: number,
  ) {}

  /** In lines about the derivative by a quantity; in others, if it is none. */
  about(of: Quantity | undefined): Origins {
    return { get: (term) => this.get(of, term) };
  }

  private get(of: Quantity | undefined, term: Expression): readonly Expression[] | undefined {
    this.followAll();
    if (this.first.size === 0) return undefined;
    const key = this.key(term);
    return (of && this.own.get(of)?.get(key)) ?? this.first.get(key);
  }

  /**
   * Learns what the terms of a line are made from; what is known of a term stays.
   * @param of what the loss is differentiated by
   * @param before the sum in the line before
   * @param after what was made of it, a sum or a product with one
   * @param made what is made of one term
   */
  follow(of: Quantity, before: Expression, after: Expression, made: Made): void {
    this.followAll();
    const { first } = this;
    const own: Lines = this.own.get(of) ?? new Map<number, readonly Expression[]>();
    this.own.set(of, own);
    for (const [term, source] of originsOf(this.route.model.graph, before, after, made)) {
      const sourceKey = this.key(source);
      const here = [...(own.get(sourceKey) ?? []), source];
      const all = [...(first.get(sourceKey) ?? []), source];
      // also where the sum is written term by term
      for (let one = term; ; one = one.body) {
        const key = this.key(one);
        if (!own.has(key)) own.set(key, [...here, ...(first.get(key) ?? [])]);
        if (!first.has(key)) first.set(key, all);
        if (one.kind !== "reduce") break;
      }
    }
  }

  /** When a line asks. */
  private followAll(): void {
    if (this.isFollowed) return;
    this.isFollowed = true;
    for (const adjoint of this.route.adjoints) this.followAdjoint(adjoint);
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
      if (sloped) this.follow(of, symbolic, sloped, made);
      this.follow(of, symbolic, full, inlined);
      this.follow(of, symbolic, body, inlined);
    }
    const closed = body.kind === "sum" ? route.closed(of, limit) : undefined;
    if (closed && closed.expression !== body) {
      const made = (term: Expression): Expression => putTogether(withClosed(route, term, limit));
      this.follow(of, body, closed.expression, made);
    }
  }
}

type Made = (term: Expression) => Expression;

/** Claims whose terms keep the places of what they were. */
export function withOrigins(claims: readonly Claim[], origins: RouteOrigins): Claim[] {
  const placed = (side: Side, of: Quantity | undefined): Side => {
    // a term of a matrix line knows the terms of other derivatives that were put in
    if (side.kind === "matrix") return { ...side, origins: origins.about(undefined) };
    if (side.kind === "entries") return { ...side, origins: origins.about(of) };
    if (side.kind !== "scalar" && side.kind !== "numbers") return side;
    const { origins: own } = side;
    return { ...side, origins: own ? eitherOf(own, origins.about(of)) : origins.about(of) };
  };
  return claims.map((claim) => {
    const adjoint = sideQuantities(claim.left).find(({ role }) => role === "adjoint");
    return { ...claim, right: placed(claim.right, adjoint?.of) };
  });
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
