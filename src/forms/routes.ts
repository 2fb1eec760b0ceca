/**
 * The routes from the loss to the quantities of one model. Routes overlap: adjoints, partial
 * derivatives and closed forms are found once, so that all routes together cost as much as the
 * model is long.
 */
import { exchangeSums } from "../calculus/exchanged-sums.js";
import { NamedBodies } from "../calculus/named.js";
import { NamedFactors, type Tell, withOwnName } from "../calculus/named-factors.js";
import { lettersAlong, localPartial } from "../calculus/partial.js";
import { simplify } from "../calculus/simplify.js";
import { hasActivation, slopeRule } from "../calculus/slopes.js";
import { type Adjoints, entryOf, ReverseSweep } from "../calculus/sweep.js";
import { type Uses, usersThroughOthers, usesOf } from "../calculus/uses.js";
import { CONTENT, holds } from "../expression/contents.js";
import { type Definition, fullAxes, fullBody } from "../expression/definition.js";
import type { Expression } from "../expression/expression.js";
import { Index } from "../expression/indices.js";
import type { Quantity } from "../expression/quantity.js";
import { references, writtenLength } from "../expression/walk.js";
import { distinct, type Sentence } from "../language/sentence.js";
import { namingSentences } from "./naming.js";
import { pinnedLetters, withTies } from "./pins.js";
import {
  atIndices,
  type Partial,
  partialAt,
  Route,
  type RouteAdjoint,
  type RouteModel,
  type SharedDerivatives,
  written,
} from "./route.js";
import { type Shortened, KnownSums } from "./known-sums.js";
import { openedPartial } from "./opened.js";

/** Derivatives of more symbols than this, with later ones put in, are not shortened: limits are a fifth of it. */
export const LONGEST_PUT_IN = 2000;

export class Routes implements SharedDerivatives {
  private readonly definitions: ReadonlyMap<Quantity, Definition>;
  private readonly named: NamedBodies;
  /** For closed forms, where the sums of several definitions come together. */
  private readonly namedSums: NamedFactors;
  /** The places of definitions in their order. */
  private readonly places: ReadonlyMap<Quantity, number>;
  private readonly uses: Uses;
  private readonly throughOthers = new Map<Quantity, ReadonlySet<Quantity>>();
  private readonly sweep: ReverseSweep;
  private readonly routes = new Map<Quantity, Route>();
  private readonly adjoints = new Map<Quantity, RouteAdjoint>();
  private readonly partials = new Map<string, Partial>();
  private readonly knownSums: KnownSums;
  /** Expressions and symbols of partial derivatives, with the latter put in. */
  private readonly withPartials = new Map<Expression, Expression>();
  /** Closed forms by the adjoint's quantity, with their lengths. */
  private readonly closedForms = new Map<Quantity, Shortened & { readonly length: number }>();

  constructor(readonly model: RouteModel) {
    const { graph, definitions, loss } = model;
    this.named = new NamedBodies(graph);
    this.namedSums = new NamedFactors(graph, { acrossSums: true });
    for (const definition of definitions) {
      this.named.add(definition);
      this.namedSums.add(definition);
    }
    this.definitions = new Map(definitions.map((one) => [one.quantity, one]));
    this.places = new Map(definitions.map(({ quantity }, place) => [quantity, place]));
    this.knownSums = new KnownSums(graph, definitions, this.namedSums);
    this.uses = usesOf(definitions, loss);
    this.sweep = new ReverseSweep(graph, definitions, loss);
  }

  /** @param wrt the quantity that the loss is differentiated by; not the loss itself */
  route(wrt: Quantity): Route {
    let route = this.routes.get(wrt);
    if (!route) {
      const swept = this.sweep.adjoints([wrt]);
      const adjoints = [...swept.keys()]
        .filter((of) => of !== this.model.loss)
        .map((of) => this.adjoint(of, swept));
      this.routes.set(wrt, (route = new Route(wrt, adjoints, this)));
    }
    return route;
  }

  definitionOf(quantity: Quantity): Definition | undefined {
    return this.definitions.get(quantity);
  }

  partialOf(numerator: Quantity, of: Quantity): Partial | undefined {
    return this.partials.get(partialKey(numerator, of));
  }

  inlined(expression: Expression): Expression {
    if (!holds(expression, CONTENT.partial)) return expression;
    const { graph } = this.model;
    const known = this.withPartials;
    let inlined = known.get(expression);
    if (!inlined) {
      const put = (node: Expression): Expression | undefined => {
        const before = known.get(node);
        if (before || node.kind !== "reference" || node.quantity.role !== "partial") return before;
        const { numerator, of } = node.quantity;
        const partial = this.partialOf(numerator!, of!)!;
        const value = partialAt(graph, partial, partial.expression, node.indices);
        known.set(node, value);
        return value;
      };
      inlined = graph.transform(expression, put, CONTENT.partial);
      known.set(expression, inlined);
    }
    return inlined;
  }

