/**
 * The field of fractions: the functions of the language whose values and derivatives are rational
 * wherever their operands are. Formulas and conventions are those of the doubles, written anew.
 */
import { Fraction } from "fraction.js";
import { exactDecimal } from "../language/decimal.js";
import { ARITHMETIC, entrywise } from "./elementwise.js";
import {
  type BinaryRow,
  type Field,
  NotRationalError,
  type ReductionRow,
  type UnaryRow,
} from "./field.js";
import { each } from "./matrices.js";

type Slice = readonly Fraction[];

const ZERO = new Fraction(0);
const ONE = new Fraction(1);
const TWO = new Fraction(2);
const HALF = new Fraction(1, 2);

const indicator = (holds: boolean): Fraction => (holds ? ONE : ZERO);
const sign = (x: Fraction): Fraction => new Fraction(x.compare(ZERO));

const UNARY_ROWS: Readonly<Record<string, UnaryRow>> = {
  square: { value: (x: Fraction) => x.mul(x), derivative: (x: Fraction) => x.mul(TWO) },
  abs: { value: (x: Fraction) => x.abs(), derivative: sign },
  sign: { value: sign },
  relu: {
    value: (x: Fraction) => (x.gt(ZERO) ? x : ZERO),
    derivative: (x: Fraction) => indicator(x.gt(ZERO)),
  },
  step: { value: (x: Fraction) => indicator(x.gt(ZERO)) },
};

/** The whole number that an exponent is. */
function wholeExponent(exponent: Fraction): number {
  if (exponent.d !== 1n) throw new NotRationalError("a power");
  return Number(exponent.s * exponent.n);
}

/** a^b for whole b. */
function power(a: Fraction, b: Fraction): Fraction {
  const exponent = wholeExponent(b);
  if (exponent < 0 && a.equals(ZERO)) throw new NotRationalError("1/0");
  return a.pow(new Fraction(exponent));
}

/** The share of the first in maximum or minimum: 1, 0 or a half. */
function share(first: Fraction, second: Fraction): Fraction {
  return first.equals(second) ? HALF : indicator(first.gt(second));
}

const comparison = (holds: (order: number) => boolean): BinaryRow =>
  entrywise((a: Fraction, b: Fraction) => indicator(holds(a.compare(b))));

const BINARY_ROWS: Readonly<Record<string, BinaryRow>> = {
  // ∂/∂b = a^b ln a is not rational: what is asked for its derivative by the exponent throws
  power: entrywise(
    power,
    (a, b) => (b.equals(ZERO) ? ZERO : b.mul(power(a, b.sub(ONE)))),
    (a, b) => {
      if (a.equals(ONE) || (a.equals(ZERO) && b.gt(ZERO))) return ZERO;
      throw new NotRationalError("ln");
    },
  ),
  maximum: entrywise(
    (a: Fraction, b: Fraction) => (a.gt(b) ? a : b),
    (a, b) => share(a, b),
    (a, b) => share(b, a),
  ),
  minimum: entrywise(
    (a: Fraction, b: Fraction) => (a.lt(b) ? a : b),
    (a, b) => share(b, a),
    (a, b) => share(a, b),
  ),
  less: comparison((order) => order < 0),
  lessOrEqual: comparison((order) => order <= 0),
  greater: comparison((order) => order > 0),
  greaterOrEqual: comparison((order) => order >= 0),
  equal: comparison((order) => order === 0),
  unequal: comparison((order) => order !== 0),
  leakyrelu: entrywise(
    (x: Fraction, slope: Fraction) => (x.gt(ZERO) ? x : slope.mul(x)),
    (x, slope) => (x.gt(ZERO) ? ONE : slope),
    (x) => (x.gt(ZERO) ? ZERO : x),
  ),
};

const total = (slice: Slice): Fraction => slice.reduce((sum, entry) => sum.add(entry), ZERO);

/** 1/(number of ties) where the entry is the extreme y, else 0. */
function tieShares(slice: Slice, y: Fraction): Slice {
  const ties = new Fraction(1, slice.filter((entry) => entry.equals(y)).length);
  return slice.map((entry) => (entry.equals(y) ? ties : ZERO));
}

const REDUCTION_ROWS: Readonly<Record<string, ReductionRow>> = {
  sum: { value: total, gradient: (x: Slice) => x.map(() => ONE) },
  mean: {
    value: (x: Slice) => total(x).div(new Fraction(x.length)),
    gradient: (x: Slice) => x.map(() => new Fraction(1, x.length)),
  },
  max: { value: (x: Slice) => x.reduce((a, b) => (b.gt(a) ? b : a)), gradient: tieShares },
  min: { value: (x: Slice) => x.reduce((a, b) => (b.lt(a) ? b : a)), gradient: tieShares },
};

function divide(a: Fraction, b: Fraction): Fraction {
  if (b.equals(ZERO)) throw new NotRationalError("1/0");
  return a.div(b);
}

export const fractions: Field = {
  zero: ZERO,
  one: ONE,
  number: exactDecimal,
  constant: (name) => {
    throw new NotRationalError(name);
  },
  lift: (matrix) => each(matrix, (entry) => exactDecimal(String(entry))),
  add: (a: Fraction, b: Fraction) => a.add(b),
  subtract: (a: Fraction, b: Fraction) => a.sub(b),
  negate: (x: Fraction) => x.neg(),
  multiply: (a: Fraction, b: Fraction) => a.mul(b),
  divide,
  norm: () => {
    throw new NotRationalError("a norm");
  },
  unary: new Map(Object.entries(UNARY_ROWS)),
  binary: new Map([...ARITHMETIC, ["divide", quotientRow()], ...Object.entries(BINARY_ROWS)]),
  reductions: new Map(Object.entries(REDUCTION_ROWS)),
  slices: new Map(),
};

/** a/b: ∂/∂a = 1/b, ∂/∂b = −a/b². */
function quotientRow(): BinaryRow {
  return entrywise(
    divide,
    (_a, b) => divide(ONE, b),
    (a, b) => divide(a, b.mul(b)).neg(),
  );
}
