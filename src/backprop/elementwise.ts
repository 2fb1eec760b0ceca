/**
 * Elementwise functions, one row each. Of one operand: y = f(x), Ȳ [m,n] → X̄ = Ȳ ⊙ f′(X) [m,n].
 * A row without a derivative has derivative zero everywhere: nothing is passed back.
 * Conventions at kinks: relu′(0) = abs′(0) = 0, leakyrelu′(0) = slope, elu′(0) = alpha; where a and
 * b are equal, maximum and minimum give each a half.
 */
import { erf } from "./erf.js";
import type { Place } from "../language/source.js";
import type { BinaryRow, Field, Operands, Rows, Scalar, UnaryRow } from "./field.js";
import { rowIn } from "./field.js";
import { each, type Matrix, zip } from "./matrices.js";
import { broadcast, stretch } from "./shape.js";
import type { Shape, Tape, Value } from "./tape.js";

/** 1/(1 + e^−x), without overflow on either side. */
function sigmoid(x: number): number {
  if (x >= 0) return 1 / (1 + Math.exp(-x));
  const power = Math.exp(x);
  return power / (1 + power);
}

/** The density and the distribution function of the standard normal distribution. */
function normalDensity(x: number): number {
  return Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI);
}
function normalDistribution(x: number): number {
  if (x >= -3) return (1 + erf(x / Math.SQRT2)) / 2;
  // Far left 1 + erf cancels: Laplace's continued fraction, φ(x)/(z + 1/(z + 2/(z + 3/(z + …)))).
  let fraction = -x;
  for (let k = 100; k >= 1; k--) fraction = -x + k / fraction;
  return normalDensity(x) / fraction;
}

interface DoubleRow {
  readonly value: (x: number) => number;
  readonly derivative?: (x: number, y: number) => number;
}

const UNARY_ROWS: Readonly<Record<string, DoubleRow>> = {
  exp: { value: Math.exp, derivative: (_x, y) => y },
  log: { value: Math.log, derivative: (x) => 1 / x },
  log1p: { value: Math.log1p, derivative: (x) => 1 / (1 + x) },
  sqrt: { value: Math.sqrt, derivative: (_x, y) => 1 / (2 * y) },
  square: { value: (x) => x * x, derivative: (x) => 2 * x },
  abs: { value: Math.abs, derivative: Math.sign },
  sign: { value: Math.sign },
  sin: { value: Math.sin, derivative: Math.cos },
  cos: { value: Math.cos, derivative: (x) => -Math.sin(x) },
  tan: { value: Math.tan, derivative: (_x, y) => 1 + y * y },
  // 1 − y² and y(1 − y) would cancel where the function is flat.
  tanh: { value: Math.tanh, derivative: (x) => 1 / Math.cosh(x) ** 2 },
  sigmoid: { value: sigmoid, derivative: (x) => sigmoid(x) * sigmoid(-x) },
  softplus: {
    value: (x) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x))),
    derivative: sigmoid,
  },
  relu: { value: (x) => Math.max(x, 0), derivative: (x) => (x > 0 ? 1 : 0) },
  silu: {
    value: (x) => x * sigmoid(x),
    derivative: (x) => sigmoid(x) * (1 + x * sigmoid(-x)),
  },
  gelu: {
    value: (x) => x * normalDistribution(x),
    derivative: (x) => normalDistribution(x) + x * normalDensity(x),
  },
  step: { value: (x) => (x > 0 ? 1 : 0) },
  erf: {
    value: erf,
    derivative: (x) => (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x),
  },
};
export const UNARY: Rows<UnaryRow> = new Map(Object.entries(UNARY_ROWS));

export function applyUnary(tape: Tape, name: string, x: Value): Value {
  const row = rowIn(tape.field.unary, name);
  const y = each(x.matrix, (entry) => row.value(entry));
  if (!row.derivative) return tape.constant(y, x.rank);
  return tape.record(y, x.rank, [
    [
      x,
      (adjoint) =>
        times(
          tape.field,
          adjoint,
          zip(x.matrix, y, (a, b) => row.derivative!(a, b)),
        ),
    ],
  ]);
}

/** −X: X̄ = −Ȳ. */
export function negate(tape: Tape, x: Value): Value {
  const negated = (a: Matrix): Matrix => each(a, (entry) => tape.field.negate(entry));
  return tape.record(negated(x.matrix), x.rank, [[x, negated]]);
}

/** A ⊙ B, and A divided by B entry by entry. */
function times(field: Field, a: Matrix, b: Matrix): Matrix {
  return zip(a, b, (x, y) => field.multiply(x, y));
}
function over(field: Field, a: Matrix, b: Matrix): Matrix {
  return zip(a, b, (x, y) => field.divide(x, y));
}

/** From f, ∂f/∂a and ∂f/∂b of single entries. */
export function entrywise<S extends Scalar>(
  value: (a: S, b: S) => S,
  left?: (a: S, b: S) => S,
  right?: (a: S, b: S) => S,
): BinaryRow {
  const pullback =
    (partial: (a: S, b: S) => S) =>
    (adjoint: Matrix, { a, b }: Operands, field: Field): Matrix =>
      times(field, adjoint, zip(a, b, partial));
  return {
    value: (a, b) => zip(a, b, value),
    ...(left ? { left: pullback(left) } : {}),
    ...(right ? { right: pullback(right) } : {}),
  };
}