  closed({ quantity, body }: RouteAdjoint, limit: number): Shortened | undefined {
    let known = this.closedForms.get(quantity);
    if (!known) {
      const { graph } = this.model;
      const reasons: Sentence[] = [];
      const put = (node: Expression): Expression | undefined => {
        if (node.kind !== "reference") return undefined;
        const inner = this.closedForms.get(node.quantity);
        reasons.push(...(inner?.reasons ?? []));
        return inner && atIndices(graph, node.quantity, inner.expression, node.indices);
      };
      const whole = graph.transform(body, put, CONTENT.adjoint);
      // what is so long stays longer than any limit: it is not worth to be shortened
      const isLeft = whole === body || writtenLength(whole) > LONGEST_PUT_IN;
      const named: Quantity[] = [];
      const { expression, reasons: more } = isLeft
        ? { expression: whole, reasons: [] }
        : this.shortened(this.putTogether(whole, (one) => named.push(one)));
      const all = distinct([
        ...reasons,
        ...more,
        ...namingSentences(this.model, named, expression),
      ]);
      known = { expression, reasons: all, length: writtenLength(expression) };
      this.closedForms.set(quantity, known);
    }
    return known.length > limit ? undefined : known;
  }

  putTogether(expression: Expression, tell?: Tell): Expression {
    const { graph } = this.model;
    const short = simplify(graph, exchangeSums(graph, expression));
    const named = this.withNames(short, tell);
    return named === short ? short : simplify(graph, named);
  }

  shortened(expression: Expression): Shortened {
    const shorter = this.knownSums.apply(expression);
    return shorter.expression === expression
      ? shorter
      : { ...shorter, expression: this.putTogether(shorter.expression) };
  }

  /** Σ_m a[n,m] Σ_p g[n,p]·v[m,p] is Σ_p g[n,p]·o[n,p] where o is the product of a and v. */
  private withNames(root: Expression, tell?: Tell): Expression {
    const withBodies = this.named.apply(root, tell);
    if (this.namedSums.isEmpty) return withBodies;
    const put = (node: Expression): Expression | undefined => {
      const named = this.namedSums.apply(node, tell);
      return named && this.withNames(named, tell);
    };
    return this.model.graph.transform(withBodies, put, CONTENT.product | CONTENT.reduce);
  }

  /**
   * A derivative with the names that local derivatives have, where a sum has come between the factors of what they
   * stand for: e^s Σ_n g[n] Σ_j u[n,j]·v[j] is Σ_n g[n]·p[n] as ∂p[n]/∂s is p[n].
   */
  private withNamesOf(locals: readonly Expression[], full: Expression): Expression {
    if (this.namedSums.isEmpty || !holds(full, CONTENT.reduce)) return full;
    const names: Quantity[] = [];
    const named = this.withNames(full, (one) => names.push(one));
    if (names.length === 0) return full;
    const known = new Set(quantitiesIn(locals));
    if (!names.every((one) => known.has(one))) return full;
    return shorter(full, simplify(this.model.graph, named));
  }

  /** An adjoint made of local derivatives that have the name of their own definition, −s/τ; undefined where none has. */
  private ofNamedLocals(
    users: readonly Definition[],
    symbolic: Expression | undefined,
    locals: readonly Expression[],
  ): Expression | undefined {
    const isNamed = users.some(({ quantity }, place) =>
      quantitiesIn([locals[place]!]).includes(quantity),
    );
    return symbolic && isNamed
      ? written(this.model.graph, this.named, this.inlined(this.withConstants(symbolic)))
      : undefined;
  }

  private adjoint(of: Quantity, swept: Adjoints): RouteAdjoint {
    const before = this.adjoints.get(of);
    if (before) return before;
    const { graph } = this.model;
    const { quantity, clauses } = swept.get(of)!;
    const inAdjoints =
      fullBody(of.shape, clauses) ?? entryOf(graph, clauses, fullAxes(of.shape).indices);
    const users = (this.uses.get(of) ?? []).filter((user) => swept.has(user.quantity));
    const symbolic = this.symbolic(of, users, swept);
    const locals = users.map((user) => this.partial(user, of).expression);
    const put = written(graph, this.named, this.withConstants(inAdjoints));
    const full = shorter(
      this.withNamesOf(locals, put),
      this.ofNamedLocals(users, symbolic, locals),
    );
    const { expression: body, reasons } = this.shortened(full);
    const names = users.map((user) => user.quantity);
    const adjoint: RouteAdjoint = { of, quantity, full, body, reasons, symbolic, users: names };
    this.adjoints.set(of, adjoint);
    return adjoint;
  }

