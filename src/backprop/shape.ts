/** Broadcasting and everything that only moves entries: transpose, index, literals, concat, diag. */
import { InputError, type Place } from "../language/source.js";
import type { Scalar } from "./field.js";
import {
  column,
  type Matrix,
  single,
  sumOfColumns,
  sumOfRows,
  tabulated,
  transposed,
} from "./matrices.js";
import type { Rank, Shape, Tape, Value } from "./tape.js";

/** More entries than this in one matrix are refused before they are allocated. */
const MAX_ENTRIES = 2 ** 25;

export function checkSize(rows: number, columns: number, place: Place): void {
  if (rows * columns <= MAX_ENTRIES) return;
  throw new InputError(`${rows}×${columns} entries are more than the ${MAX_ENTRIES} of a matrix`, {
    place,
  });
}

export function hasOneEntry({ rows, columns }: Shape): boolean {
  return rows === 1 && columns === 1;
}

export function describe({ rows, columns, rank }: Shape): string {
  if (rank === 0) return "a scalar";
  return rank === 1 ? `a vector of ${rows}` : `${rows}×${columns}`;
}

/** The whole numbers from..to, both included. */
export function span(from: number, to: number): number[] {
  return Array.from({ length: to - from + 1 }, (_, position) => from + position);
}

/** The common shape of two operands, of which one may be stretched along axes of size 1. */
export function broadcast(a: Shape, b: Shape, name: string, place: Place): Shape {
  const [aOne, bOne] = [hasOneEntry(a), hasOneEntry(b)];
  if (aOne && bOne) return a.rank >= b.rank ? a : b;
  if (aOne) return b;
  if (bOne) return a;
  const fits = (small: number, large: number): boolean => small === large || small === 1;
  if (fits(a.rows, b.rows) && fits(a.columns, b.columns)) return { ...b, rank: wider(a, b) };
  if (fits(b.rows, a.rows) && fits(b.columns, a.columns)) return { ...a, rank: wider(a, b) };
  const bothStretch =
    (fits(a.rows, b.rows) || fits(b.rows, a.rows)) &&
    (fits(a.columns, b.columns) || fits(b.columns, a.columns));
  throw new InputError(
    `${name}: the shapes disagree: the left side is ${describe(a)}, the right side is ${describe(b)}`,
    {
      place,
      hint: bothStretch ? "a broadcast stretches one side only; transpose one (')" : undefined,
    },
  );
}

function wider(a: Shape, b: Shape): Rank {
  return a.rank >= b.rank ? a.rank : b.rank;
}

/**
 * Repeats a row, a column or one entry: Y = 1 X, X 1ᵀ or 1 X 1ᵀ.
 * Ȳ [rows,columns] → X̄, of X's size: the sum over what was repeated, 1ᵀ Ȳ, Ȳ 1 or 1ᵀ Ȳ 1.
 */
export function stretch(tape: Tape, x: Value, rows: number, columns: number): Value {
  const down = x.rows !== rows;
  const across = x.columns !== columns;
  if (!down && !across) return x;
  if ((down && x.rows !== 1) || (across && x.columns !== 1)) {
    throw new Error(`${describe(x)} cannot be stretched to ${rows}×${columns}`);
  }
  const { matrix } = x;
  const y = tabulated(rows, columns, (i, j) => matrix[down ? 0 : i]![across ? 0 : j]!);
  return tape.record(y, 2, [
    [
      x,
      (adjoint) => {
        const once = down ? sumOfRows(tape.field, adjoint) : adjoint;
        return across ? sumOfColumns(tape.field, once) : once;
      },
    ],
  ]);
}

/** Y = Xᵀ: Ȳ [n,m] → X̄ = Ȳᵀ [m,n]. A vector becomes a row, a matrix 1×n. */
export function transpose(tape: Tape, x: Value): Value {
  if (x.rank === 0) return x;
  return tape.record(transposed(x.matrix), 2, [[x, transposed]]);
}

/** The entries of some rows and columns, counted from 0. */
function block(a: Matrix, rows: readonly number[], columns: readonly number[]): Matrix {
  return rows.map((i) => columns.map((j) => a[i]![j]!));
}

