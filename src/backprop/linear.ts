/** Linear algebra; see Giles, "Collected matrix derivative results for forward and reverse mode AD" (2008). */
import { InputError, type Place } from "../language/source.js";
import { applyBinaryAs, scale } from "./elementwise.js";
import type { Field, Scalar } from "./field.js";
import {
  each,
  entryOf,
  type Matrix,
  multiplied,
  single,
  tabulated,
  transposed,
  upright,
} from "./matrices.js";
import { checkSize, describe, hasOneEntry } from "./shape.js";
import type { Shape, Tape, Value } from "./tape.js";

/**
 * Y [m,n] = A [m,k] B [k,n]: Ȳ [m,n] → Ā = Ȳ Bᵀ [m,k], B̄ = Aᵀ Ȳ [k,n].
 * A scalar, or one entry where the inner sizes differ, scales instead.
 */
export function product(tape: Tape, a: Value, b: Value, place: Place): Value {
  if (a.rank === 0) return scale(tape, a, b);
  if (b.rank === 0) return scale(tape, b, a);
  if (a.columns !== b.rows) {
    if (hasOneEntry(a)) return scale(tape, a, b);
    if (hasOneEntry(b)) return scale(tape, b, a);
    throw new InputError(
      `*: inner sizes differ: the left side is ${describe(a)}, the right side is ${describe(b)}`,
      { place, hint: "the elementwise product is .*, the transpose is '" },
    );
  }
  checkSize(a.rows, b.columns, place);
  const { field } = tape;
  return tape.record(multiplied(field, a.matrix, b.matrix), b.rank === 1 ? 1 : 2, [
    [a, (adjoint) => multiplied(field, adjoint, transposed(b.matrix))],
    [b, (adjoint) => multiplied(field, transposed(a.matrix), adjoint)],
  ]);
}

function oneEntry(x: Value, what: string, place: Place): void {
  if (!hasOneEntry(x)) {
    throw new InputError(`${what} must be a scalar, not ${describe(x)}`, {
      place,
      hint: "elementwise operators start with a dot",
    });
  }
}

/** Y = A / b: as A ./ b, in the shape of A. */
export function quotient(tape: Tape, a: Value, b: Value, place: Place): Value {
  oneEntry(b, "the divisor of /", place);
  return applyBinaryAs(tape, "divide", a, b, a);
}

export function power(tape: Tape, base: Value, exponent: Value, place: Place): Value {
  oneEntry(base, "the base of ^", place);
  oneEntry(exponent, "the exponent of ^", place);
  const shape = base.rank >= exponent.rank ? base : exponent;
  return applyBinaryAs(tape, "power", base, exponent, shape);
}

function isLine({ rows, columns }: Shape): boolean {
  return rows === 1 || columns === 1;
}

/** A column in the direction of `shape`, a row or a column. */
function laidAs(line: Matrix, { columns }: Shape): Matrix {
  return columns === 1 ? line : transposed(line);
}

/** y = uᵀv: ȳ → ū = ȳ v, v̄ = ȳ u, each laid as u or v lies. */
export function dot(tape: Tape, u: Value, v: Value, place: Place): Value {
  const isFit = isLine(u) && isLine(v) && u.rows * u.columns === v.rows * v.columns;
  if (!isFit) {
    throw new InputError(
      `dot takes two vectors with equally many entries, not ${describe(u)} and ${describe(v)}`,
      { place },
    );
  }
  const [left, right] = [upright(u.matrix), upright(v.matrix)];
  const { field } = tape;
  return tape.record(multiplied(field, transposed(left), right), 0, [
    [u, (adjoint) => laidAs(multiplied(field, right, adjoint), u)],
    [v, (adjoint) => laidAs(multiplied(field, left, adjoint), v)],
  ]);
}

/** y = √(vᵀv): ȳ → v̄ = ȳ v / y; at v = 0, where that is 0/0, by convention 0. */
export function norm(tape: Tape, v: Value, place: Place): Value {
  if (!isLine(v)) {
    throw new InputError(`norm takes a vector, not ${describe(v)}`, {
      place,
      hint: "the Frobenius norm is sqrt(sum(A.^2))",
    });
  }
  const { field } = tape;
  const y = field.norm(v.matrix.flat());
  const scaled = (factor: Scalar): Matrix =>
    each(v.matrix, (entry) =>
      y === 0 ? field.zero : field.multiply(factor, field.divide(entry, y)),
    );
  return tape.record(single(y), 0, [[v, (adjoint) => scaled(entryOf(adjoint))]]);
}

/** y = Σ_i A_ii: ȳ → Ā = ȳ I [n,n]. */
export function trace(tape: Tape, a: Value, place: Place): Value {
  if (a.rows !== a.columns) {
    throw new InputError(`trace takes a square matrix, not ${describe(a)}`, { place });
  }
  const { field } = tape;
  const y = a.matrix.reduce((sum, row, i) => field.add(sum, row[i]!), field.zero);
  const diagonal = (entry: Scalar): Matrix =>
    tabulated(a.rows, a.columns, (i, j) => (i === j ? entry : field.zero));
  return tape.record(single(y), 0, [[a, (adjoint) => diagonal(entryOf(adjoint))]]);
}

/** ⟨X, Y⟩ = Σ X_ij Y_ij, of two blocks given by their entries. */
function innerProduct(
  field: Field,
  { rows, columns }: Shape,
  x: (i: number, j: number) => Scalar,
  y: (i: number, j: number) => Scalar,
): Scalar {
  let sum = field.zero;
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) sum = field.add(sum, field.multiply(x(i, j), y(i, j)));
  }
  return sum;
}

/**
 * Y [mp,nq] = A [m,n] ⊗ B [p,q], Y_(ip+k)(jq+l) = A_ij B_kl, indices from 0: Ȳ →
 * Ā_ij = Σ_kl Ȳ_(ip+k)(jq+l) B_kl, B̄_kl = Σ_ij Ȳ_(ip+k)(jq+l) A_ij.
 */
export function kronecker(tape: Tape, a: Value, b: Value, place: Place): Value {
  checkSize(a.rows * b.rows, a.columns * b.columns, place);
  const entries = (x: Matrix) => (i: number, j: number) => x[i]![j]!;
  const [ofA, ofB] = [entries(a.matrix), entries(b.matrix)];
  const y = tabulated(a.rows * b.rows, a.columns * b.columns, (row, column) => {
    const [i, j] = [Math.floor(row / b.rows), Math.floor(column / b.columns)];
    return tape.field.multiply(ofA(i, j), ofB(row % b.rows, column % b.columns));
  });
  const pulled =
    (
      own: Shape,
      other: Shape,
      ofOther: typeof ofA,
      at: (i: number, j: number, k: number, l: number) => [number, number],
    ) =>
    (adjoint: Matrix): Matrix => {
      const ofY = entries(adjoint);
      return tabulated(own.rows, own.columns, (i, j) =>
        innerProduct(tape.field, other, (k, l) => ofY(...at(i, j, k, l)), ofOther),
      );
    };
  return tape.record(y, a.rank >= b.rank ? a.rank : b.rank, [
    [a, pulled(a, b, ofB, (i, j, k, l) => [i * b.rows + k, j * b.columns + l])],
    [b, pulled(b, a, ofA, (k, l, i, j) => [i * b.rows + k, j * b.columns + l])],
  ]);
}
