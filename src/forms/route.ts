/**
 * The way from the loss back to one quantity: the adjoint of everything on it, written twice: with
 * partial derivatives as symbols, and with the local derivatives put in.
 */
import { lettersAlong } from "../calculus/partial.js";
import { simplify } from "../calculus/simplify.js";
import { isActivationOf } from "../calculus/slopes.js";
import type { NamedBodies } from "../calculus/named.js";
import type { Tell } from "../calculus/named-factors.js";
import type { Shortened } from "./known-sums.js";
import { CONTENT, holds } from "../expression/contents.js";
import { axisLetter, type Definition } from "../expression/definition.js";
import type { Expression } from "../expression/expression.js";
import type { Graph } from "../expression/graph.js";
import type { Index, Letter } from "../expression/indices.js";
import type { Quantity } from "../expression/quantity.js";
import type { Model } from "../language/model.js";
import type { Sentence } from "../language/sentence.js";
import type { Program } from "../language/syntax.js";

/** ∂u/∂v as a quantity of its own, the axes of u first. */
export interface Partial {
  readonly quantity: Quantity;
  readonly numerator: Quantity;
  readonly of: Quantity;
  /** Its value at the letters `p0`, `p1` of u and `q0`, `q1` of v. */
  readonly expression: Expression;
  /** The same with slopes of activations as signs, σ′(u); undefined where there are none. */
  readonly sloped: Expression | undefined;
  /** The same in terms of what u is made of, and u; undefined where it has no other names. */
  readonly inOwnTerms: Expression | undefined;
  /** The line before: σ(z) where u is to stand, or eᵘ/(1 + eᵘ) before it is a σ; undefined where there is neither. */
  readonly opened: Expression | undefined;
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
  readonly full: Expression;
  /** The same without sums that are 0. */
  readonly body: Expression;
  /** Why these are 0. */
  readonly reasons: readonly Sentence[];
  /** Σ ∂L/∂u · ∂u/∂of over the users u; undefined where only the loss itself uses the quantity. */
  readonly symbolic: Expression | undefined;
  /** The definitions that use the quantity, in order, the loss included. */
  readonly users: readonly Quantity[];
}

export interface RouteModel extends Pick<Model, "scope"> {
  readonly program: Program;
  readonly graph: Graph;
  readonly definitions: readonly Definition[];
  readonly loss: Quantity;
}

/** What the routes of one model share, see `Routes`. */
export interface SharedDerivatives {
  readonly model: RouteModel;
  readonly definitionOf: (quantity: Quantity) => Definition | undefined;
  /** ∂u/∂v of a definition u on some route and a quantity v that it uses. */
  readonly partialOf: (numerator: Quantity, of: Quantity) => Partial | undefined;
  /** An expression with the values of partial derivatives in place of their symbols. */
  readonly inlined: (expression: Expression) => Expression;
  /** An adjoint with all later ones put in; undefined where it is longer than `limit` symbols. */
  readonly closed: (adjoint: RouteAdjoint, limit: number) => Shortened | undefined;
  /** What was put together from several lines, as it is written. */
  readonly putTogether: (expression: Expression, tell?: Tell) => Expression;
  /** An expression without sums that are 0. */
  readonly shortened: (expression: Expression) => Shortened;
}

export class Route {
  readonly model: RouteModel;
  private readonly byQuantity: ReadonlyMap<Quantity, RouteAdjoint>;
  private divides: boolean | undefined;
  private places: ReadonlyMap<Quantity, number> | undefined;

  /**
   * @param wrt the quantity that the loss is differentiated by; not the loss itself
   * @param adjoints from the loss back, the loss itself left out
   */
  constructor(
    readonly wrt: Quantity,
    readonly adjoints: readonly RouteAdjoint[],
    private readonly shared: SharedDerivatives,
  ) {
    this.model = shared.model;
    this.byQuantity = new Map(adjoints.map((adjoint) => [adjoint.of, adjoint]));
  }

  /** The adjoint of a quantity on the route. */
  adjoint(of: Quantity): RouteAdjoint {
    return this.byQuantity.get(of)!;
  }

  /** Quantities in the order of the route, from the loss back; those that are not on it, such as the loss, first. */
  inOrder(quantities: readonly Quantity[]): readonly Quantity[] {
    if (quantities.length < 2) return quantities;
    this.places ??= new Map(this.adjoints.map(({ of }, place) => [of, place]));
    const places = this.places;
    const placeOf = (one: Quantity): number => places.get(one) ?? -1;
    return quantities.toSorted((a, b) => placeOf(a) - placeOf(b));
  }

  /** Whether something other than a size is divided by in an adjoint: if not, no closed form divides either. */
  get hasQuotients(): boolean {
    return (this.divides ??= this.adjoints.some(({ symbolic, body }) =>
      [symbolic ?? body, body].some((one) => holds(one, CONTENT.quotient)),
    ));
  }

