/** Matrices as people write them by hand: lists of rows. Nothing here knows the engine. */
export type Matrix = number[][];
export type Vector = number[];

export const T = (a: Matrix): Matrix => a[0]!.map((_, j) => a.map((row) => row[j]!));
export const mm = (a: Matrix, b: Matrix): Matrix =>
  a.map((row) => T(b).map((column) => row.reduce((sum, v, k) => sum + v * column[k]!, 0)));
export const mv = (a: Matrix, x: Vector): Vector =>
  a.map((row) => row.reduce((sum, v, k) => sum + v * x[k]!, 0));
export const outer = (a: Vector, b: Vector): Matrix => a.map((p) => b.map((q) => p * q));
export const dot = (a: Vector, b: Vector): number => a.reduce((sum, v, k) => sum + v * b[k]!, 0);
export const sum = (a: Vector): number => a.reduce((total, v) => total + v, 0);

export const each = (a: Matrix, f: (v: number, i: number, j: number) => number): Matrix =>
  a.map((row, i) => row.map((v, j) => f(v, i, j)));
export const times = (a: Matrix, b: Matrix): Matrix => each(a, (v, i, j) => v * b[i]![j]!);
export const minus = (a: Matrix, b: Matrix): Matrix => each(a, (v, i, j) => v - b[i]![j]!);
export const plus = (a: Matrix, b: Matrix): Matrix => each(a, (v, i, j) => v + b[i]![j]!);
export const scale = (c: number, a: Matrix): Matrix => each(a, (v) => c * v);
export const addColumn = (a: Matrix, b: Vector): Matrix => each(a, (v, i) => v + b[i]!);
export const addRow = (a: Matrix, b: Vector): Matrix => each(a, (v, _, j) => v + b[j]!);
export const rowSums = (a: Matrix): Vector => a.map(sum);
export const columnSums = (a: Matrix): Vector => rowSums(T(a));

export const vtimes = (a: Vector, b: Vector): Vector => a.map((v, i) => v * b[i]!);
export const vminus = (a: Vector, b: Vector): Vector => a.map((v, i) => v - b[i]!);
export const vplus = (a: Vector, b: Vector): Vector => a.map((v, i) => v + b[i]!);
export const vscale = (c: number, a: Vector): Vector => a.map((v) => c * v);

export const sigmoid = (z: number): number => 1 / (1 + Math.exp(-z));
export const relu = (z: number): number => Math.max(0, z);
export const mask = (z: number): number => (z > 0 ? 1 : 0);
export const softmax = (z: Vector): Vector => {
  const most = Math.max(...z);
  const e = z.map((v) => Math.exp(v - most));
  return vscale(1 / sum(e), e);
};

/** Numbers of a fixed pattern, of both signs, between −0.9 and 0.9. */
export const numbers = (count: number, seed: number): Vector =>
  Array.from({ length: count }, (_, k) => {
    const wave = Math.sin(12.9898 * (k + 1) + 78.233 * seed) * 43758.5453;
    return Math.round((1.8 * (wave - Math.floor(wave)) - 0.9) * 1000) / 1000;
  });
export const matrix = (rows: number, columns: number, seed: number): Matrix => {
  const all = numbers(rows * columns, seed);
  return Array.from({ length: rows }, (_, i) => all.slice(i * columns, (i + 1) * columns));
};
export const oneHot = (rows: number, columns: number): Matrix =>
  Array.from({ length: rows }, (_, i) =>
    Array.from({ length: columns }, (_, j) => ((2 * j + 1) % rows === i ? 1 : 0)),
  );
