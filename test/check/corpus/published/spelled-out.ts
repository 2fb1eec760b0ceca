/** Lines in which what comes in is worked out: a slip in them is made there alone. */
import { matrix, numbers } from "../matrices.js";
import type { Study } from "./study.js";

const labels = [
  [1, 0, 0],
  [0, 0, 1],
  [0, 1, 0],
  [0, 0, 1],
];

const weighted: Study = {
  name: "softmax with a weight for each class",
  model: `
    N = size()
    X = input(N, 2)
    Y = target(N, 3)
    c = input(3)
    W = param(2, 3)
    Z = X * W
    P = softmax(Z, 2)
    L = -sum(Y .* log(P) .* c') / N`,
  point: { X: matrix(4, 2, 961), Y: labels, c: [0.5, 1.25, 2], W: matrix(2, 3, 962) },
  published: [
    {
      source: "often made: the weight of each column where that of the example's class belongs",
      code: `
        delta = (P - Y) .* c' / 4
        dZ = delta
        dW = X' * delta`,
      wrong: {
        Z: { cause: "wrong-variable", used: "c at the entry's own place" },
        W: { cause: "wrong-variable", used: "c at the entry's own place" },
      },
    },
  ],
};

const smoothed: Study = {
  name: "softmax with smoothed labels",
  model: `
    N = size()
    X = input(N, 2)
    Y = target(N, 3)
    eps = input()
    W = param(2, 3)
    Z = X * W
    Q = (1 - eps) * Y + eps / 3
    L = -sum(Q .* logsoftmax(Z, 2)) / N`,
  point: { X: matrix(4, 2, 963), Y: labels, eps: 0.2, W: matrix(2, 3, 964) },
  published: [
    {
      source: "often made: what the other classes get of smoothed labels forgotten",
      code: `
        P = softmax(X * W, 2)
        dZ = (P - (1 - eps) * Y) / 4
        dW = X' * dZ`,
      wrong: { Z: { cause: "missing-term" }, W: { cause: "missing-term" } },
    },
  ],
};

const factors: Study = {
  name: "ratings by products of factors",
  model: `
    R = input(4, 5)
    M = input(4, 5)
    A = param(4, 2)
    B = param(5, 2)
    E = R - A * B'
    J = sum(M .* E.^2)`,
  point: {
    R: matrix(4, 5, 965),
    M: [
      [1, 0, 1, 1, 0],
      [0, 1, 1, 0, 1],
      [1, 1, 0, 1, 1],
      [1, 0, 1, 0, 1],
    ],
    A: matrix(4, 2, 966),
    B: matrix(5, 2, 967),
  },
  published: [
    {
      source: "often made: the residual of one factor for that of all of them",
      code: `
        dA = -2 * (M .* R) * B + 2 * A .* (M * B.^2)
        dB = -2 * (M .* R)' * A + 2 * B .* (M' * A.^2)`,
      wrong: { A: { cause: "not-summed" }, B: { cause: "not-summed" } },
    },
  ],
};

const scores: Study = {
  name: "an entropy of softmax",
  model: `
    s = input(3)
    x = input(3)
    w = param(3)
    z = w .* x + s
    p = softmax(z)
    H = -sum(p .* log(p))`,
  point: { s: numbers(3, 968), x: numbers(3, 969), w: numbers(3, 970) },
  published: [
    {
      source: "often made: each probability differentiated by its own score alone",
      code: `
        dw = -p .* (log(p) + 1) .* x`,
      wrong: { w: { cause: "missing-term" } },
    },
  ],
};

export const spelledOutStudies: readonly Study[] = [weighted, smoothed, factors, scores];
