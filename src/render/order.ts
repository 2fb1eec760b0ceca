/**
 * The order in which terms and factors are written. What a statement defines is written as its author
 * wrote it; in derivatives factors stand from the loss backwards and terms in the order of the loss.
 */
import type { Quantity } from "../expression/quantity.js";
import { references } from "../expression/walk.js";
import type { Model } from "../language/model.js";
import { namesIn } from "../language/syntax.js";

/** Compares pieces by the quantities in them; 0 where it does not matter. */
export interface Order {
  factors(a: readonly Quantity[], b: readonly Quantity[]): number;
  terms(a: readonly Quantity[], b: readonly Quantity[]): number;
}

/** Terms and factors as they come. */
export const UNORDERED: Order = { factors: () => 0, terms: () => 0 };

type Places = ReadonlyMap<Quantity, number>;

export class WritingOrder {
  private readonly derivative: Order;
  private readonly statements = new Map<Quantity, Order>();

  constructor(model: Model) {
    const written = writtenPlaces(model);
    const stages = stagesOf(model);
    this.derivative = derivativeOrder(stages, reachOf(model, written.get(model.loss)));
    for (const [quantity, places] of written) {
      this.statements.set(quantity, statementOrder(places, stages));
    }
  }

  /** @param defined the quantity whose definition is written; undefined for a derivative */
  of(defined: Quantity | undefined): Order {
    return (defined && this.statements.get(defined)) ?? this.derivative;
  }
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

/**
 * From inputs to loss: a quantity stands where it is defined, an input where it is first used, a
 * parameter where it is last used: before what it is multiplied with, wherever that is.
 */
function stagesOf(model: Model): Places {
  const stages = new Map<Quantity, number>();
  for (const [position, { quantity, clauses }] of model.definitions.entries()) {
    stages.set(quantity, position + 1);
    for (const used of references(clauses.map(({ body }) => body))) {
      const isLater = used.quantity.role === "parameter" || !stages.has(used.quantity);
      if (isLater) stages.set(used.quantity, position + 0.75);
    }
  }
  return stages;
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
function statementOrder(written: Places, stages: Places): Order {
  const place = (one: Quantity): number =>
    written.get(one) ?? written.size + (stages.get(one) ?? 0);
  const places = (of: readonly Quantity[]): number[] => of.map(place).sort((a, b) => a - b);
  const compare: Order["terms"] = (a, b) => lexicographic(places(a), places(b));
  return { factors: compare, terms: compare };
}

/** Factors by the quantity that is nearest to the loss; a derivative just before its numerator. */
function derivativeOrder(stages: Places, reach: Places): Order {
  const stage = (one: Quantity): number =>
    one.numerator ? (stages.get(one.numerator) ?? 0) + 0.5 : (stages.get(one) ?? 0);
  const nearest = (of: readonly Quantity[]): number =>
    of.length === 0 ? Infinity : Math.max(...of.map(stage));
  const farthest = (of: readonly Quantity[]): number =>
    Math.max(0, ...of.map((one) => reach.get(one.of ?? one) ?? 0));
  return {
    factors: (a, b) => difference(nearest(b), nearest(a)),
    terms: (a, b) => farthest(a) - farthest(b),
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
