/** What is done over and over to mathjs's dense matrices; every matrix here has two axes. */
import type { Matrix } from "mathjs";
import { math } from "./mathjs.js";
import type { Scalar, Slice } from "./field.js";

export type { Matrix };

export function fromRows(rows: readonly Slice[]): Matrix {
  return math().matrix(rows.map((row) => [...row]));
}

export function column(entries: Slice): Matrix {
  return math().matrix(entries.map((entry) => [entry]));
}

export function single(entry: Scalar): Matrix {
  return math().matrix([[entry]]);
}

export function filled(rows: number, columns: number, entry: Scalar): Matrix {
  return math().matrix(Array.from({ length: rows }, () => new Array<Scalar>(columns).fill(entry)));
}

/** The rows themselves, not a copy: to be read only. */
export function rowsOf(a: Matrix): readonly Slice[] {
  return a.valueOf() as Scalar[][];
}

export function sizeOf(a: Matrix): readonly [rows: number, columns: number] {
  const [rows, columns] = a.size();
  return [rows!, columns!];
}

/** The only entry of a 1×1 matrix. */
export function entryOf(a: Matrix): Scalar {
  const [rows, columns] = sizeOf(a);
  if (rows !== 1 || columns !== 1) throw new Error(`one entry expected, ${rows}×${columns} found`);
  return rowsOf(a)[0]![0]!;
}

/** f of every entry. */
export function each<S extends Scalar>(a: Matrix, f: (x: S) => S): Matrix {
  return math().map(a, (x: S) => f(x));
}

/** f of the entries of two matrices of one size. */
export function zip<S extends Scalar>(a: Matrix, b: Matrix, f: (x: S, y: S) => S): Matrix {
  return math().map(a, b, (x: S, y: S) => f(x, y));
}

/** [m,n] → [1,n]: 1ᵀA, and [m,n] → [m,1]: A1. */
export function sumOfRows(a: Matrix): Matrix {
  return math().multiply(filled(1, sizeOf(a)[0], 1), a);
}
export function sumOfColumns(a: Matrix): Matrix {
  return math().multiply(a, filled(sizeOf(a)[1], 1, 1));
}

/** A row or a column as a column. */
export function upright(a: Matrix): Matrix {
  return sizeOf(a)[1] === 1 ? a : math().transpose(a);
}
