/**
 * Partial derivatives of one definition by differences: the side of a local derivative that is
 * computed without any rule of differentiation.
 */
import type { Decimal } from "decimal.js";
import { axisLetter, type Definition, fullBody } from "../expression/definition.js";
import type { Graph } from "../expression/graph.js";
import { Index } from "../expression/indices.js";
import type { Quantity } from "../expression/quantity.js";
import { references } from "../expression/walk.js";
import { decimalArithmetic } from "../numeric/decimal.js";
import { interpret } from "../numeric/interpret.js";
import { Lowering } from "../numeric/lower.js";
import type { Rounded } from "../numeric/rounding.js";
import type { Valuation } from "./valuation.js";

/** Digits of the differences; with a step of 10⁻¹³ some 20 of them are right. */
const DIGITS = 36;
const STEP = "1e-13";

const arithmetic = decimalArithmetic(DIGITS);

/**
 * ∂u/∂v at one entry of each, everything else in the definition of u held fixed: the central
 * difference (f(v + h) − f(v − h)) / 2h in decimals.
 * @param definition of u
 * @param row indices of the entry of u, from 0
 * @param column indices of the entry of v
 * @returns undefined where u is put together from several clauses
 */
export function slope(
  graph: Graph,
  definition: Definition,
  of: Quantity,
  { row, column }: { readonly row: readonly number[]; readonly column: readonly number[] },
  { sizes, entries }: Valuation<Rounded>,
): number | undefined {
  const { shape } = definition.quantity;
  const body = fullBody(shape, definition.clauses);
  if (!body) return undefined;
  const pinned = new Map(
    shape.map((size, axis) => [axisLetter(axis, size).key, Index.number(row[axis]!)]),
  );
  const entry: Quantity = { name: "entry", role: "auxiliary", shape: [] };
  const lowering = new Lowering(graph);
  const clause = { letters: [], indices: [], body: graph.substitute(body, pinned) };
  lowering.add({ quantity: entry, clauses: [clause] });

  const bodies = lowering.definitions.flatMap(({ clauses }) => clauses.map((one) => one.body));
  const given = new Map<Quantity, readonly Decimal[]>();
  for (const { quantity } of references(bodies)) {
    const own = entries.get(quantity);
    if (own)
      given.set(
        quantity,
        own.map(({ value }) => arithmetic.double(value)),
      );
  }
  const place = of.shape.reduce(
    (position, size, axis) => position * size.evaluate(sizes) + column[axis]!,
    0,
  );
  const values = given.get(of);
  if (!values) return 0;
  const h = arithmetic.double(1).times(STEP);
  const at = (moved: Decimal): Decimal => {
    const shifted = values.with(place, values[place]!.plus(moved));
    const point = new Map(given).set(of, shifted);
    return interpret(lowering.definitions, sizes, point, arithmetic).get(entry)![0]!;
  };
  return at(h).minus(at(h.negated())).dividedBy(h.times(2)).toNumber();
}
