/** Values of the functions that formulas name, from their textbook definitions. */
import { build, entryOf, type Matrix, scalar } from "./matrix.js";

type Scalar = (...args: readonly number[]) => number;

/** The error function: its series where it converges fast, else the continued fraction of erfc. */
function erf(x: number): number {
  const magnitude = Math.abs(x);
  if (magnitude < 3) {
    let term = magnitude;
    let total = magnitude;
    for (let n = 1; Math.abs(term) > 1e-18 * Math.abs(total) && n < 200; n++) {
      term *= (-magnitude * magnitude) / n;
      total += term / (2 * n + 1);
    }
    return (Math.sign(x) * 2 * total) / Math.sqrt(Math.PI);
  }
  let fraction = 0;
  for (let n = 60; n > 0; n--) fraction = n / 2 / (magnitude + fraction);
  const tail = Math.exp(-magnitude * magnitude) / (Math.sqrt(Math.PI) * (magnitude + fraction));
  return Math.sign(x) * (1 - tail);
}

const sigma = (x: number): number => (x >= 0 ? 1 / (1 + Math.exp(-x)) : 1 - 1 / (1 + Math.exp(x)));

/** Functions of numbers, of matrices entry by entry. */
export const ELEMENTWISE: Readonly<Record<string, Scalar>> = {
  sigma,
  sigmoid: sigma,
  tanh: (x) => Math.tanh(x),
  sin: (x) => Math.sin(x),
  cos: (x) => Math.cos(x),
  tan: (x) => Math.tan(x),
  exp: (x) => Math.exp(x),
  ln: (x) => Math.log(x),
  sqrt: (x) => Math.sqrt(x),
  abs: (x) => Math.abs(x),
  sign: (x) => Math.sign(x),
  erf: (x) => erf(x),
  relu: (x) => Math.max(x, 0),
  leakyrelu: (x, slope) => (x > 0 ? x : slope * x),
  elu: (x, alpha) => (x > 0 ? x : alpha * Math.expm1(x)),
  softplus: (x) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x))),
  silu: (x) => x * sigma(x),
  gelu: (x) => (x * (1 + erf(x / Math.SQRT2))) / 2,
  "sigma'": (x) => sigma(x) * sigma(-x),
  "sigmoid'": (x) => sigma(x) * sigma(-x),
  "tanh'": (x) => 1 / Math.cosh(x) ** 2,
  "relu'": (x) => (x > 0 ? 1 : 0),
  "softplus'": sigma,
  max: Math.max,
  min: Math.min,
};

/** Functions of one matrix that are not entry by entry. */
export const OF_MATRICES: Readonly<Record<string, (a: Matrix, along: string) => Matrix>> = {
  tr: (a) => scalar(Array.from({ length: a.rows }, (_, i) => entryOf(a, i, i)).reduce(add, 0)),
  diag: (a) =>
    a.columns === 1 || a.rows === 1
      ? build(a.data.length, a.data.length, (i, j) => (i === j ? a.data[i]! : 0))
      : build(Math.min(a.rows, a.columns), 1, (i) => entryOf(a, i, i)),
  vec: (a, along) => ({
    rows: a.data.length,
    columns: 1,
    data:
      along === "r"
        ? a.data
        : Array.from({ length: a.data.length }, (_, at) =>
            entryOf(a, at % a.rows, Math.floor(at / a.rows)),
          ),
  }),
  logsumexp: (a) => scalar(logsumexp(a.data)),
  rowlogsumexp: (a) => build(a.rows, 1, (i) => logsumexp(rowOf(a, i))),
  collogsumexp: (a) => build(1, a.columns, (_, j) => logsumexp(columnOf(a, j))),
  rowmax: (a) => build(a.rows, 1, (i) => Math.max(...rowOf(a, i))),
  colmax: (a) => build(1, a.columns, (_, j) => Math.max(...columnOf(a, j))),
  rowmin: (a) => build(a.rows, 1, (i) => Math.min(...rowOf(a, i))),
  colmin: (a) => build(1, a.columns, (_, j) => Math.min(...columnOf(a, j))),
  softmax: (a, along) => normalised(a, along, (value, total) => Math.exp(value - total)),
  logsoftmax: (a, along) => normalised(a, along, (value, total) => value - total),
};

const add = (a: number, b: number): number => a + b;

function rowOf(a: Matrix, row: number): number[] {
  return Array.from({ length: a.columns }, (_, column) => entryOf(a, row, column));
}

function columnOf(a: Matrix, column: number): number[] {
  return Array.from({ length: a.rows }, (_, row) => entryOf(a, row, column));
}

function logsumexp(values: readonly number[]): number {
  const most = Math.max(...values);
  return most + Math.log(values.map((value) => Math.exp(value - most)).reduce(add, 0));
}

function normalised(
  a: Matrix,
  along: string,
  entry: (value: number, total: number) => number,
): Matrix {
  const total = (row: number, column: number): number => {
    if (along === "") return logsumexp(a.data);
    return logsumexp(along === "rows" ? rowOf(a, row) : columnOf(a, column));
  };
  return build(a.rows, a.columns, (row, column) =>
    entry(entryOf(a, row, column), total(row, column)),
  );
}
