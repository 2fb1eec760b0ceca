/**
 * The way from the loss back to one quantity: the adjoint of everything on it, written twice: with
 * partial derivatives as symbols, and with the local derivatives put in.
 */
import { lettersAlong, localPartial } from "../calculus/partial.js";
import { simplify } from "../calculus/simplify.js";
import { NamedBodies } from "../calculus/named.js";
import { usesOf } from "../calculus/uses.js";
import { entryOf, sweep } from "../calculus/sweep.js";
import { axisLetter, type Definition, fullAxes, fullBody } from "../expression/definition.js"; // prettier-ignore
import type { Expression } from "../expression/expression.js";
import type { Graph } from "../expression/graph.js";
import { Index, type Letter } from "../expression/indices.js";
import { isZero } from "../expression/predicates.js";
import type { Quantity } from "../expression/quantity.js";

/** ∂u/∂v as a quantity of its own, the axes of u first. */
export interface Partial {
  readonly quantity: Quantity;
  readonly numerator: Quantity;
  readonly of: Quantity;
  /** Its value at the letters `p0`, `p1` of u and `q0`, `q1` of v. */
  readonly expression: Expression;
  /** Letters of u that a delta ties to a letter of v: no sum over them is written. */
  readonly pinned: ReadonlyMap<string, Index>;
  readonly outer: readonly Letter[];
}

/** The adjoint of one quantity on the route, at the letters of its axes. */
export interface RouteAdjoint {
  readonly of: Quantity;
  /** ∂loss/∂of as a quantity. */
  readonly quantity: Quantity;
  /** Local derivatives put in; other adjoints by name. */
  readonly body: Expression;
  /** Σ ∂L/∂u · ∂u/∂of over the users u; undefined where only the loss itself uses the quantity. */
  readonly symbolic: Expression | undefined;
  /** The definitions that use the quantity, in order, the loss included. */
  readonly users: readonly Quantity[];
}

export interface RouteModel {
  readonly graph: Graph;
  readonly definitions: readonly Definition[];
  readonly loss: Quantity;
}

export class Route {
  /** From the loss back, the loss itself left out. */
  readonly adjoints: readonly RouteAdjoint[];
  readonly partials: readonly Partial[];
  private readonly byQuantity = new Map<Quantity, RouteAdjoint>();
  private readonly known = new Map<string, Partial>();

  /** @param wrt the quantity that the loss is differentiated by; not the loss itself */
  constructor(
    readonly model: RouteModel,
    readonly wrt: Quantity,
  ) {
    const { graph, definitions, loss } = model;
    const named = new NamedBodies(graph);
    for (const definition of definitions) named.add(definition);
    const swept = sweep(graph, definitions, loss, { wanted: [wrt] });
    const uses = usesOf(definitions, loss);
    const adjoints = new Map([...swept].map(([of, { quantity }]) => [of, quantity]));
    for (const [of, definition] of swept) {
      if (of === loss) continue;
      const { quantity, clauses } = definition;
      const body = written(
        graph,
        named,
        fullBody(of.shape, clauses) ?? entryOf(graph, clauses, fullAxes(of.shape).indices),
      );
      const users = (uses.get(of) ?? []).filter((user) => adjoints.has(user.quantity));
      const symbolic = this.symbolic(of, users, adjoints, named);
      this.byQuantity.set(of, {
        of,
        quantity,
        body,
        symbolic,
        users: users.map((user) => user.quantity),
      });
    }
    this.adjoints = [...this.byQuantity.values()];
    this.partials = [...this.known.values()];
  }

  /** The adjoint of a quantity on the route. */
  adjoint(of: Quantity): RouteAdjoint {
    return this.byQuantity.get(of)!;
  }

  /** ∂u/∂v as a quantity: its entries are printed as partial derivatives. */
  partialOf(numerator: Quantity, of: Quantity): Partial | undefined {
    return this.known.get(partialKey(numerator, of));
  }

  /** What an entry ∂u/∂v of a partial's quantity stands for. */
  partialAt(quantity: Quantity, indices: readonly Index[]): Expression {
    const { numerator, of, expression } = this.partialOf(quantity.numerator!, quantity.of!)!;
    const letters = [
      ...lettersAlong("p", numerator.shape).indices,
      ...lettersAlong("q", of.shape).indices,
    ];
    const replacements = new Map(
      letters.flatMap((index, axis) => (index.plain ? [[index.plain.key, indices[axis]!]] : [])),
    );
    return this.model.graph.substitute(expression, replacements);
  }

  /** Symbols ∂u/∂v replaced by what they stand for. */
  inlined(expression: Expression): Expression {
    return this.model.graph.transform(expression, (node) =>
      node.kind === "reference" && node.quantity.role === "partial"
        ? this.partialAt(node.quantity, node.indices)
        : undefined,
    );
  }

