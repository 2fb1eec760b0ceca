/** Models on batches, recurrent ones, and losses with several terms. */
import type { System } from "./case.js";
import {
  addColumn,
  addRow,
  columnSums,
  each,
  matrix,
  minus,
  mm,
  numbers,
  outer,
  rowSums,
  scale,
  sigmoid,
  sum,
  T,
  times,
  vscale,
} from "./matrices.js";

function batchNet(): System {
  const N = 5;
  const [X, Y] = [matrix(3, N, 21), matrix(2, N, 22)];
  const [W1, b1, W2, b2] = [matrix(4, 3, 23), numbers(4, 24), matrix(2, 4, 25), numbers(2, 26)];
  const Z1 = addColumn(mm(W1, X), b1);
  const H = each(Z1, sigmoid);
  const O = addColumn(mm(W2, H), b2);
  const dO = scale(1 / N, minus(O, Y));
  const dH = mm(T(W2), dO);
  const slope = each(H, (h) => h * (1 - h));
  const dZ1 = times(dH, slope);
  const right = { W1: mm(dZ1, T(X)), b1: rowSums(dZ1), W2: mm(dO, T(H)), b2: rowSums(dO) };
  const all = (c: number) => ({
    W1: scale(c, right.W1),
    b1: vscale(c, right.b1),
    W2: scale(c, right.W2),
    b2: vscale(c, right.b2),
  });
  const last = (a: number[][]) => a.map((row) => row.at(-1)!);
  return {
    name: "batch 3-4-2, columns",
    text: `
      N = size()
      X = input(3, N)
      Y = target(2, N)
      W1 = param(4, 3)
      b1 = param(4)
      W2 = param(2, 4)
      b2 = param(2)
      Z1 = W1 * X + b1
      H = sigmoid(Z1)
      O = W2 * H + b2
      L = 1/N * 1/2 * sum((O - Y).^2)`,
    point: { X, Y, W1, b1, W2, b2 },
    right,
    cases: [
      {
        name: "1/N left out",
        claims: all(N),
        wrong: {
          W1: "constant-factor",
          b1: "constant-factor",
          W2: "constant-factor",
          b2: "constant-factor",
        },
      },
      {
        name: "1/N twice, in b only",
        claims: { ...right, b1: vscale(1 / N, right.b1) },
        wrong: { b1: "constant-factor" },
      },
      { name: "b not summed", claims: { ...right, b1: dZ1 }, wrong: { b1: "not-summed" } },
      {
        name: "b not summed, transposed",
        claims: { ...right, b2: T(dO) },
        wrong: { b2: "not-summed" },
      },
      {
        name: "b of the last example",
        claims: { ...right, b1: last(dZ1) },
        wrong: { b1: "not-summed" },
      },
      {
        name: "W1 of the last example",
        claims: { ...right, W1: outer(last(dZ1), last(X)) },
        wrong: { W1: "not-summed" },
      },
      {
        name: "b summed to a number",
        claims: { ...right, b2: sum(right.b2) },
        wrong: { b2: "over-summed" },
      },
      {
        name: "b summed and spread",
        claims: { ...right, b1: right.b1.map(() => sum(right.b1)) },
        wrong: { b1: "over-summed" },
      },
      {
        name: "b summed over the wrong axis",
        claims: { ...right, b1: columnSums(dZ1) },
        wrong: { b1: ["not-summed + over-summed", "over-summed + not-summed"] },
      },
      {
        name: "W2 transposed",
        claims: { ...right, W2: mm(H, T(dO)) },
        wrong: { W2: "transposed" },
      },
      {
        name: "no slope",
        claims: { ...right, W1: mm(dH, T(X)), b1: rowSums(dH) },
        wrong: { W1: "missing-factor", b1: "missing-factor" },
      },
      {
        name: "no slope in b only",
        claims: { ...right, b1: rowSums(dH) },
        wrong: { b1: "missing-factor" },
      },
      {
        name: "Z1 for H",
        claims: { ...right, W2: mm(dO, T(Z1)) },
        wrong: { W2: "wrong-variable" },
      },
      {
        name: "per example",
        claims: {
          ...right,
          W2: Array.from({ length: N }, (_, n) =>
            outer(
              dO.map((row) => row[n]!),
              H.map((row) => row[n]!),
            ),
          ),
        },
        wrong: { W2: "not-summed" },
      },
      {
        name: "sign and 1/N",
        claims: { W1: scale(-N, right.W1), b1: vscale(-N, right.b1) },
        wrong: { W1: "sign + constant-factor", b1: "sign + constant-factor" },
      },
    ],
  };
}

