/** Matrices of the backprop: their rows, all of one length. */
import type { Field, Scalar, Slice } from "./field.js";

export type Matrix = readonly Slice[];

export function column(entries: Slice): Matrix {
  return entries.map((entry) => [entry]);
}

export function single(entry: Scalar): Matrix {
  return [[entry]];
}

export function filled(rows: number, columns: number, entry: Scalar): Matrix {
  return Array.from({ length: rows }, () => new Array<Scalar>(columns).fill(entry));
}

/** The matrix of f(i, j). */
export function tabulated(
  rows: number,
  columns: number,
  f: (i: number, j: number) => Scalar,
): Matrix {
  return Array.from({ length: rows }, (_, i) =>
    Array.from({ length: columns }, (__, j) => f(i, j)),
  );
}

export function sizeOf(a: Matrix): readonly [rows: number, columns: number] {
  return [a.length, a[0]!.length];
}

/** The only entry of a 1×1 matrix. */
export function entryOf(a: Matrix): Scalar {
  const [rows, columns] = sizeOf(a);
  if (rows !== 1 || columns !== 1) throw new Error(`one entry expected, ${rows}×${columns} found`);
  return a[0]![0]!;
}

/** f of every entry. */
export function each<S extends Scalar>(a: Matrix, f: (x: S) => S): Matrix {
  return (a as readonly (readonly S[])[]).map((row) => row.map((x) => f(x)));
}

/**
 * f of the entries of two matrices of one size.
 * @throws Error for other sizes.
 */
export function zip<S extends Scalar>(a: Matrix, b: Matrix, f: (x: S, y: S) => S): Matrix {
  const [rows, columns] = sizeOf(a);
  const [others, width] = sizeOf(b);
  if (rows !== others || columns !== width) {
    throw new Error(`one size expected, ${rows}×${columns} and ${others}×${width} found`);
  }
  const right = b as readonly (readonly S[])[];
  return (a as readonly (readonly S[])[]).map((row, i) => row.map((x, j) => f(x, right[i]![j]!)));
}

/** A [m,k] B [k,n] → [m,n], each sum from its first term to its last. */
export function multiplied(field: Field, a: Matrix, b: Matrix): Matrix {
  const [, inner] = sizeOf(a);
  const [others, columns] = sizeOf(b);
  if (inner !== others) throw new Error(`inner sizes ${inner} and ${others} of a product`);
  return a.map((row) => {
    const entries: Scalar[] = [];
    for (let j = 0; j < columns; j++) {
      let sum = field.multiply(row[0]!, b[0]![j]!);
      for (let k = 1; k < inner; k++) {
        sum = field.add(sum, field.multiply(row[k]!, b[k]![j]!));
      }
      entries.push(sum);
    }
    return entries;
  });
}

/** [m,n] → [n,m]. */
export function transposed(a: Matrix): Matrix {
  const [rows, columns] = sizeOf(a);
  return tabulated(columns, rows, (i, j) => a[j]![i]!);
}

/** [m,n] → [1,n]: 1ᵀA, and [m,n] → [m,1]: A1. */
export function sumOfRows(field: Field, a: Matrix): Matrix {
  return [a.reduce((sums, row) => sums.map((sum, j) => field.add(sum, row[j]!)))];
}
export function sumOfColumns(field: Field, a: Matrix): Matrix {
  return a.map((row) => [row.reduce((sum, entry) => field.add(sum, entry))]);
}

/** A row or a column as a column. */
export function upright(a: Matrix): Matrix {
  return sizeOf(a)[1] === 1 ? a : transposed(a);
}
