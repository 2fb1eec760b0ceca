/** What occurs several times: words drawn twice, margins violated together, quantities with several uses. */
import { matrix, numbers } from "../matrices.js";
import type { Study } from "./study.js";

const negatives: Study = {
  name: "skip-gram with words drawn several times",
  model: `
    o = input(5)
    k = input(5)
    U = param(5, 3)
    v = param(3)
    s = U * v
    L = -sum(o .* log(sigmoid(s))) - sum(k .* log(sigmoid(-s)))`,
  point: { o: [0, 0, 1, 0, 0], k: [1, 0, 0, 3, 1], U: matrix(5, 3, 941), v: numbers(3, 942) },
  published: [
    {
      source:
        "ZacBi/CS224n-2019-solutions, issue 5: += with a list of words in which some occur twice",
      code: `
        ds = k .* sigmoid(s) - o .* sigmoid(-s)
        dv = U' * ds
        dU = (minimum(k, 1) .* sigmoid(s) - o .* sigmoid(-s)) * v'`,
      wrong: { U: { cause: "not-summed", term: "k" } },
    },
  ],
};

const embedding: Study = {
  name: "two words embedded with one table",
  model: `
    N = size()
    A = input(N, 4)
    B = input(N, 4)
    T = target(N, 3)
    C = param(4, 2)
    W = param(4, 3)
    e = concat(A * C, B * C, 2)
    L = 1/2 * sum((e * W - T).^2)`,
  point: {
    A: [
      [0, 1, 0, 0],
      [1, 0, 0, 0],
      [0, 0, 0, 1],
    ],
    B: [
      [0, 1, 0, 0],
      [0, 0, 0, 1],
      [0, 0, 0, 1],
    ],
    T: matrix(3, 3, 943),
    C: matrix(4, 2, 944),
    W: matrix(4, 3, 945),
  },
  published: [
    {
      source: "karpathy/nn-zero-to-hero, issue 57: dC[X[n]] += de[n], with one word twice in X[n]",
      code: `
        g = (e * W - T) * W'
        first = g * [1, 0; 0, 1; 0, 0; 0, 0]
        second = g * [0, 0; 0, 0; 1, 0; 0, 1]
        dC = (diag([0, 1, 0]) * A)' * first + B' * second`,
      wrong: { C: { cause: "not-summed" } },
    },
  ],
};

const engine: Study = {
  name: "numbers that are used twice",
  model: `
    a = param()
    b = param()
    d = a * b
    e = a + b
    f = d * e`,
  point: { a: -2, b: 3 },
  published: [
    {
      source: "micrograd, as first told in karpathy/nn-zero-to-hero: self.grad = for self.grad +=",
      code: `
        da = d
        db = d`,
      wrong: { a: { cause: "missing-term" }, b: { cause: "missing-term" } },
    },
  ],
};

const softmaxBias: Study = {
  name: "softmax regression by rows",
  model: `
    N = size()
    X = input(N, 2)
    Y = target(N, 3)
    W = param(2, 3)
    b = param(3)
    Z = X * W + b'
    L = -sum(Y .* logsoftmax(Z, 2))`,
  point: {
    X: matrix(4, 2, 946),
    Y: [
      [0, 1, 0],
      [1, 0, 0],
      [0, 1, 0],
      [0, 0, 1],
    ],
    W: matrix(2, 3, 947),
    b: numbers(3, 948),
  },
  published: [
    {
      source: "rasbt/stat453-deep-learning-ss21, issue 5: one sum over samples and classes",
      code: `
        dZ = softmax(Z, 2) - Y
        dW = X' * dZ
        db = sum(dZ) * [1; 1; 1]`,
      wrong: { b: { cause: "over-summed" } },
    },
  ],
};

const hinge: Study = {
  name: "margins without that of the right class",
  model: `
    N = size()
    X = input(N, 3)
    Y = target(N, 4)
    W = param(3, 4)
    S = X * W
    r = sum(S .* Y, 2)
    M = maximum(0, S - r + 1) .* (1 - Y)
    L = sum(M) / N`,
  point: {
    X: matrix(3, 3, 951),
    Y: [
      [0, 0, 1, 0],
      [1, 0, 0, 0],
      [0, 1, 0, 0],
    ],
    W: matrix(3, 4, 952),
  },
  published: [
    {
      source:
        "often made in CS231n, assignment 1: the right class outside of the loop over the classes",
      code: `
        V = step(S - r * [[1, 1, 1, 1]] + 1) .* (1 - Y)
        dW = X' * (V - (minimum(sum(V, 2), 1) * [[1, 1, 1, 1]]) .* Y) / 3`,
      wrong: { W: { cause: "not-summed" } },
    },
  ],
};

const margins: Study = {
  name: "margins against all classes, that of the right class taken off again",
  model: `
    N = size()
    X = input(N, 4)
    Y = target(N, 3)
    W = param(4, 3)
    S = X * W
    c = sum(S .* Y, 2)
    M = maximum(S - c + 1, 0)
    L = (sum(M) - N) / N + 0.1 * sum(W.^2)`,
  point: {
    X: matrix(5, 4, 951),
    Y: [
      [1, 0, 0],
      [0, 1, 0],
      [0, 0, 1],
      [0, 1, 0],
      [1, 0, 0],
    ],
    W: matrix(4, 3, 952).map((row) => row.map((one) => 2 * one)),
  },
  published: [
    {
      source: "bruceoutdoors/CS231n, issue 5: = for -= at the right class",
      code: `
        m = (S - c + 1) > 0
        k = sum(m, 2)
        dW = X' * (m .* (1 - Y) - Y .* k) / 5 + 0.2 * W`,
      wrong: { W: { cause: "missing-term", arisesIn: "S" } },
    },
    {
      source: "often made: the count without the right class, whose margin is in the sum",
      code: `
        m = (S - c + 1) > 0
        k = sum(m .* (1 - Y), 2)
        dW = X' * (m - Y .* k) / 5 + 0.2 * W`,
      wrong: { W: { cause: "missing-term", arisesIn: "c" } },
    },
    {
      source: "the same gradient, summed over the other classes",
      code: `
        m = ((S - c + 1) > 0) .* (1 - Y)
        dW = X' * (m - Y .* sum(m, 2)) / 5 + 0.2 * W`,
      wrong: {},
    },
  ],
};

export const countStudies: readonly Study[] = [
  negatives,
  embedding,
  engine,
  softmaxBias,
  hinge,
  margins,
];