function rowNet(): System {
  const N = 3;
  const [X, Y] = [matrix(N, 4, 31), matrix(N, 2, 32)];
  const [W1, b1, W2, b2] = [matrix(4, 5, 33), matrix(1, 5, 34), matrix(5, 2, 35), matrix(1, 2, 36)];
  const U1 = addRow(mm(X, W1), b1[0]!);
  const H = each(U1, sigmoid);
  const U2 = addRow(mm(H, W2), b2[0]!);
  const Yhat = each(U2, sigmoid);
  const dY = scale(2, minus(Yhat, Y));
  const slope = (a: number[][]) => each(a, (v) => v * (1 - v));
  const dU2 = times(dY, slope(Yhat));
  const dH = mm(dU2, T(W2));
  const dU1 = times(dH, slope(H));
  const after = (d2: number[][]) => {
    const d1 = times(mm(d2, T(W2)), slope(H));
    return { W1: mm(T(X), d1), b1: [columnSums(d1)], W2: mm(T(H), d2), b2: [columnSums(d2)] };
  };
  const right = after(dU2);
  return {
    name: "row 4-5-2",
    text: `
      N = size()
      X = input(N, 4)
      Y = target(N, 2)
      W1 = param(4, 5)
      b1 = param(1, 5)
      W2 = param(5, 2)
      b2 = param(1, 2)
      U1 = X * W1 + b1
      H = sigmoid(U1)
      U2 = H * W2 + b2
      P = sigmoid(U2)
      L = sum((P - Y).^2)`,
    point: { X, Y, W1, b1, W2, b2 },
    right,
    cases: [
      {
        name: "b not summed",
        claims: { ...right, b1: dU1, b2: dU2 },
        wrong: { b1: "not-summed", b2: "not-summed" },
      },
      {
        name: "output slope left out",
        claims: after(dY),
        wrong: {
          W1: "missing-factor",
          b1: "missing-factor",
          W2: "missing-factor",
          b2: "missing-factor",
        },
      },
      {
        name: "output slope left out, W1 only",
        claims: { W1: after(dY).W1 },
        wrong: { W1: "missing-factor" },
      },
      {
        name: "cross-entropy's delta",
        claims: after(minus(Yhat, Y)),
        wrong: {
          W1: ["wrong-function", "missing-factor + constant-factor"],
          b1: ["wrong-function", "missing-factor + constant-factor"],
          W2: ["wrong-function", "missing-factor + constant-factor"],
          b2: ["wrong-function", "missing-factor + constant-factor"],
        },
      },
      {
        name: "both slopes left out",
        claims: { W1: mm(T(X), mm(dY, T(W2))) },
        wrong: { W1: "missing-factor + missing-factor" },
      },
      {
        name: "dW2 from dY, rest right",
        claims: { ...right, W2: mm(T(H), dY) },
        wrong: { W2: ["missing-factor", "wrong-variable"] },
      },
      {
        name: "slope of the other layer in dW1's line, sign",
        claims: { ...right, W1: scale(-1, right.W1) },
        wrong: { W1: "sign" },
      },
    ],
  };
}

export const batchSystems: readonly System[] = [batchNet(), rowNet()];