  /** The definitions of some quantities; what the point gives has none. */
  definitionsOf(quantities: readonly Quantity[]): Definition[] {
    return quantities.flatMap((one) => this.shared.definitionOf(one) ?? []);
  }

  /** All partial derivatives on the route, from the loss back. */
  get partials(): readonly Partial[] {
    return this.adjoints.flatMap(({ of, users }) =>
      users.flatMap((user) => this.partialOf(user, of) ?? []),
    );
  }

  /** ∂u/∂v as a quantity: its entries are printed as partial derivatives. */
  partialOf(numerator: Quantity, of: Quantity): Partial | undefined {
    return this.shared.partialOf(numerator, of);
  }

  /** What an entry ∂u/∂v of a partial's quantity stands for. */
  partialAt(quantity: Quantity, indices: readonly Index[]): Expression {
    const partial = this.partialOf(quantity.numerator!, quantity.of!)!;
    return partialAt(this.model.graph, partial, partial.expression, indices);
  }

  /** The same with slopes of activations as signs; undefined where there are none. */
  slopedAt(quantity: Quantity, indices: readonly Index[]): Expression | undefined {
    const partial = this.partialOf(quantity.numerator!, quantity.of!)!;
    return partial.sloped && partialAt(this.model.graph, partial, partial.sloped, indices);
  }

  /** The same in terms of what u is made of, and u; undefined where it has no other names. */
  ownTermsAt(quantity: Quantity, indices: readonly Index[]): Expression | undefined {
    const partial = this.partialOf(quantity.numerator!, quantity.of!)!;
    return partial.inOwnTerms && partialAt(this.model.graph, partial, partial.inOwnTerms, indices);
  }

  /** The same before its own name or a σ is put in; undefined where there is neither. */
  openedAt(quantity: Quantity, indices: readonly Index[]): Expression | undefined {
    const partial = this.partialOf(quantity.numerator!, quantity.of!)!;
    return partial.opened && partialAt(this.model.graph, partial, partial.opened, indices);
  }

  /** Symbols ∂u/∂v replaced by what they stand for. */
  inlined(expression: Expression): Expression {
    return this.shared.inlined(expression);
  }

  /**
   * The same with slopes of activations as signs, as it is written; undefined where there are none but
   * those of quantities that are nothing else, whose local derivatives have them.
   */
  inlinedWithSlopes(expression: Expression): Expression | undefined {
    let isNested = false as boolean;
    const put = (node: Expression): Expression | undefined => {
      if (node.kind !== "reference" || node.quantity.role !== "partial") return undefined;
      const [definition] = this.definitionsOf([node.quantity.numerator!]);
      const sloped =
        definition && !isActivationOf(definition)
          ? this.slopedAt(node.quantity, node.indices)
          : undefined;
      isNested ||= sloped !== undefined;
      return sloped ?? this.partialAt(node.quantity, node.indices);
    };
    const whole = this.model.graph.transform(expression, put, CONTENT.partial);
    return isNested ? this.putTogether(whole) : undefined;
  }

  /**
   * What was put together from several lines, as it is written: simplified, with names.
   * @param tell is told of what got its name
   */
  putTogether(expression: Expression, tell?: Tell): Expression {
    return this.shared.putTogether(expression, tell);
  }

  /** An expression without sums that are 0, and why they are. */
  shortened(expression: Expression): Shortened {
    return this.shared.shortened(expression);
  }

  /**
   * The gradient with every adjoint put in, without sums that are 0, at the letters of the axes of `of`; undefined where it,
   * or an adjoint on the way to it, would be longer than `limit` symbols.
   */
  closed(of: Quantity, limit: number): Shortened | undefined {
    const asked = this.adjoint(of);
    for (const adjoint of this.adjoints) {
      if (adjoint === asked) break;
      if (!this.shared.closed(adjoint, limit)) return undefined;
    }
    return this.shared.closed(asked, limit);
  }
}

/**
 * An expression as it is written: simplified, with names for whatever has one.
 * @param own as in `NamedBodies`
 */
export function written(
  graph: Graph,
  named: NamedBodies,
  expression: Expression,
  own?: ReadonlySet<Quantity>,
): Expression {
  const names = (one: Expression): Expression => named.apply(one, undefined, own);
  return names(simplify(graph, names(expression)));
}

/** A value of a partial derivative, given at its letters, at other indices. */
export function partialAt(
  graph: Graph,
  { numerator, of }: Pick<Partial, "numerator" | "of">,
  value: Expression,
  indices: readonly Index[],
): Expression {
  const letters = [
    ...lettersAlong("p", numerator.shape).indices,
    ...lettersAlong("q", of.shape).indices,
  ];
  const replacements = new Map(
    letters.flatMap((index, axis) => (index.plain ? [[index.plain.key, indices[axis]!]] : [])),
  );
  return graph.substitute(value, replacements);
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
