/** Mistakes in one part of a derivative beside parts that are right. */
import { matrix, numbers } from "../matrices.js";
import type { Study } from "./study.js";

const entropyBonus: Study = {
  name: "an actor's loss with a bonus for entropy",
  model: `
    s = input(3)
    a = input(4)
    A = input()
    W = param(4, 3)
    z = W * s
    p = softmax(z, 1)
    H = -sum(p .* log(p))
    loss = -A * dot(a, log(p)) - 0.1 * H`,
  point: { s: numbers(3, 1101), a: [0, 0, 1, 0], A: 1.4, W: matrix(4, 3, 1102) },
  published: [
    {
      source: "mxnet, after pull request 5199: the entropy's derivative times p alone",
      code: `
        dz = A * (p - a) + 0.1 * p .* (log(p) + 1)
        dW = dz * s'`,
      wrong: { z: { cause: "missing-term" }, W: { cause: "missing-term", arisesIn: "z" } },
    },
  ],
};

const logEntropyBonus: Study = {
  name: "the same by log-softmax",
  model: `
    s = input(3)
    a = input(4)
    A = input()
    W = param(4, 3)
    z = W * s
    l = logsoftmax(z, 1)
    p = exp(l)
    H = -sum(p .* l)
    loss = -A * dot(a, l) - 0.1 * H`,
  point: { s: numbers(3, 1111), a: [0, 1, 0, 0], A: 1.7, W: matrix(4, 3, 1112) },
  published: [
    {
      source: "r/reinforcementlearning: -p (log p + 1) for the entropy's derivative by the logits",
      code: `
        dz = A * (p - a) + 0.1 * p .* (l + 1)`,
      wrong: { z: { cause: "missing-term" } },
    },
  ],
};

const ranking: Study = {
  name: "a lower bound of the reciprocal rank",
  model: `
    y = input(4)
    u = param(3)
    V = param(4, 3)
    f = V * u
    D = f * ones(1, 4) - ones(4, 1) * f'
    L = -sum(y .* log(sigmoid(f))) - sum((y * y') .* log(1 - sigmoid(D)))`,
  point: { y: [1, 0, 1, 1], u: numbers(3, 1121), V: matrix(4, 3, 1122) },
  published: [
    {
      source: "CLiMF: the second sum of an item's gradient without the user's factors",
      code: `
        S = (y * y') .* sigmoid(D)
        dV = -(y .* (1 - sigmoid(f))) * u' + (sum(S, 2) - sum(S', 2)) * ones(1, 3)`,
      wrong: { V: { cause: "missing-factor", factor: "u" } },
      decimals: 7,
    },
  ],
};

const regularised: Study = {
  name: "a mean of squares beside a penalty",
  model: `
    X = input(4, 2)
    y = target(4, 1)
    W1 = param(2, 3)
    W2 = param(3, 1)
    a2 = sigmoid(X * W1)
    yHat = sigmoid(a2 * W2)
    J = 0.5 * sum((y - yHat).^2) / 4 + (0.1 / 2) * (sum(W1.^2) + sum(W2.^2))`,
  point: {
    X: matrix(4, 2, 1131),
    y: [[0.75], [0.82], [0.93], [0.7]],
    W1: matrix(2, 3, 1132),
    W2: matrix(3, 1, 1133),
  },
  published: [
    {
      source: "Neural-Networks-Demystified, part 7: the cost is divided by N, the gradient is not",
      code: `
        e = -(y - yHat) .* yHat .* (1 - yHat)
        dW2 = a2' * e + 0.1 * W2
        dW1 = X' * ((e * W2') .* a2 .* (1 - a2)) + 0.1 * W1`,
      wrong: {
        W1: { cause: "constant-factor", factor: 4, arisesIn: "yHat" },
        W2: { cause: "constant-factor", factor: 4, arisesIn: "yHat" },
      },
      decimals: 9,
    },
  ],
};

const quadratic: Study = {
  name: "a quadratic form with a symmetric matrix",
  model: `
    x = param(2)
    A = [2, 1; 1, 20]
    b = [5; 3]
    f = dot(x, A * x) - dot(b, x)`,
  point: { x: [-3, -1.25] },
  published: [
    {
      source: "mml-book, example 7.1: the factor 2 before the matrix forgotten",
      code: `
        dx = A * x - b`,
      wrong: { x: { cause: "constant-factor", factor: 0.5 } },
    },
  ],
};

const gaussian: Study = {
  name: "a normal likelihood by the logarithm of its variance",
  model: `
    x = target(4)
    mu = param(4)
    v = param(4)
    L = sum(0.5 * log(2 * pi) + 0.5 * v + 0.5 * (x - mu).^2 ./ exp(v))`,
  point: { x: numbers(4, 1141), mu: numbers(4, 1142), v: numbers(4, 1143) },
  published: [
    {
      source: "y0ast/VAE-Torch, issue 13: -1 for -0.5 before the quadratic part",
      code: `
        dmu = -(x - mu) ./ exp(v)
        dv = 0.5 - (x - mu).^2 ./ exp(v)`,
      wrong: { v: { cause: "constant-factor", factor: 2 } },
    },
  ],
};

export const strandStudies: readonly Study[] = [
  entropyBonus,
  logEntropyBonus,
  ranking,
  regularised,
  quadratic,
  gaussian,
];
