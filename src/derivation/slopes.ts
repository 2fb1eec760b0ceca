/**
 * Partial derivatives of one definition by differences: the side of a local derivative that is
 * computed without any rule of differentiation.
 */
import type { Decimal } from "decimal.js";
import { axisLetter, type Definition, fullBody } from "../expression/definition.js";
import type { Graph } from "../expression/graph.js";
import { Index } from "../expression/indices.js";
import type { Quantity } from "../expression/quantity.js";
import type { SizeValues } from "../expression/size.js";
import { references } from "../expression/walk.js";
import { decimalArithmetic } from "../numeric/decimal.js";
import { interpret } from "../numeric/interpret.js";
import { Lowering } from "../numeric/lower.js";
import type { Rounded } from "../numeric/rounding.js";
import type { Valuation } from "./valuation.js";

/** Digits of the differences; with a step of 10⁻²⁰ an error is below 10⁻³⁸ of the values. */
const DIGITS = 60;
const STEP = "1e-20";

const arithmetic = decimalArithmetic(DIGITS);

/**
 * ∂u/∂v at one entry of each, everything else in the definition of u held fixed: the central
 * difference (f(v + h) − f(v − h)) / 2h in decimals.
 * @param definition of u
 * @param row indices of the entry of u, from 0
 * @param column indices of the entry of v
 * @returns undefined where u is put together from several clauses
 * @throws RangeError for an entry that u or v has not, which happens where sizes are narrowed.
 */
export function slope(
  graph: Graph,
  definition: Definition,
  of: Quantity,
  { row, column }: { readonly row: readonly number[]; readonly column: readonly number[] },
  { sizes, entries }: Valuation<Rounded>,
): number | undefined {
  const { shape } = definition.quantity;
  entryPosition(definition.quantity, row, sizes);
  const place = entryPosition(of, column, sizes);
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
    if (own) given.set(quantity, decimals(own));
  }
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

/** Of the values of a point, which many slopes are taken at. */
const converted = new WeakMap<readonly Rounded[], readonly Decimal[]>();

function decimals(values: readonly Rounded[]): readonly Decimal[] {
  let found = converted.get(values);
  if (!found) {
    found = values.map(({ value }) => arithmetic.double(value));
    converted.set(values, found);
  }
  return found;
}

/** The position of an entry in the flat values of a quantity, rows first. */
function entryPosition(
  { name, shape }: Quantity,
  indices: readonly number[],
  sizes: SizeValues,
): number {
  return shape.reduce((position, size, axis) => {
    const [length, index] = [size.evaluate(sizes), indices[axis]!];
    if (index >= length) throw new RangeError(`${name} has no entry ${indices.join(", ")}`);
    return position * length + index;
  }, 0);
}
