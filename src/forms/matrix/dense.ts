import type { Over } from "./expression.js";

/** A matrix, rows first. A vector is n×1, a scalar 1×1. */
export interface Dense<Value> {
  readonly rows: number;
  readonly columns: number;
  readonly entries: readonly Value[];
}

export function dense<Value>(
  rows: number,
  columns: number,
  entry: (row: number, column: number) => Value,
): Dense<Value> {
  const entries: Value[] = [];
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) entries.push(entry(row, column));
  }
  return { rows, columns, entries };
}

export function scalar<Value>(value: Value): Dense<Value> {
  return { rows: 1, columns: 1, entries: [value] };
}

export function at<Value>({ columns, entries }: Dense<Value>, row: number, column: number): Value {
  return entries[row * columns + column]!;
}

export function map<Value>(matrix: Dense<Value>, f: (value: Value) => Value): Dense<Value> {
  return { ...matrix, entries: matrix.entries.map(f) };
}

export function transposed<Value>(matrix: Dense<Value>): Dense<Value> {
  return dense(matrix.columns, matrix.rows, (row, column) => at(matrix, column, row));
}

export function checkInner(columns: number, rows: number): void {
  if (columns !== rows) throw new RangeError(`${columns} columns times ${rows} rows`);
}

export function elementwise<Value>(
  a: Dense<Value>,
  b: Dense<Value>,
  f: (a: Value, b: Value) => Value,
): Dense<Value> {
  if (a.rows !== b.rows || a.columns !== b.columns) {
    throw new RangeError(`${a.rows}×${a.columns} with ${b.rows}×${b.columns}`);
  }
  return dense(a.rows, a.columns, (row, column) => f(at(a, row, column), at(b, row, column)));
}

/** One value for each row, each column, or everything. */
export function reduced<Value>(
  matrix: Dense<Value>,
  over: Over,
  reduce: (values: readonly Value[]) => Value,
): Dense<Value> {
  const { rows, columns, entries } = matrix;
  if (over === "all") return scalar(reduce(entries));
  const row = (index: number): Value[] =>
    Array.from({ length: columns }, (_, column) => at(matrix, index, column));
  const column = (index: number): Value[] =>
    Array.from({ length: rows }, (_, row) => at(matrix, row, index));
  return over === "row"
    ? dense(rows, 1, (index) => reduce(row(index)))
    : dense(1, columns, (_, index) => reduce(column(index)));
}
