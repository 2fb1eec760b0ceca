/** What the tape computes with: doubles, or fractions for models that stay rational. */
import type { Fraction } from "fraction.js";
import type { Matrix } from "./matrices.js";

/** All scalars of one tape are of one kind: those of its field. */
export type Scalar = number | Fraction;
export type Slice = readonly Scalar[];

/** f(x) and f′(x), where that is shorter in terms of y = f(x). */
export interface UnaryRow {
  value(x: Scalar): Scalar;
  derivative?(x: Scalar, y: Scalar): Scalar;
}

export interface Operands {
  readonly a: Matrix;
  readonly b: Matrix;
  readonly y: Matrix;
}

/** Y = f(A, B), all [m,n]: Ȳ → Ā by `left`, B̄ by `right`. */
export interface BinaryRow {
  readonly value: (a: Matrix, b: Matrix, field: Field) => Matrix;
  readonly left?: (adjoint: Matrix, operands: Operands, field: Field) => Matrix;
  readonly right?: (adjoint: Matrix, operands: Operands, field: Field) => Matrix;
}

/** y = f(x) of one slice, and ∂y/∂x, entry by entry: ȳ → x̄ = ȳ ∂y/∂x. */
export interface ReductionRow {
  value(x: Slice): Scalar;
  gradient(x: Slice, y: Scalar): Slice;
}

/** y = f(x) of one slice, and ȳ → x̄ = (∂y/∂x)ᵀ ȳ, all of the slice's length. */
export interface SliceRow {
  value(x: Slice): Slice;
  pullback(adjoint: Slice, x: Slice, y: Slice): Slice;
}

export type Rows<Row> = ReadonlyMap<string, Row>;

/**
 * Scalars and the functions of them, by name. The implementations take their own kind of scalar
 * only (methods, unlike functions, may); a tape never mixes two fields.
 */
export interface Field {
  readonly zero: Scalar;
  readonly one: Scalar;
  /** The number that a decimal names. */
  number(written: string): Scalar;
  /** @throws NotRationalError where the field has no such number. */
  constant(name: "pi" | "e"): Scalar;
  /** A matrix of doubles in this field. */
  lift(doubles: Matrix): Matrix;
  add(a: Scalar, b: Scalar): Scalar;
  subtract(a: Scalar, b: Scalar): Scalar;
  negate(x: Scalar): Scalar;
  multiply(a: Scalar, b: Scalar): Scalar;
  divide(a: Scalar, b: Scalar): Scalar;
  /** √Σ x². @throws NotRationalError where the field has no such number. */
  norm(x: Slice): Scalar;
  readonly unary: Rows<UnaryRow>;
  readonly binary: Rows<BinaryRow>;
  readonly reductions: Rows<ReductionRow>;
  readonly slices: Rows<SliceRow>;
}

/** Raised where a computation in fractions leaves the rational numbers. */
export class NotRationalError extends Error {
  constructor(name: string) {
    super(`${name} is not rational`);
  }
}

/** @throws NotRationalError for a function that the field does not have. */
export function rowIn<Row>(rows: Rows<Row>, name: string): Row {
  const row = rows.get(name);
  if (!row) throw new NotRationalError(name);
  return row;
}
