/**
 * The order in which terms and factors are written. What a statement defines is written as its author
 * wrote it; in derivatives factors stand from the loss backwards and terms in the order of the loss.
 */
import type { Quantity } from "../../expression/quantity.js";
import type { Expression } from "../../expression/expression.js";
import { coefficients, givenScalars } from "../../expression/given.js";
import { samenessIn } from "../../expression/sameness.js";
import { postorder, references } from "../../expression/walk.js";
import type { SumNode } from "../../forms/matrix/expression.js";
import { type Places, reachOf, type Stages, stagesOf } from "../../forms/ways.js";
import type { Model } from "../../language/model.js";
import { namesIn } from "../../language/syntax.js";
import { Authored, type AuthoredFactor, type AuthoredSummand } from "./authored.js";
import { FRACTIONS, type Numerals } from "./fraction.js";
import { type Difference, differencesIn } from "./differences.js";
import { MatrixSums } from "./matrix-sums.js";
import { numeralsOf } from "./numerals.js";
import { type Comparison, lexicographic } from "./places.js";
import { rememberingUsed, usedIn, type UsedIn } from "./used.js";

/** Compares factors; 0 where it does not matter. */
export type FactorComparison = (a: AuthoredFactor, b: AuthoredFactor) => number;

export interface Order {
  /** The order of a part of a line: of what a statement says, wherever it stands, that of the statement. */
  at(node: Expression): Order;
  /** The same for a sum of matrices. */
  ofSum(sum: SumNode): Order;
  /**
   * The places of the summands of a sum that an author wrote; undefined where no sum of a statement is told.
   * @param summands are told where there is such a sum
   */
  authored(summands: () => readonly AuthoredSummand[]): readonly number[] | undefined;
  /** What the parts of lines name. */
  readonly used: UsedIn;
  /** What the definition of a quantity names. */
  readonly partsOf: (quantity: Quantity) => ReadonlySet<Quantity>;
  /** @param all the quantities of the outermost product whose factors are compared */
  factors(all: readonly Quantity[]): FactorComparison;
  readonly terms: Comparison;
  /**
   * The same by what the lines before say; 0 where they leave it open, so that what is added stands before what is
   * taken away.
   */
  readonly places: Comparison;
  /** Whether a sum of such terms may begin with a minus because the lines before say so. */
  readonly mayBeginWithMinus: (terms: readonly (readonly Quantity[])[]) => boolean;
  /** Equal for parts of lines that are alike whatever their indices are; those of the first lines come first. */
  readonly sameness: (node: Expression) => number;
  /** The differences of entries that statements have, such as y − t. */
  readonly differences: () => readonly Difference[];
  /** Single numbers that are given, such as λ. */
  readonly given: Pick<ReadonlySet<Quantity>, "has">;
  /** Those that are no data: they stand in front. */
  readonly inFront: Pick<ReadonlySet<Quantity>, "has">;
  /** How the model's numbers are written. */
  readonly numerals: Numerals;
}

const SCALAR_INPUTS: Order["given"] = {
  has: ({ role, shape }) => role === "input" && shape.length === 0,
};

/** Terms and factors as they come. */
export const UNORDERED: Order = {
  at: () => UNORDERED,
  ofSum: () => UNORDERED,
  authored: () => undefined,
  used: usedIn,
  partsOf: () => new Set(),
  factors: () => () => 0,
  terms: () => 0,
  places: () => 0,
  mayBeginWithMinus: () => true,
  sameness: ({ id }) => id,
  differences: () => [],
  given: SCALAR_INPUTS,
  inFront: SCALAR_INPUTS,
  numerals: FRACTIONS,
};

/** What differs from line to line. */
type Ordering = Pick<Order, "authored" | "factors" | "terms" | "places" | "mayBeginWithMinus">;

export class WritingOrder {
  private readonly derivative: Order;
  /** Of a gradient step, which begins with what moves. */
  private readonly step: Order;
  private readonly statements = new Map<Quantity, Order>();
  /** What is alike to a sum or product of a statement has the order of the first one. */
  private parts: ReadonlyMap<number, Order> | undefined;

