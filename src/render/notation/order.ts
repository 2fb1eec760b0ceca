/**
 * The order in which terms and factors are written. What a statement defines is written as its author
 * wrote it; in derivatives factors stand from the loss backwards and terms in the order of the loss.
 */
import type { Operation } from "../../expression/operations/operation.js";
import type { Quantity } from "../../expression/quantity.js";
import { references } from "../../expression/walk.js";
import type { Model } from "../../language/model.js";
import { exactDecimal } from "../../language/decimal.js";
import { namesIn, numbersIn } from "../../language/syntax.js";
import { FRACTIONS, Numerals } from "./fraction.js";

/** Compares pieces by the quantities in them; 0 where it does not matter. */
export type Comparison = (a: readonly Quantity[], b: readonly Quantity[]) => number;

export interface Order {
  /** @param all the quantities of the outermost product whose factors are compared */
  factors(all: readonly Quantity[]): Comparison;
  readonly terms: Comparison;
  /** The inputs of a model all of whose data are single numbers: they are no λ. */
  readonly data: ReadonlySet<Quantity>;
  /** How the model's numbers are written. */
  readonly numerals: Numerals;
  /** Whether a sum whose first term has a minus begins with what has a plus all the same. */
  readonly isPositiveFirst: boolean;
}

/**
 * Whether a sum keeps its order although its first term has a minus: its author named what is in it
 * before all that is added.
 * @param terms in their order
 */
export function keepsMinus(
  { terms: compare, isPositiveFirst }: Order,
  terms: readonly { readonly isNegative: boolean; readonly quantities: readonly Quantity[] }[],
): boolean {
  const [first] = terms;
  if (isPositiveFirst || first?.isNegative !== true) return false;
  return terms.every((one) => one.isNegative || compare(first.quantities, one.quantities) < 0);
}

/**
 * Terms that are the cases of one comparison, a·1[u > v] + b·1[u < v] + c·1[u = v], in this order;
 * undefined where a term has none.
 * @param operations of each term
 */
export function caseRanks(
  operations: readonly (readonly Operation[])[],
): readonly number[] | undefined {
  const ranks = operations.map((own) => {
    const { byOrder } = own.find((one) => one.byOrder) ?? {};
    return byOrder && ([1, -1, 0] as const).findIndex((order) => byOrder(order) === 1);
  });
  return ranks.every((rank) => rank !== undefined) ? ranks : undefined;
}

/** Terms and factors as they come. */
export const UNORDERED: Order = {
  factors: () => () => 0,
  terms: () => 0,
  data: new Set(),
  numerals: FRACTIONS,
  isPositiveFirst: true,
};

/** What differs from line to line. */
type Ordering = Pick<Order, "factors" | "terms" | "isPositiveFirst">;

type Places = ReadonlyMap<Quantity, number>;

/** From inputs to loss, where a quantity stands; a parameter stands wherever it is used. */
interface Stages {
  readonly of: Places;
  /** Of the parameters, from the first to the last. */
  readonly uses: ReadonlyMap<Quantity, readonly number[]>;
}

export class WritingOrder {
  private readonly derivative: Order;
  private readonly statements = new Map<Quantity, Order>();

  constructor(model: Model) {
    const written = writtenPlaces(model);
    const stages = stagesOf(model);
    const given = [...model.inputs, ...model.targets];
    const data = new Set(given.every(({ shape }) => shape.length === 0) ? model.inputs : []);
    const reach = reachOf(model, written.get(model.loss));
    const numerals = new Numerals(writesDecimals(model));
    this.derivative = { ...derivativeOrder(stages, reach), data, numerals };
    for (const [quantity, places] of written) {
      this.statements.set(quantity, { ...statementOrder(places, stages), data, numerals });
    }
  }

  /** @param defined the quantity whose definition is written; undefined for a derivative */
  of(defined: Quantity | undefined): Order {
    return (defined && this.statements.get(defined)) ?? this.derivative;
  }
}

/** A decimal of more digits, such as the 10⁻⁵ below a root, says nothing of how other numbers are written. */
const FINEST = 10_000n;

/** Whether a statement has decimals other than halves, quarters and the like, which are written as fractions. */
function writesDecimals({ program }: Model): boolean {
  return program.statements.some(({ expression }) =>
    numbersIn(expression).some((text) => {
      const { d } = exactDecimal(text);
      return d % 5n === 0n && d <= FINEST;
    }),
  );
}

