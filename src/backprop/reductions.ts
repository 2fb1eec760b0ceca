/**
 * Functions of slices: of all entries, of every column (dim 1) or of every row (dim 2).
 * A reduction gives one number a slice, softmax and logsoftmax give a slice back.
 */
import { InputError, type Place } from "../language/source.js";
import {
  type ReductionRow,
  rowIn,
  type Rows,
  type Scalar,
  type Slice,
  type SliceRow,
} from "./field.js";
import { column, type Matrix, tabulated } from "./matrices.js";
import { describe } from "./shape.js";
import type { Shape, Tape, Value } from "./tape.js";

export type Dim = 1 | 2;
type Doubles = readonly number[];

function total(slice: Doubles): number {
  return slice.reduce((sum, entry) => sum + entry, 0);
}

function greatest(slice: Doubles): number {
  return slice.reduce((most, entry) => Math.max(most, entry), -Infinity);
}

function least(slice: Doubles): number {
  return slice.reduce((most, entry) => Math.min(most, entry), Infinity);
}

/** log Σ exp(x − m) with m = max x: nothing overflows, and log1p keeps what is small beside a 1. */
function shiftedLog(slice: Doubles, most: number): number {
  const at = slice.indexOf(most);
  return Math.log1p(total(slice.toSpliced(at, 1).map((entry) => Math.exp(entry - most))));
}

function logSumExp(slice: Doubles): number {
  const most = greatest(slice);
  return Number.isFinite(most) ? most + shiftedLog(slice, most) : most;
}

function softmax(slice: Doubles): Doubles {
  const most = greatest(slice);
  const powers = slice.map((entry) => Math.exp(entry - most));
  const sum = total(powers);
  return powers.map((power) => power / sum);
}

/** 1/(number of ties) where the entry is the extreme y, else 0. */
function tieShares(slice: Doubles, y: number): Doubles {
  const ties = slice.filter((entry) => entry === y).length;
  return slice.map((entry) => (entry === y ? 1 / ties : 0));
}

interface DoubleReduction {
  readonly value: (x: Doubles) => number;
  readonly gradient: (x: Doubles, y: number) => Doubles;
}

const REDUCTION_ROWS: Readonly<Record<string, DoubleReduction>> = {
  sum: { value: total, gradient: (x) => x.map(() => 1) },
  mean: { value: (x) => total(x) / x.length, gradient: (x) => x.map(() => 1 / x.length) },
  max: { value: greatest, gradient: tieShares },
  min: { value: least, gradient: tieShares },
  logsumexp: { value: logSumExp, gradient: softmax },
};
export const REDUCTIONS: Rows<ReductionRow> = new Map(Object.entries(REDUCTION_ROWS));

interface DoubleSlices {
  readonly value: (x: Doubles) => Doubles;
  readonly pullback: (adjoint: Doubles, x: Doubles, y: Doubles) => Doubles;
}

const SLICE_ROWS: Readonly<Record<string, DoubleSlices>> = {
  // ∂y_i/∂x_j = y_i (δ_ij − y_j), so x̄ = y ⊙ (ȳ − ⟨ȳ, y⟩)
  softmax: {
    value: softmax,
    pullback: (adjoint, _x, y) => {
      const mean = total(adjoint.map((entry, i) => entry * y[i]!));
      return adjoint.map((entry, i) => y[i]! * (entry - mean));
    },
  },
  // ∂y_i/∂x_j = δ_ij − softmax(x)_j, so x̄ = ȳ − softmax(x) Σ ȳ
  logsoftmax: {
    value: (x) => {
      const most = greatest(x);
      const log = shiftedLog(x, most);
      return x.map((entry) => entry - most - log);
    },
    pullback: (adjoint, x) => {
      const sum = total(adjoint);
      const shares = softmax(x);
      return adjoint.map((entry, i) => entry - shares[i]! * sum);
    },
  },
};
export const SLICES: Rows<SliceRow> = new Map(Object.entries(SLICE_ROWS));

function slicesOf(rows: Matrix, dim: Dim | undefined): readonly Slice[] {
  if (dim === undefined) return [rows.flat()];
  return dim === 2 ? rows : rows[0]!.map((_, j) => rows.map((row) => row[j]!));
}

/** The other way: the matrix of a size whose slices these are. */
function fromSlices(
  slices: readonly Slice[],
  dim: Dim | undefined,
  { rows, columns }: Shape,
): Matrix {
  const at = (i: number, j: number): Scalar => {
    if (dim === undefined) return slices[0]![i * columns + j]!;
    return dim === 2 ? slices[i]![j]! : slices[j]![i]!;
  };
  return tabulated(rows, columns, at);
}

/** X [m,n] → y, one entry a slice: a scalar, [n,1] or [m,1]; X̄ has ȳ_s ∂y_s/∂x in slice s. */
export function reduce(tape: Tape, name: string, x: Value, dim: Dim | undefined): Value {
  const { field } = tape;
  const row = rowIn(field.reductions, name);
  const slices = slicesOf(x.matrix, dim);
  const y = slices.map((slice) => row.value(slice));
  // What remains of a scalar is a scalar, of a vector's only column too.
  const isScalar = dim === undefined || x.rank === 0 || (x.rank === 1 && dim === 1);
  return tape.record(column(y), isScalar ? 0 : 1, [
    [
      x,
      (adjoint) => {
        const [adjoints] = slicesOf(adjoint, 1);
        const pulled = slices.map((slice, s) =>
          row.gradient(slice, y[s]!).map((partial) => field.multiply(adjoints![s]!, partial)),
        );
        return fromSlices(pulled, dim, x);
      },
    ],
  ]);
}

/** X [m,n] → Y [m,n], slice by slice. */
export function mapSlices(
  tape: Tape,
  name: string,
  x: Value,
  dim: Dim | undefined,
  place: Place,
): Value {
  if (x.rank === 2 && dim === undefined) {
    throw new InputError(`${name} of a matrix, ${describe(x)}, needs a dimension`, {
      place,
      hint: `${name}(A, 1) goes down the columns, ${name}(A, 2) along the rows`,
    });
  }
  const along = dim ?? 1;
  const slices = slicesOf(x.matrix, along);
  const row = rowIn(tape.field.slices, name);
  const results = slices.map((slice) => row.value(slice));
  return tape.record(fromSlices(results, along, x), x.rank, [
    [
      x,
      (adjoint) => {
        const pulled = slicesOf(adjoint, along).map((slice, s) =>
          row.pullback(slice, slices[s]!, results[s]!),
        );
        return fromSlices(pulled, along, x);
      },
    ],
  ]);
}