  private symbolic(
    of: Quantity,
    users: readonly Definition[],
    adjoints: ReadonlyMap<Quantity, Quantity>,
    named: NamedBodies,
  ): Expression | undefined {
    const { graph, loss } = this.model;
    const axes = fullAxes(of.shape);
    const partials = users.map((user) => this.partial(user, of, named));
    if (users.every((user) => user.quantity === loss)) return undefined;
    const terms = users.map((user, position) => {
      const partial = partials[position]!;
      const along = new Map<string, Index>();
      const inner = lettersAlong("q", of.shape).indices;
      for (const [axis, index] of inner.entries()) {
        if (index.plain) along.set(index.plain.key, axes.indices[axis]!);
      }
      if (user.quantity === loss) return graph.substitute(partial.expression, along);
      const outer = lettersAlong("p", user.quantity.shape);
      const pins = new Map(
        [...partial.pinned].map(([key, index]) => [key, index.substitute(along)]),
      );
      const indices = outer.indices.map((index) => index.substitute(pins));
      const adjoint = graph.reference(adjoints.get(user.quantity)!, indices);
      const symbol = graph.reference(partial.quantity, [...indices, ...axes.indices]);
      const summed = outer.letters.filter(({ key }) => !pins.has(key));
      return graph.sumOver(summed, graph.multiply(adjoint, symbol));
    });
    return graph.add(...terms);
  }

  /** ∂u/∂v for one use. */
  private partial(user: Definition, of: Quantity, named: NamedBodies): Partial {
    const key = partialKey(user.quantity, of);
    const before = this.known.get(key);
    if (before) return before;
    const { graph } = this.model;
    const { expression, outer, inner } = localPartial(graph, user, of);
    const numerator = user.quantity;
    const shape = [...numerator.shape, ...of.shape];
    const quantity: Quantity = {
      name: `d${numerator.name}_d${of.name}`,
      role: "partial",
      shape,
      numerator,
      of,
    };
    const simplified = written(graph, named, expression);
    const partial: Partial = {
      quantity,
      numerator,
      of,
      expression: simplified,
      pinned: pinnedLetters(simplified, outer, inner),
      outer,
    };
    this.known.set(key, partial);
    return partial;
  }

  /**
   * The gradient with every adjoint put in, at the letters of the axes of `of`; undefined where it
   * would be longer than `limit` symbols.
   */
  closed(of: Quantity, limit: number): Expression | undefined {
    const { graph } = this.model;
    const closed = new Map<Quantity, Expression>();
    for (const { quantity, body } of this.adjoints) {
      const expression = graph.transform(body, (node) => {
        if (node.kind !== "reference") return undefined;
        const inner = closed.get(node.quantity);
        return inner && atIndices(graph, node.quantity, inner, node.indices);
      });
      if (writtenLength(expression) > limit) return undefined;
      closed.set(quantity, expression);
    }
    return closed.get(this.adjoint(of).quantity);
  }
}

/** An expression as it is written: simplified, with names for whatever has one. */
export function written(graph: Graph, named: NamedBodies, expression: Expression): Expression {
  return named.apply(simplify(graph, named.apply(expression)));
}

/** A body given at the letters of the axes, at other indices. */
export function atIndices(
  graph: Graph,
  { shape }: Quantity,
  body: Expression,
  indices: readonly Index[],
): Expression {
  const replacements = new Map(
    shape.map((size, axis) => [axisLetter(axis, size).key, indices[axis]!]),
  );
  return graph.substitute(body, replacements);
}

function partialKey(numerator: Quantity, of: Quantity): string {
  return `${numerator.name}/${of.name}`;
}

/** Outer letters p that stand in a delta δ_pq in every term, with q. */
function pinnedLetters(
  expression: Expression,
  outer: readonly Letter[],
  inner: readonly Letter[],
): Map<string, Index> {
  const terms = expression.kind === "sum" ? expression.terms.map(({ term }) => term) : [expression];
  const hasConstant = expression.kind === "sum" && expression.constant.n !== 0n;
  const pinned = new Map<string, Index>();
  if (hasConstant || isZero(expression)) return pinned;
  for (const p of outer) {
    const q = inner.find(
      (candidate) =>
        candidate.size.equals(p.size) &&
        ![...pinned.values()].some((index) => index.plain?.key === candidate.key) &&
        terms.every((term) => hasFactorDelta(term, p, candidate)),
    );
    if (q) pinned.set(p.key, Index.of(q));
  }
  return pinned;
}

function hasFactorDelta(term: Expression, p: Letter, q: Letter): boolean {
  const factors = term.kind === "product" ? term.factors.map(({ base }) => base) : [term];
  return factors.some(
    (factor) =>
      factor.kind === "delta" &&
      factor.indices.some((index) => index.plain?.key === p.key) &&
      factor.indices.some((index) => index.plain?.key === q.key),
  );
}

/** How many symbols an expression has when it is written out as a tree; counted without a tree. */
export function writtenLength(root: Expression): number {
  const lengths = new Map<Expression, number>();
  const stack = [root];
  while (stack.length > 0) {
    const node = stack.at(-1)!;
    const pending = node.children.filter((child) => !lengths.has(child));
    if (pending.length > 0) {
      stack.push(...pending);
      continue;
    }
    stack.pop();
    const inner = node.children.reduce((total, child) => total + lengths.get(child)!, 1);
    lengths.set(node, Math.min(inner, 1e9));
  }
  return lengths.get(root)!;
}