/** The places, from 0, that one position of an index picks; a single number drops its axis. */
export interface Picks {
  readonly at: readonly number[];
  readonly drops: boolean;
}

/**
 * Y = X[rows, columns]: Ȳ → X̄ is zero but for X̄[rows, columns] = Ȳ. Where only the rows are
 * dropped, the row that is left becomes a vector, a column: then Ȳᵀ.
 */
export function pick(tape: Tape, x: Value, rows: Picks, columns: Picks): Value {
  const picked = block(x.matrix, rows.at, columns.at);
  const turned = rows.drops && !columns.drops;
  const kept = (rows.drops ? 0 : 1) + (columns.drops ? 0 : 1);
  return tape.record(turned ? transposed(picked) : picked, kept as Rank, [
    [
      x,
      (adjoint) => {
        const own = turned ? transposed(adjoint) : adjoint;
        const placed = Array.from({ length: x.rows }, () => {
          return new Array<Scalar>(x.columns).fill(tape.field.zero);
        });
        for (const [i, row] of rows.at.entries()) {
          for (const [j, k] of columns.at.entries()) placed[row]![k] = own[i]![j]!;
        }
        return placed;
      },
    ],
  ]);
}

/** [a, b; c, d] of one-entry values: Ȳ [m,n] → the adjoint of the entry at i, j is Ȳ[i,j]. */
export function assemble(tape: Tape, rows: readonly (readonly Value[])[], rank: Rank): Value {
  const entry = (a: Matrix, i: number, j: number): Scalar => a[i]![j]!;
  return tape.record(
    rows.map((row) => row.map(({ matrix }) => entry(matrix, 0, 0))),
    rank,
    rows.flatMap((row, i) =>
      row.map((value, j) => [value, (adjoint: Matrix) => single(entry(adjoint, i, j))] as const),
    ),
  );
}

/**
 * dim 1: the parts below each other, dim 2: beside each other.
 * Ȳ → the adjoint of a part is the block of Ȳ where the part stands.
 */
export function concatenate(tape: Tape, parts: readonly Value[], dim: 1 | 2, place: Place): Value {
  const [along, across] =
    dim === 1 ? (["rows", "columns"] as const) : (["columns", "rows"] as const);
  const first = parts[0]!;
  for (const part of parts) {
    if (part[across] !== first[across]) {
      throw new InputError(
        `concat: the ${across} disagree: the first part is ${describe(first)}, another is ${describe(part)}`,
        { place },
      );
    }
  }
  let next = 0;
  const links = parts.map((part) => {
    const own = span(next, next + part[along] - 1);
    const all = span(0, part[across] - 1);
    const [at, beside] = dim === 1 ? [own, all] : [all, own];
    next += part[along];
    return [part, (adjoint: Matrix) => block(adjoint, at, beside)] as const;
  });
  const matrices = parts.map(({ matrix }) => matrix);
  const y =
    dim === 1
      ? matrices.flat()
      : matrices[0]!.map((_, i) => matrices.flatMap((matrix) => matrix[i]!));
  const isVector = dim === 1 && parts.every(({ rank }) => rank < 2);
  return tape.record(y, isVector ? 1 : 2, links);
}

function diagonalMatrix(v: Matrix, zero: Scalar): Matrix {
  return v.map(([entry], i) => v.map((_, j) => (i === j ? entry! : zero)));
}

function diagonalOf(a: Matrix): Matrix {
  return column(a.map((row, i) => row[i]!));
}

/** Vector v → diag(v): Ȳ [n,n] → v̄ = its diagonal [n,1]. Matrix A → its diagonal: ȳ → Ā = diag(ȳ). */
export function diagonal(tape: Tape, x: Value, place: Place): Value {
  const { zero } = tape.field;
  if (x.rank === 1) {
    checkSize(x.rows, x.rows, place);
    return tape.record(diagonalMatrix(x.matrix, zero), 2, [[x, diagonalOf]]);
  }
  if (x.rank === 0 || x.rows !== x.columns) {
    throw new InputError(`diag takes a vector or a square matrix, not ${describe(x)}`, { place });
  }
  return tape.record(diagonalOf(x.matrix), 1, [[x, (adjoint) => diagonalMatrix(adjoint, zero)]]);
}
