/**
 * Partial derivatives of one definition by differences: the side of a local derivative that is
 * computed without any rule of differentiation.
 */
import type { Decimal } from "decimal.js";
import { axisLetter, type Definition, fullBody } from "../expression/definition.js";
import type { Graph } from "../expression/graph.js";
import { Index } from "../expression/indices.js";
import type { Operation } from "../expression/operations/operation.js";
import type { Quantity } from "../expression/quantity.js";
import type { SizeValues } from "../expression/size.js";
import { references } from "../expression/walk.js";
import type { Arithmetic } from "../numeric/arithmetic.js";
import { decimalArithmetic } from "../numeric/decimal.js";
import { interpret, Plans } from "../numeric/interpret.js";
import { Lowering } from "../numeric/lower.js";
import type { Rounded } from "../numeric/rounding.js";
import type { Valuation } from "./valuation.js";

/** Digits of the differences, and their step. */
const DIGITS = 60;
const STEP = "1e-20";
/** The rounding of 60 digits divided by the step, with room for what happens on the way. */
const RESOLUTION = 1e-38;

export interface Slope {
  readonly value: number;
  /** Slopes that differ by less are not told apart. */
  readonly resolution: number;
  /** Whether the slopes to the left and to the right differ, as at 0 of relu: a convention gives the derivative. */
  readonly isAtKink: () => boolean;
}

/** Slopes to both sides of a point differ by the step where there is no kink. */
const SMOOTH = 1e-10;

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
  at: Valuation<Rounded>,
): Slope | undefined {
  const { sizes, entries } = at;
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
  const plans = new Plans();

  const bodies = lowering.definitions.flatMap(({ clauses }) => clauses.map((one) => one.body));
  const given = new Map<Quantity, DecimalEntries>();
  for (const { quantity } of references(bodies)) {
    const own = entries.get(quantity);
    if (own) given.set(quantity, decimals(own));
  }
  const values = given.get(of);
  if (!values) return { value: 0, resolution: 0, isAtKink: () => false };
  const h = arithmetic.double(1).times(STEP);
  const own = rememberingAt(at);
  const value = (by: Decimal): Decimal => {
    const moved = values.at(place).plus(by);
    const shifted = { at: (k: number) => (k === place ? moved : values.at(k)) };
    const point = new Map<Quantity, Pick<DecimalEntries, "at">>(given).set(of, shifted);
    return interpret(lowering.definitions, sizes, point, own, plans).get(entry)![0]!;
  };
  const [after, before] = [value(h), value(h.negated())];
  return {
    value: after.minus(before).dividedBy(h.times(2)).toNumber(),
    resolution: RESOLUTION * Math.max(after.abs().toNumber(), before.abs().toNumber()),
    isAtKink: () => {
      const here = value(arithmetic.double(0));
      const [right, left] = [after.minus(here), here.minus(before)].map((rise) =>
        rise.dividedBy(h).toNumber(),
      );
      return Math.abs(right! - left!) > SMOOTH * Math.max(Math.abs(right!), Math.abs(left!));
    },
  };
}

/** Arithmetics by the points that they were used at. */
const remembering = new WeakMap<Valuation<Rounded>, Arithmetic<Decimal>>();

/**
 * Remembers what functions of one operand gave: two slopes at one point differ in few operands, and
 * an exponential of 60 digits takes as long as a hundred products.
 */
function rememberingAt(at: Valuation<Rounded>): Arithmetic<Decimal> {
  let found = remembering.get(at);
  if (!found) {
    const known = new Map<Operation, Map<string, Decimal>>();
    found = {
      ...arithmetic,
      apply: (operation, args) => {
        const [operand] = args;
        if (!operand || args.length > 1) return arithmetic.apply(operation, args);
        let results = known.get(operation);
        if (!results) known.set(operation, (results = new Map<string, Decimal>()));
        const key = operand.valueOf();
        let result = results.get(key);
        if (!result) results.set(key, (result = arithmetic.apply(operation, args)));
        return result;
      },
    };
    remembering.set(at, found);
  }
  return found;
}

/** The entries of a quantity as decimals, each made when it is read: a slope reads few of them. */
class DecimalEntries {
  private readonly known = new Map<number, Decimal>();

  constructor(private readonly values: readonly Rounded[]) {}

  at(position: number): Decimal {
    let found = this.known.get(position);
    if (!found) {
      found = arithmetic.double(this.values[position]!.value);
      this.known.set(position, found);
    }
    return found;
  }
}

/** Of the values of a point, which many slopes are taken at. */
const converted = new WeakMap<readonly Rounded[], DecimalEntries>();

function decimals(values: readonly Rounded[]): DecimalEntries {
  let found = converted.get(values);
  if (!found) converted.set(values, (found = new DecimalEntries(values)));
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