  constructor(private readonly model: Model) {
    const written = writtenPlaces(model);
    const stages = stagesOf(model);
    const scalars = givenScalars(model);
    const numbers = coefficients(model);
    const isData = (one: Quantity): boolean => scalars.has(one) && !numbers.has(one);
    // the rate of a gradient step is no input of the model
    const given: Order["given"] = {
      has: (one) => SCALAR_INPUTS.has(one) || scalars.has(one),
    };
    const inFront: Order["inFront"] = { has: (one) => given.has(one) && !isData(one) };
    const reach = reachOf(model);
    const numerals = numeralsOf(model);
    const at = (node: Expression): Order => this.orderOf(node, this.derivative);
    const sums = new MatrixSums(model);
    const ofSum = (sum: SumNode): Order => this.of(sums.ownerOf(sum));
    const used = rememberingUsed();
    const partsOf = partsIn(model);
    const sameness = (node: Expression): number => samenessIn.of(model.graph).of(node);
    let found: readonly Difference[] | undefined;
    const differences = (): readonly Difference[] => (found ??= differencesIn(model));
    this.derivative = {
      ...derivativeOrder(stages, reach),
      at,
      ofSum,
      used,
      partsOf,
      sameness,
      differences,
      given,
      inFront,
      numerals,
    };
    this.step = {
      ...this.derivative,
      at: (node) => this.orderOf(node, this.step),
      ofSum: (sum) => this.statements.get(sums.ownerOf(sum)!) ?? this.step,
      places: () => 0,
    };
    for (const [quantity, statement] of written) {
      const order: Order = {
        ...statementOrder(statement, stages),
        at: () => order,
        ofSum: () => order,
        used,
        partsOf,
        sameness,
        differences,
        given,
        inFront,
        numerals,
      };
      this.statements.set(quantity, order);
    }
  }

  private orderOf(node: Expression, otherwise: Order): Order {
    if (!isCompound(node)) return otherwise;
    this.parts ??= this.partsOfStatements();
    return this.parts.get(otherwise.sameness(node)) ?? otherwise;
  }

  private partsOfStatements(): ReadonlyMap<number, Order> {
    const found = new Map<number, Order>();
    for (const { quantity, clauses } of this.model.definitions) {
      const order = this.statements.get(quantity);
      if (!order) continue;
      const bodies = clauses.map(({ body }) => body);
      for (const node of postorder(bodies, (one: Expression) => one.children)) {
        if (!isCompound(node)) continue;
        const number = order.sameness(node);
        if (!found.has(number)) found.set(number, order);
      }
    }
    return found;
  }

  /** @param defined the quantity whose definition, or new value, is written; undefined for a derivative */
  of(defined: Quantity | undefined): Order {
    const otherwise = defined?.role === "parameter" ? this.step : this.derivative;
    return (defined && this.statements.get(defined)) ?? otherwise;
  }
}

/** What has terms or factors to be put in order. */
function isCompound({ kind }: Expression): boolean {
  return kind === "sum" || kind === "product";
}

/** What a statement says of the order of what it defines. */
interface Written {
  /** Where it uses other quantities first. */
  readonly places: Places;
  readonly authored: Authored;
  /** What the parts of statements that have no name are made of. */
  readonly unnamed: ReadonlyMap<Quantity, readonly Quantity[]>;
}

/** By the quantities that are defined. */
function writtenPlaces({ program, scope, definitions }: Model): Map<Quantity, Written> {
  const all = new Map<Quantity, Written>();
  const quantityOf = (name: string): Quantity | undefined => scope.get(name)?.quantity;
  const unnamed = new Map<Quantity, readonly Quantity[]>();
  for (const { quantity, clauses } of definitions) {
    if (quantity.role !== "auxiliary") continue;
    const used = references(clauses.map(({ body }) => body)).map((one) => one.quantity);
    unnamed.set(quantity, named(used, unnamed));
  }
  for (const { name, expression } of program.statements) {
    const defined = quantityOf(name);
    if (!defined) continue;
    const used = [...namesIn(expression)].flatMap((one) => quantityOf(one) ?? []);
    const places = new Map(used.map((quantity, place) => [quantity, place]));
    all.set(defined, { places, authored: new Authored(expression, quantityOf), unnamed });
  }
  return all;
}

/** Quantities with what they are made of in the place of those without a name. */
function named(
  used: readonly Quantity[],
  unnamed: ReadonlyMap<Quantity, readonly Quantity[]>,
): readonly Quantity[] {
  return [...new Set(used.flatMap((one) => unnamed.get(one) ?? one))];
}

/** What each definition names, looked for when a line asks. */
function partsIn({ definitions }: Model): Order["partsOf"] {
  const known = new Map<Quantity, ReadonlySet<Quantity>>();
  return (quantity) => {
    let parts = known.get(quantity);
    if (!parts) {
      const clauses = definitions.find((one) => one.quantity === quantity)?.clauses ?? [];
      const used = references(clauses.map(({ body }) => body));
      known.set(quantity, (parts = new Set(used.map((one) => one.quantity))));
    }
    return parts;
  };
}

