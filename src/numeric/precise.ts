/** Loss, values and gradients to any number of digits, or exactly. */
import type { Decimal } from "decimal.js";
import type { Fraction } from "fraction.js";
import type { Quantity } from "../expression/quantity.js";
import type { Model } from "../language/model.js";
import { type CheckedPoint, nest, type Point, readPoint } from "../language/point.js";
import { InputError } from "../language/source.js";
import { type Arithmetic, exactArithmetic } from "./arithmetic.js";
import { decimalArithmetic } from "./decimal.js";
import { MAX_DIGITS } from "./digits.js";
import { interpret } from "./interpret.js";
import { type NumericProgram, numericProgram } from "./program.js";

/** Digits that intermediate results have beyond those asked for. */
const GUARD_DIGITS = 20;

type NestedOf<Value> = Value | Value[] | Value[][];

export interface PreciseEvaluation<Value> {
  readonly loss: Value;
  readonly values: Readonly<Record<string, NestedOf<Value>>>;
  readonly gradients: Readonly<Record<string, NestedOf<Value>>>;
}

/**
 * The loss and all gradients in decimals.
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
  return evaluateIn(model, point, decimalArithmetic(digits + GUARD_DIGITS), (value) =>
    value.toSignificantDigits(digits),
  );
}

/**
 * The loss and all gradients as exact fractions; decimals in the point are taken as written.
 * @throws IrrationalError where the model leaves the rational numbers.
 */
export function evaluateExact(model: Model, point: Point): PreciseEvaluation<Fraction> {
  return evaluateIn(model, point, exactArithmetic, (value) => value);
}

function evaluateIn<Value>(
  model: Model,
  point: Point,
  arithmetic: Arithmetic<Value>,
  finish: (value: Value) => Value,
): PreciseEvaluation<Value> {
  const checked = readPoint(model, point);
  const named = model.definitions
    .map(({ quantity }) => quantity)
    .filter(({ role }) => role === "definition");
  const program = numericProgram(model, model.params, named);
  const entries = runProgram(program, checked, arithmetic);
  const read = (quantity: Quantity): NestedOf<Value> =>
    nest(quantity.shape, checked.sizes, entries.get(quantity)!.map(finish));
  return {
    loss: finish(entries.get(model.loss)![0]!),
    values: Object.fromEntries(named.map((quantity) => [quantity.name, read(quantity)])),
    gradients: Object.fromEntries(
      model.params.map((one) => [one.name, read(program.adjoints.get(one)!)]),
    ),
  };
}

/** Entries of everything in a program, at a point. */
export function runProgram<Value>(
  program: NumericProgram,
  { sizes, entries }: CheckedPoint,
  arithmetic: Arithmetic<Value>,
): Map<Quantity, readonly Value[]> {
  const given = new Map<Quantity, readonly Value[]>();
  for (const [quantity, values] of entries)
    given.set(quantity, Array.from(values, arithmetic.double));
  const defined = interpret(program.definitions, sizes, given, arithmetic);
  return new Map([...given, ...defined]);
}