function comparison(holds: (a: number, b: number) => boolean): BinaryRow {
  return entrywise((a: number, b: number) => (holds(a, b) ? 1 : 0));
}

/** The share of the first in maximum or minimum: 1, 0 or a half. */
function share(first: number, second: number): number {
  if (first === second) return 1 / 2;
  return first > second ? 1 : 0;
}

/** b a^(b−1); the power 0 is constant, also at a = 0, where the formula is 0·∞. */
function powerByBase(a: number, b: number): number {
  return b === 0 ? 0 : b * a ** (b - 1);
}

/** a^b ln a; 0^b is constantly 0 for b > 0, where the formula is 0·∞. */
function powerByExponent(a: number, b: number): number {
  return a === 0 && b > 0 ? 0 : a ** b * Math.log(a);
}

/** What every field has. */
const ANY_NUMBERS: Readonly<Record<string, BinaryRow>> = {
  add: {
    value: (a, b, field) => zip(a, b, (x, y) => field.add(x, y)),
    left: (adjoint) => adjoint,
    right: (adjoint) => adjoint,
  },
  subtract: {
    value: (a, b, field) => zip(a, b, (x, y) => field.subtract(x, y)),
    left: (adjoint) => adjoint,
    right: (adjoint, _, field) => each(adjoint, (x) => field.negate(x)),
  },
  multiply: {
    value: (a, b, field) => times(field, a, b),
    left: (adjoint, { b }, field) => times(field, adjoint, b),
    right: (adjoint, { a }, field) => times(field, adjoint, a),
  },
  divide: {
    value: (a, b, field) => over(field, a, b),
    left: (adjoint, { b }, field) => over(field, adjoint, b),
    // ∂(a/b)/∂b = −a/b² = −y/b
    right: (adjoint, { b, y }, field) => {
      return each(times(field, adjoint, over(field, y, b)), (x) => field.negate(x));
    },
  },
};
export const ARITHMETIC: Rows<BinaryRow> = new Map(Object.entries(ANY_NUMBERS));

const DOUBLES: Readonly<Record<string, BinaryRow>> = {
  power: entrywise((a: number, b: number) => a ** b, powerByBase, powerByExponent),
  maximum: entrywise(
    (a: number, b: number) => Math.max(a, b),
    (a, b) => share(a, b),
    (a, b) => share(b, a),
  ),
  minimum: entrywise(
    (a: number, b: number) => Math.min(a, b),
    (a, b) => share(b, a),
    (a, b) => share(a, b),
  ),
  less: comparison((a, b) => a < b),
  lessOrEqual: comparison((a, b) => a <= b),
  greater: comparison((a, b) => a > b),
  greaterOrEqual: comparison((a, b) => a >= b),
  equal: comparison((a, b) => a === b),
  unequal: comparison((a, b) => a !== b),
  leakyrelu: entrywise(
    (x: number, slope: number) => (x > 0 ? x : slope * x),
    (x, slope) => (x > 0 ? 1 : slope),
    (x) => (x > 0 ? 0 : x),
  ),
  elu: entrywise(
    (x: number, alpha: number) => (x > 0 ? x : alpha * Math.expm1(x)),
    (x, alpha) => (x > 0 ? 1 : alpha * Math.exp(x)),
    (x) => (x > 0 ? 0 : Math.expm1(x)),
  ),
};
export const BINARY: Rows<BinaryRow> = new Map([...ARITHMETIC, ...Object.entries(DOUBLES)]);

/** Both operands stretched to `shape`, then entry by entry. */
export function applyBinaryAs(
  tape: Tape,
  name: string,
  left: Value,
  right: Value,
  shape: Shape,
): Value {
  const row = rowIn(tape.field.binary, name);
  const a = stretch(tape, left, shape.rows, shape.columns);
  const b = stretch(tape, right, shape.rows, shape.columns);
  const y = row.value(a.matrix, b.matrix, tape.field);
  const operands = { a: a.matrix, b: b.matrix, y };
  const { left: toLeft, right: toRight } = row;
  return tape.record(y, shape.rank, [
    ...(toLeft ? [[a, (adjoint: Matrix) => toLeft(adjoint, operands, tape.field)] as const] : []),
    ...(toRight ? [[b, (adjoint: Matrix) => toRight(adjoint, operands, tape.field)] as const] : []),
  ]);
}

/** @param written what the model calls it, for messages */
export function applyBinary(
  tape: Tape,
  name: string,
  written: string,
  left: Value,
  right: Value,
  place: Place,
): Value {
  return applyBinaryAs(tape, name, left, right, broadcast(left, right, written, place));
}

/** The factor as a scalar, the other's shape: the scaling by `*`. */
export function scale(tape: Tape, factor: Value, x: Value): Value {
  return applyBinaryAs(tape, "multiply", factor, x, x);
}
