/** Linear models, factorisations, quadratic forms. */
import { matrix, numbers } from "../matrices.js";
import type { Study } from "./study.js";

const neuron: Study = {
  name: "one linear neuron",
  model: `
    x = input(2)
    t = target()
    w = param(2)
    b = param()
    y = dot(w, x) + b
    L = 1/2 * (t - y)^2`,
  point: { x: [1, 0], t: 0.1056, w: [0.34, 0.56], b: 0.54 },
  published: [
    {
      source:
        "stats.stackexchange 188678: the differences of the output compared with the loss's gradient",
      code: `
        dw = [1; 0]
        db = 1`,
      wrong: {
        w: [{ cause: "missing-factor", factor: "dy" }, { cause: "other-quantity" }],
        b: [{ cause: "missing-factor", factor: "dy" }, { cause: "other-quantity" }],
      },
    },
    {
      source: "cs231n.github.io, issue 229: derivative notes, dL/dx = dL/dy * x for dL/dy * w",
      code: `
        dx = (y - t) * x`,
      wrong: {
        x: [
          { cause: "wrong-variable", used: "x", instead: "w" },
          { cause: "other-quantity", is: "w" },
        ],
      },
    },
  ],
};

const lasso: Study = {
  name: "linear regression, L1",
  model: `
    N = size()
    X = input(N, 4)
    t = target(N)
    w = param(4)
    b = param()
    y = X * w + b
    e1 = y - t
    L = mean(e1.^2) + 0.3 * sum(abs(w))`,
  point: { X: matrix(6, 4, 151), t: numbers(6, 152), w: numbers(4, 153), b: -0.4 },
  published: [
    {
      source: "deeplearning4j, issue 327 (c): the L1 penalty's gradient without sign(params)",
      code: `
        dw = 2/N * X' * e1 + 0.3
        db = 2/N * sum(e1)`,
      wrong: {
        w: [
          { cause: "missing-factor", factor: "sign'(w)" },
          { cause: "missing-factor", factor: "abs'(w)" },
          { cause: "missing-factor", factor: "sign(w)" },
        ],
      },
    },
    {
      source: "often made with the lasso: the L2 penalty's w for sign(w)",
      code: `
        dw = 2/N * X' * e1 + 0.3 * w`,
      wrong: { w: { cause: "wrong-function" } },
    },
    {
      source: "dlib, issue 1169: the mean square loss's gradient without its 2",
      code: `
        db = sum(e1) / N
        dy = e1 / N`,
      wrong: {
        b: { cause: "constant-factor", factor: 0.5 },
        y: { cause: "constant-factor", factor: 0.5 },
      },
    },
    {
      source: "machine-learning-visualized, issue 5: the weights' formula is the bias's",
      code: `
        dw = 2/N * sum(e1) * [1; 1; 1; 1] + 0.3 * sign(w)`,
      wrong: { w: { cause: "missing-factor", factor: "X" } },
    },
  ],
};

const factorisation: Study = {
  name: "matrix factorisation",
  model: `
    R = target(4, 3)
    M = input(4, 3)
    P = param(4, 2)
    Q = param(3, 2)
    E = M .* (R - P * Q')
    L = sum(E.^2) + 0.02 * (sum(P.^2) + sum(Q.^2))`,
  point: {
    R: [
      [5, 3, 1],
      [4, 1, 1],
      [1, 1, 5],
      [1, 4, 4],
    ],
    M: [
      [1, 1, 0],
      [1, 0, 1],
      [1, 1, 1],
      [0, 1, 1],
    ],
    P: matrix(4, 2, 161),
    Q: matrix(3, 2, 162),
  },
  published: [
    {
      source: "albertauyeung/matrix-factorization-in-python, pull request 3: Q from the updated P",
      code: `
        dP = -2 * E * Q + 0.04 * P
        later = P - 0.002 * dP
        dQ = -2 * E' * later + 0.04 * Q`,
      wrong: { Q: { cause: "wrong-variable", used: "P after its update", instead: "P" } },
    },
    {
      source: "hans/glove.py, issue 6: vectors updated in the loop that computes the gradients",
      code: `
        later = Q - 0.05 * (-2 * E' * P + 0.04 * Q)
        dP = -2 * E * later + 0.04 * P`,
      wrong: { P: { cause: "wrong-variable", used: "Q after its update", instead: "Q" } },
      decimals: 6,
    },
    {
      source: "often made in recommender systems: 2 in the error's term, but not in the penalty's",
      code: `
        dP = -2 * E * Q + 0.02 * P
        dQ = -2 * E' * P + 0.02 * Q`,
      wrong: {
        P: { cause: "constant-factor", factor: 0.5 },
        Q: { cause: "constant-factor", factor: 0.5 },
      },
    },
  ],
};

const quadratic: Study = {
  name: "quadratic form",
  model: `
    A = input(2, 2)
    c = input(2)
    x = param(2)
    f = x' * A * x - dot(c, x)`,
  point: {
    A: [
      [2, 1],
      [1, 20],
    ],
    c: [5, 3],
    x: [-3, -1],
  },
  published: [
    {
      source: "mml-book, issue 226: equation 7.8 without the factor 2",
      code: `
        dx = A * x - c`,
      wrong: { x: [{ cause: "constant-factor", factor: 0.5 }, { cause: "missing-term" }] },
    },
  ],
};

const pseudoHuber: Study = {
  name: "pseudo-Huber regression",
  model: `
    N = size()
    X = input(N, 3)
    t = target(N)
    alpha = input()
    w = param(3)
    b = param()
    r = X * w + b - t
    L = sum(alpha^2 * (sqrt(1 + (r / alpha).^2) - 1)) / N`,
  point: { X: matrix(5, 3, 171), t: numbers(5, 172), alpha: 0.7, w: numbers(3, 173), b: 0.2 },
  published: [
    {
      source: "RubixML/ML, pull request 420: e / sqrt(e^2 + alpha^2) without the factor alpha",
      code: `
        e = r ./ sqrt(r.^2 + alpha^2) / N
        dw = X' * e
        db = sum(e)`,
      wrong: {
        w: { cause: "missing-factor", factor: "alpha" },
        b: { cause: "missing-factor", factor: "alpha" },
      },
      decimals: 6,
    },
  ],
};

export const regressionStudies: readonly Study[] = [
  neuron,
  lasso,
  factorisation,
  quadratic,
  pseudoHuber,
];
