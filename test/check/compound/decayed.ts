/** A classifier whose weights decay: derivatives that are sums of two terms, one of which a mistake leaves alone. */
import {
  addRow,
  columnSums,
  each,
  matrix,
  minus,
  mm,
  numbers,
  oneHot,
  plus,
  scale,
  softmax,
  T,
  times,
  type Vector,
  vplus,
  vscale,
} from "../corpus/matrices.js";
import type { Pass } from "./pass.js";

/** Twice the factor of the penalty. */
const DECAY = 0.1;
const RATE = 0.01;

/** Rows are examples; a mean cross-entropy of a softmax of three classes. */
export function decayed(): Pass {
  const N = 5;
  const [X, Y] = [scale(2, matrix(N, 3, 171)), T(oneHot(3, N))];
  const [W1, b1, W2, b2] = [
    scale(2, matrix(3, 4, 172)),
    numbers(4, 173),
    scale(3, matrix(4, 3, 174)),
    numbers(3, 175),
  ];
  const Z = addRow(mm(X, W1), b1);
  const A = each(Z, Math.tanh);
  const P = addRow(mm(A, W2), b2).map(softmax);
  return {
    name: "classifier with decay",
    text: `
      N = size()
      X = input(N, 3)
      Y = target(N, 3)
      W1 = param(3, 4)
      b1 = param(4)
      W2 = param(4, 3)
      b2 = param(3)
      Z = X * W1 + b1'
      A = tanh(Z)
      S = A * W2 + b2'
      P = softmax(S, 2)
      L = -sum(Y .* log(P)) / N + 0.05 * sum(W1.^2) + 0.05 * sum(W2.^2)`,
    point: { X, Y, W1, b1, W2, b2 },
    gradients: (line) => {
      const E = minus(P, Y);
      const dS = line("dS", {
        right: () => scale(1 / N, E),
        sign: () => scale(-1 / N, E),
        "constant-factor: N": () => E,
        "missing-term: target": () => scale(1 / N, P),
        "extra-factor: slope": () =>
          scale(
            1 / N,
            times(
              E,
              each(P, (p) => p * (1 - p)),
            ),
          ),
      });
      const dZ = line("dZ", {
        right: () =>
          times(
            mm(dS, T(W2)),
            each(A, (a) => 1 - a * a),
          ),
        "missing-factor": () => mm(dS, T(W2)),
        "wrong-variable: slope of Z": () =>
          times(
            mm(dS, T(W2)),
            each(Z, (z) => 1 - z * z),
          ),
        "wrong-function: sigmoid": () =>
          times(
            mm(dS, T(W2)),
            each(A, (a) => a * (1 - a)),
          ),
        "wrong-function: no square": () =>
          times(
            mm(dS, T(W2)),
            each(A, (a) => 1 - a),
          ),
      });
      const bias = (dZ: number[][], b: Vector, name: string): Vector =>
        line(name, {
          right: () => columnSums(dZ),
          "constant-factor: mean": () => vscale(1 / N, columnSums(dZ)),
          sign: () => vscale(-1, columnSums(dZ)),
          "extra-term: decay": () => vplus(columnSums(dZ), vscale(DECAY, b)),
        });
      const [w1, w2] = [mm(T(X), dZ), mm(T(A), dS)];
      return {
        W1: line("dW1", {
          right: () => plus(w1, scale(DECAY, W1)),
          "missing-term: decay": () => w1,
          "constant-factor: half the decay": () => plus(w1, scale(DECAY / 2, W1)),
        }),
        b1: bias(dZ, b1, "db1"),
        W2: line("dW2", {
          right: () => plus(w2, scale(DECAY, W2)),
          "missing-term: decay": () => w2,
          "wrong-variable: Z": () => plus(mm(T(Z), dS), scale(DECAY, W2)),
          "constant-factor: rate": () => scale(RATE, plus(w2, scale(DECAY, W2))),
        }),
        b2: bias(dS, b2, "db2"),
      };
    },
  };
}