/** As the author wrote sums and products; else by the first quantity in the statement, then by the next ones. */
function statementOrder({ places: written, authored, unnamed }: Written, stages: Stages): Ordering {
  const place = (one: Quantity): number =>
    written.get(one) ?? written.size + (stages.of.get(one) ?? stages.uses.get(one)?.at(-1) ?? 0);
  const places = (of: readonly Quantity[]): number[] =>
    named(of, unnamed)
      .map(place)
      .sort((a, b) => a - b);
  const compare: Comparison = (a, b) => lexicographic(places(a), places(b));
  // numbers such as ln 2 stand last
  const terms: Comparison = (a, b) =>
    Number(a.length === 0) - Number(b.length === 0) || compare(a, b);
  return {
    authored: (summands) =>
      authored.summands(
        summands().map((one) => ({ ...one, quantities: named(one.quantities, unnamed) })),
      ),
    factors: () => (a, b) =>
      authored.factors(
        { ...a, quantities: named(a.quantities, unnamed) },
        { ...b, quantities: named(b.quantities, unnamed) },
      ) || compare(a.quantities, b.quantities),
    terms,
    places: terms,
    mayBeginWithMinus: () => true,
  };
}

/**
 * Factors by the quantity that is nearest to the loss, a derivative just before its numerator, a complement
 * 1 − a where a is used. Terms
 * in the order of the loss, and those of one part of it as the ways to the loss are named: first the
 * way through what was defined first, which is the longest, and what acts directly last. Terms
 * that are alike in all this stand in the order in which their factors are defined.
 */
function derivativeOrder(stages: Stages, reach: Places): Ordering {
  const stage = (one: Quantity): number => stages.of.get(one) ?? 0;
  // the adjoint is the same in a chain rule and where local derivatives are put in
  const farthest = (of: readonly Quantity[]): number => {
    const adjoints = adjointsAmong(of);
    const own = adjoints.length === 0 ? of : adjoints;
    return Math.max(0, ...own.map((one) => reach.get(one.of ?? one) ?? 0));
  };
  const way = (of: readonly Quantity[]): number => {
    const adjoints = adjointsAmong(of);
    return adjoints.length === 0 ? Infinity : Math.max(...adjoints.map((one) => stage(one.of!)));
  };
  const ways: Comparison = (a, b) => difference(way(a), way(b));
  const isTold = (of: readonly Quantity[]): boolean => of.some((one) => one.numerator);
  const places = (of: readonly Quantity[]): number[] => of.map(stage).sort((a, b) => a - b);
  return {
    authored: () => undefined,
    factors: (all) => {
      // data stand where they are used first, which says nothing of what is around them
      const own = all.flatMap((one) => {
        if (one.role === "adjoint") return one.of!;
        return one.numerator === undefined && one.role !== "parameter" ? one : [];
      });
      const defined = own.filter(({ role }) => role !== "input" && role !== "target");
      const limit = Math.max(...(defined.length > 0 ? defined : own).map(stage));
      const near = (one: Quantity, { isComplement }: AuthoredFactor): number => {
        if (one.numerator) return stage(one.numerator) + 0.5;
        const isUsed = one.role === "parameter" || isComplement === true;
        const uses = isUsed ? stages.uses.get(one) : undefined;
        // of several uses, the one that the factors around it belong to
        return uses ? (uses.findLast((use) => use <= limit) ?? uses[0]!) : stage(one);
      };
      const nearest = (factor: AuthoredFactor): number => {
        const { quantities } = factor;
        return quantities.length === 0
          ? Infinity
          : Math.max(...quantities.map((one) => near(one, factor)));
      };
      return (a, b) => difference(nearest(b), nearest(a));
    },
    terms: (a, b) =>
      farthest(a) - farthest(b) ||
      ways(a, b) ||
      b.length - a.length ||
      lexicographic(places(a), places(b)),
    // what is added comes first where no derivative is left
    mayBeginWithMinus: (all) => all.some(isTold),
    places: (a, b) => (isTold(a) || isTold(b) ? farthest(a) - farthest(b) || ways(a, b) : 0),
  };
}

function adjointsAmong(of: readonly Quantity[]): readonly Quantity[] {
  return of.filter(({ role }) => role === "adjoint");
}

/** Also of infinite places. */
function difference(a: number, b: number): number {
  return a === b ? 0 : a - b;
}