/** For each defined quantity, where its statement uses others first. */
function writtenPlaces({ program, scope }: Model): Map<Quantity, Places> {
  const all = new Map<Quantity, Places>();
  for (const { name, expression } of program.statements) {
    const defined = scope.get(name)?.quantity;
    if (!defined) continue;
    const used = [...namesIn(expression)].flatMap((one) => scope.get(one)?.quantity ?? []);
    all.set(defined, new Map(used.map((quantity, place) => [quantity, place])));
  }
  return all;
}

/** A quantity stands where it is defined, an input where it is first used. */
function stagesOf(model: Model): Stages {
  const of = new Map<Quantity, number>();
  const uses = new Map<Quantity, number[]>();
  for (const [position, { quantity, clauses }] of model.definitions.entries()) {
    of.set(quantity, position + 1);
    const bodies = clauses.map(({ body }) => body);
    for (const used of new Set(references(bodies).map((one) => one.quantity))) {
      // just below what it is used for: before what it is multiplied with, wherever that is
      const use = position + 0.75;
      if (used.role === "parameter") uses.set(used, [...(uses.get(used) ?? []), use]);
      else if (!of.has(used)) of.set(used, use);
    }
  }
  return { of, uses };
}

/** Through which place of the loss's statement a quantity acts on the loss first. */
function reachOf(model: Model, inLoss: Places = new Map()): Places {
  const reach = new Map(inLoss);
  for (const { quantity, clauses } of model.definitions.toReversed()) {
    const own = reach.get(quantity);
    if (own === undefined) continue;
    for (const used of references(clauses.map(({ body }) => body))) {
      const known = reach.get(used.quantity) ?? Infinity;
      if (own < known) reach.set(used.quantity, own);
    }
  }
  return reach;
}

/** By the first quantity that the author wrote, then by the next ones. */
function statementOrder(written: Places, stages: Stages): Ordering {
  const place = (one: Quantity): number =>
    written.get(one) ?? written.size + (stages.of.get(one) ?? stages.uses.get(one)?.at(-1) ?? 0);
  const places = (of: readonly Quantity[]): number[] => of.map(place).sort((a, b) => a - b);
  const compare: Comparison = (a, b) => lexicographic(places(a), places(b));
  return {
    factors: () => compare,
    // numbers such as ln 2 stand last
    terms: (a, b) => Number(a.length === 0) - Number(b.length === 0) || compare(a, b),
    isPositiveFirst: false,
  };
}

/**
 * Factors by the quantity that is nearest to the loss, a derivative just before its numerator. Terms
 * in the order of the loss, and those of one part of it as the ways to the loss are named: first the
 * way through what was defined first, which is the longest, and what acts directly last. Terms
 * that are alike in all this stand in the order in which their factors are defined.
 */
function derivativeOrder(stages: Stages, reach: Places): Ordering {
  const stage = (one: Quantity): number => stages.of.get(one) ?? 0;
  const farthest = (of: readonly Quantity[]): number =>
    Math.max(0, ...of.map((one) => reach.get(one.of ?? one) ?? 0));
  const way = (of: readonly Quantity[]): number => {
    const adjoints = of.filter(({ role }) => role === "adjoint");
    return adjoints.length === 0 ? Infinity : Math.max(...adjoints.map((one) => stage(one.of!)));
  };
  const places = (of: readonly Quantity[]): number[] => of.map(stage).sort((a, b) => a - b);
  return {
    factors: (all) => {
      const own = all.flatMap((one) => {
        if (one.role === "adjoint") return one.of!;
        return one.numerator === undefined && one.role !== "parameter" ? one : [];
      });
      const limit = Math.max(...own.map(stage));
      const near = (one: Quantity): number => {
        if (one.numerator) return stage(one.numerator) + 0.5;
        const uses = stages.uses.get(one);
        // of several uses of a parameter, the one that the factors around it belong to
        return uses ? (uses.findLast((use) => use <= limit) ?? uses[0]!) : stage(one);
      };
      const nearest = (of: readonly Quantity[]): number =>
        of.length === 0 ? Infinity : Math.max(...of.map(near));
      return (a, b) => difference(nearest(b), nearest(a));
    },
    terms: (a, b) =>
      farthest(a) - farthest(b) ||
      difference(way(a), way(b)) ||
      b.length - a.length ||
      lexicographic(places(a), places(b)),
    isPositiveFirst: true,
  };
}

/** Compares the first numbers that differ; a list that ends earlier comes first. */
export function lexicographic(a: readonly number[], b: readonly number[]): number {
  for (const [place, one] of a.entries()) {
    const other = b[place];
    if (other === undefined) return 1;
    if (one !== other) return one - other;
  }
  return a.length - b.length;
}

/** Also of infinite places. */
function difference(a: number, b: number): number {
  return a === b ? 0 : a - b;
}
