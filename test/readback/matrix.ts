/** Matrices of numbers, rows first: the little algebra that printed formulas need. */
import { UnreadableError } from "./tokens.js";

export interface Matrix {
  readonly rows: number;
  readonly columns: number;
  readonly data: readonly number[];
}

/** A number of rows and columns, as far as it is known. */
export interface Shape {
  readonly rows: number | undefined;
  readonly columns: number | undefined;
}

export const scalar = (value: number): Matrix => ({ rows: 1, columns: 1, data: [value] });

export const isScalar = ({ rows, columns }: Shape): boolean => rows === 1 && columns === 1;

export function build(
  rows: number,
  columns: number,
  entry: (row: number, column: number) => number,
): Matrix {
  const data = Array.from({ length: rows * columns }, (_, at) =>
    entry(Math.floor(at / columns), at % columns),
  );
  return { rows, columns, data };
}

export const entryOf = ({ columns, data }: Matrix, row: number, column: number): number =>
  data[row * columns + column]!;

/** A number, a list (a column) or rows. */
export function fromNested(value: unknown): Matrix {
  if (!Array.isArray(value)) return scalar(value as number);
  const rows: unknown[] = value;
  const table = rows.map((row) => (Array.isArray(row) ? (row as number[]) : [row as number]));
  return build(table.length, table[0]?.length ?? 0, (row, column) => table[row]![column]!);
}

export const transposed = (a: Matrix): Matrix =>
  build(a.columns, a.rows, (row, column) => entryOf(a, column, row));

/** The matrix product; a scalar scales. */
export function product(a: Matrix, b: Matrix): Matrix {
  if (isScalar(a)) return mapped(b, (value) => a.data[0]! * value);
  if (isScalar(b)) return mapped(a, (value) => b.data[0]! * value);
  if (a.columns !== b.rows) throw new UnreadableError(`${shapeText(a)} times ${shapeText(b)}`);
  return build(a.rows, b.columns, (row, column) => {
    let total = 0;
    for (let k = 0; k < a.columns; k++) total += entryOf(a, row, k) * entryOf(b, k, column);
    return total;
  });
}

export function kronecker(a: Matrix, b: Matrix): Matrix {
  return build(a.rows * b.rows, a.columns * b.columns, (row, column) => {
    const outer = entryOf(a, Math.floor(row / b.rows), Math.floor(column / b.columns));
    return outer * entryOf(b, row % b.rows, column % b.columns);
  });
}

export const mapped = (a: Matrix, apply: (value: number) => number): Matrix => ({
  ...a,
  data: a.data.map(apply),
});

/** Entry by entry. @throws UnreadableError when the shapes differ. */
export function zipped(a: Matrix, b: Matrix, combine: (x: number, y: number) => number): Matrix {
  if (a.rows !== b.rows || a.columns !== b.columns) {
    throw new UnreadableError(`${shapeText(a)} and ${shapeText(b)} entry by entry`);
  }
  return { ...a, data: a.data.map((value, at) => combine(value, b.data[at]!)) };
}

export function shapeText({ rows, columns }: Shape): string {
  return `${rows ?? "?"}×${columns ?? "?"}`;
}
