/** Loss, values and gradients to any number of digits, or exactly. */
import type { Decimal } from "decimal.js";
import type { Fraction } from "fraction.js";
import type { Quantity } from "../expression/quantity.js";
import { type Model, requireModel } from "../language/model.js";
import { type CheckedPoint, nest, type Point, readPoint } from "../language/point.js";
import { InputError } from "../language/source.js";
import { exactArithmetic } from "./arithmetic.js";
import { boundedArithmetic, knownDigits } from "./bounded.js";
import { decimalsOf } from "./decimal.js";
import { MAX_DIGITS } from "./digits.js";
import { runProgram } from "./interpret.js";
import { type Bounded, toDecimal } from "./scaled.js";
import { type NumericProgram, numericProgram } from "./program.js";

/** Digits on the way beyond those asked for, at first; then four times as many each time. */
const FIRST_GUARD = 20;
/** Guard digits are added up to so many: decimal.js knows π to 1025, and its sine takes twice as many. */
const MOST_DIGITS = 500;
/** Digits that must hold beyond those asked for, so that rounding finds the right last one. */
const SPARE_DIGITS = 5;

type NestedOf<Value> = Value | Value[] | Value[][];

export interface PreciseEvaluation<Value> {
  readonly loss: Value;
  readonly values: Readonly<Record<string, NestedOf<Value>>>;
  readonly gradients: Readonly<Record<string, NestedOf<Value>>>;
}

/**
 * The loss, all values and all gradients in decimals.
 * @param digits significant digits, from 1 to 1000
 * @throws InputError when the point does not fit the model or the digits are out of range.
 */
export function evaluateDecimal(
  model: Model,
  point: Point,
  digits: number,
): PreciseEvaluation<Decimal> {
  if (!Number.isInteger(digits) || digits < 1 || digits > MAX_DIGITS) {
    throw new InputError(
      `the precision is ${digits}; it must be a whole number from 1 to ${MAX_DIGITS}`,
    );
  }
  return evaluateIn(model, point, (program, checked, shown) =>
    runToDigits(program, checked, shown, digits),
  );
}

/**
 * The loss and all gradients as exact fractions; decimals in the point are taken as written.
 * @throws IrrationalError where the model leaves the rational numbers.
 */
export function evaluateExact(model: Model, point: Point): PreciseEvaluation<Fraction> {
  return evaluateIn(model, point, (program, checked) =>
    runProgram(program, checked, exactArithmetic),
  );
}

type Entries<Value> = ReadonlyMap<Quantity, readonly Value[]>;

/** @param run gives the entries of at least the quantities that are shown */
function evaluateIn<Value>(
  model: Model,
  point: Point,
  run: (
    program: NumericProgram,
    checked: CheckedPoint,
    shown: readonly Quantity[],
  ) => Entries<Value>,
): PreciseEvaluation<Value> {
  requireModel(model);
  const checked = readPoint(model, point);
  const named = model.definitions
    .map(({ quantity }) => quantity)
    .filter(({ role }) => role === "definition");
  const program = numericProgram(model, model.params, named);
  const gradients = model.params.map((one) => program.adjoints.get(one)!);
  const entries = run(program, checked, [model.loss, ...named, ...gradients]);
  const read = (quantity: Quantity): NestedOf<Value> =>
    nest(quantity.shape, checked.sizes, entries.get(quantity)!);
  return {
    loss: entries.get(model.loss)![0]!,
    values: Object.fromEntries(named.map((quantity) => [quantity.name, read(quantity)])),
    gradients: Object.fromEntries(
      model.params.map((one, position) => [one.name, read(gradients[position]!)]),
    ),
  };
}

/**
 * Entries to so many significant digits: with as many on the way as their running error bounds ask
 * for, since those that cancel are lost. What the most digits on the way do not settle is rounded to the
 * digits that hold; what they do not tell from 0 is 0.
 * @param shown the quantities whose entries are wanted
 */
export function runToDigits(
  program: NumericProgram,
  point: CheckedPoint,
  shown: readonly Quantity[],
  digits: number,
): Map<Quantity, readonly Decimal[]> {
  const isSettled = (one: Bounded): boolean => knownDigits(one) >= digits + SPARE_DIGITS;
  const compute = (inner: number): Entries<Bounded> => {
    const entries = runProgram(program, point, boundedArithmetic(inner));
    return new Map(shown.map((quantity) => [quantity, entries.get(quantity)!]));
  };
  let guard = FIRST_GUARD;
  let entries = compute(digits + guard);
  while (digits + guard < MOST_DIGITS && ![...entries.values()].flat().every(isSettled)) {
    guard *= 4;
    entries = compute(Math.min(digits + guard, MOST_DIGITS));
  }
  const D = decimalsOf(digits + guard);
  const rounded = (one: Bounded): Decimal => {
    const known = Math.min(digits, knownDigits(one));
    return known === 0 ? new D(0) : toDecimal(D, one).toSignificantDigits(known);
  };
  return new Map([...entries].map(([quantity, list]) => [quantity, list.map(rounded)]));
}
