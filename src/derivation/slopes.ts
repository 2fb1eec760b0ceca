/**
 * Partial derivatives of one definition by differences: the side of a local derivative that is
 * computed without any rule of differentiation.
 */
import type { Decimal } from "decimal.js";
import type { Definition } from "../expression/definition.js";
import type { Quantity } from "../expression/quantity.js";
import { references } from "../expression/walk.js";
import { decimalArithmetic } from "../numeric/decimal.js";
import { interpret } from "../numeric/interpret.js";
import { Lowering } from "../numeric/lower.js";
import type { Graph } from "../expression/graph.js";
import type { Environment } from "./workbench.js";

/** Digits of the differences; with a step of 10⁻²⁰ some 30 of them are right. */
const DIGITS = 60;
const STEP = "1e-20";

const arithmetic = decimalArithmetic(DIGITS);

/**
 * ∂u/∂v at one entry of each, everything else in the definition of u held fixed: the central
 * difference (f(v + h) − f(v − h)) / 2h in decimals.
 * @param row position of the entry of u, rows first
 * @param column position of the entry of v
 */
export function slope(
  graph: Graph,
  definition: Definition,
  of: Quantity,
  { row, column }: { readonly row: number; readonly column: number },
  { sizes, entries }: Environment,
): number {
  const lowering = new Lowering(graph);
  lowering.add(definition);
  const used = new Set(
    references(lowering.definitions.flatMap(({ clauses }) => clauses.map(({ body }) => body))).map(
      ({ quantity }) => quantity,
    ),
  );
  const given = new Map<Quantity, readonly Decimal[]>();
  for (const one of used) {
    const own = entries.get(one);
    if (own) given.set(one, own.map(arithmetic.double));
  }
  const h = arithmetic.double(1).times(STEP);
  const at = (moved: Decimal): Decimal => {
    const shifted = given.get(of)!.with(column, given.get(of)![column]!.plus(moved));
    const values = interpret(
      lowering.definitions,
      sizes,
      new Map(given).set(of, shifted),
      arithmetic,
    );
    return values.get(definition.quantity)![row]!;
  };
  return at(h).minus(at(h.negated())).dividedBy(h.times(2)).toNumber();
}