  /** An expression with adjoints that are the same for all entries, 1 or 1/N, put in. */
  private withConstants(expression: Expression): Expression {
    const put = (node: Expression): Expression | undefined => {
      if (node.kind !== "reference" || !node.quantity.of) return undefined;
      const body = this.adjoints.get(node.quantity.of)?.body;
      const isConstant = body?.free.length === 0 && !holds(body, CONTENT.reference);
      return isConstant ? body : undefined;
    };
    return this.model.graph.transform(expression, put, CONTENT.adjoint | CONTENT.partial);
  }

  private symbolic(
    of: Quantity,
    users: readonly Definition[],
    adjoints: Adjoints,
  ): Expression | undefined {
    const { graph, loss } = this.model;
    const axes = fullAxes(of.shape);
    const partials = users.map((user) => this.partial(user, of));
    if (users.every((user) => user.quantity === loss)) return undefined;
    const terms = users.map((user, position) => {
      const partial = partials[position]!;
      if (user.quantity === loss) {
        // a loss of one entry has indices too
        const indices = loss.shape.map(() => Index.number(0));
        return graph.reference(partial.quantity, [...indices, ...axes.indices]);
      }
      const along = new Map<string, Index>();
      const inner = lettersAlong("q", of.shape).indices;
      for (const [axis, index] of inner.entries()) {
        if (index.plain) along.set(index.plain.key, axes.indices[axis]!);
      }
      const outer = lettersAlong("p", user.quantity.shape);
      const pins = new Map(
        [...partial.pinned].map(([key, index]) => [key, index.substitute(along)]),
      );
      const indices = outer.indices.map((index) => index.substitute(pins));
      const adjoint = graph.reference(adjoints.get(user.quantity)!.quantity, indices);
      const symbol = graph.reference(partial.quantity, [...indices, ...axes.indices]);
      const summed = outer.letters.filter(({ key }) => !pins.has(key));
      return graph.sumOver(summed, graph.multiply(adjoint, symbol));
    });
    return graph.add(...terms);
  }

  /** The users of a quantity that depend on it through other definitions too: ∂⁺u/∂v is a part of what v does. */
  private dependents(of: Quantity): ReadonlySet<Quantity> {
    let known = this.throughOthers.get(of);
    if (!known)
      this.throughOthers.set(of, (known = usersThroughOthers(this.uses, of, this.places)));
    return known;
  }

  /** A derivative with the names alone that the definition has, and its own; undefined where these are all. */
  private inOwnTerms(
    definition: Definition,
    derivative: Expression,
    named: Expression,
  ): Expression | undefined {
    const { quantity, clauses } = definition;
    const own = new Set([quantity, ...quantitiesIn(clauses.map(({ body }) => body))]);
    if (quantitiesIn([named]).every((one) => own.has(one))) return undefined;
    const names = new NamedBodies(this.model.graph);
    for (const one of own) {
      const known = this.definitions.get(one);
      if (known) names.add(known);
    }
    return written(this.model.graph, names, derivative);
  }

  /** ∂u/∂v for one use. */
  private partial(user: Definition, of: Quantity): Partial {
    const key = partialKey(user.quantity, of);
    const before = this.partials.get(key);
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
      ...(this.dependents(of).has(numerator) ? { isDirect: true } : {}),
    };
    const own = new Set([numerator, ...quantitiesIn(user.clauses.map(({ body }) => body))]);
    const simplified = withOwnName(graph, user, expression, (one) =>
      written(graph, this.named, one, own),
    );
    const sloped = hasActivation(user)
      ? written(graph, this.named, localPartial(graph, user, of, slopeRule).expression, own)
      : simplified;
    const inOwnTerms = this.inOwnTerms(user, expression, simplified);
    const simplest = { plain: expression, written: inOwnTerms ?? simplified };
    const partial: Partial = {
      quantity,
      numerator,
      of,
      expression: simplified,
      inOwnTerms,
      sloped: sloped === simplified ? undefined : sloped,
      opened: openedPartial(graph, user, simplest, (one) => this.named.apply(one, undefined, own)),
      pinned: pinnedLetters(withTies(graph, user, of, simplified), outer, inner),
      outer,
    };
    this.partials.set(key, partial);
    return partial;
  }
}

/** The one of fewer symbols, the first of two as short ones. */
function shorter(one: Expression, other: Expression | undefined): Expression {
  return other && writtenLength(other) < writtenLength(one) ? other : one;
}

function quantitiesIn(expressions: readonly Expression[]): Quantity[] {
  return references(expressions).map(({ quantity }) => quantity);
}

function partialKey(numerator: Quantity, of: Quantity): string {
  return `${numerator.name}/${of.name}`;
}
