/** What is chosen by labels and ratings: actions, pairs of documents, the entries that are rated. */
import { matrix, numbers } from "../matrices.js";
import type { Study } from "./study.js";

const policy: Study = {
  name: "policy with an entropy bonus",
  model: `
    N = size()
    S = input(N, 2)
    A = input(N, 3)
    g = input(N)
    W = param(2, 3)
    Z = S * W
    p = softmax(Z, 2)
    lp = logsoftmax(Z, 2)
    H = -sum(p .* lp)
    J = -sum(g .* sum(A .* lp, 2)) - 0.3 * H`,
  point: {
    S: matrix(3, 2, 961),
    A: [
      [0, 0, 1],
      [1, 0, 0],
      [0, 1, 0],
    ],
    g: numbers(3, 962),
    W: matrix(2, 3, 963),
  },
  published: [
    {
      source: "noahfarr/rlx, pull request 3: the entropy of the chosen action only",
      code: `
        pa = sum(p .* A, 2)
        ga = -g + 0.3 * (log(pa) + 1) .* pa
        dW = S' * ((ga * [[1, 1, 1]]) .* (A - p))`,
      wrong: { W: { cause: "missing-term" } },
    },
  ],
};

const ranking: Study = {
  name: "pairs of documents",
  model: `
    X = input(4, 2)
    y = target(4)
    M = input(4, 4)
    w = param(2)
    s = X * w
    D = s * ones(1, 4) - ones(4, 1) * s'
    L = sum(M .* log(1 + exp(-D)))`,
  point: {
    X: matrix(4, 2, 964),
    y: [2, 0, 1, 3],
    M: [
      [0, 1, 1, 0],
      [0, 0, 0, 0],
      [0, 1, 0, 0],
      [1, 1, 1, 0],
    ],
    w: [0.3, -0.8],
  },
  published: [
    {
      source: "discobot/LambdaMart, issue 1: rho of the labels in place of the scores",
      code: `
        one = [1; 1; 1; 1]
        rho = M .* sigmoid(-(y * one' - one * y'))
        ds = sum(rho, 1) - sum(rho, 2)
        dw = X' * ds`,
      wrong: {
        s: { cause: "wrong-variable", used: "y", instead: "s" },
        w: { cause: "wrong-variable", used: "y", instead: "s" },
      },
    },
  ],
};

const ratings: Study = {
  name: "ratings of which some are missing",
  model: `
    R = target(3, 4)
    M = input(3, 4)
    P = param(3, 2)
    Q = param(4, 2)
    E = M .* (R - P * Q')
    J = sum(E.^2)`,
  point: {
    R: matrix(3, 4, 965),
    M: [
      [1, 1, 0, 1],
      [1, 0, 0, 1],
      [0, 1, 1, 0],
    ],
    P: matrix(3, 2, 966),
    Q: matrix(4, 2, 967),
  },
  published: [
    {
      source:
        "DistrictDataLabs/science-bookclub, issue 2: a penalty in the steps that is not in the error",
      code: `
        dP = -2 * E * Q + 0.02 * (sum(M, 2) * [[1, 1]]) .* P
        dQ = -2 * E' * P + 0.02 * (sum(M, 1) * [[1, 1]]) .* Q`,
      wrong: { P: { cause: "extra-term" }, Q: { cause: "extra-term" } },
    },
  ],
};

const passengers: Study = {
  name: "logistic regression, samples in columns",
  model: `
    N = size()
    X = input(3, N)
    y = target(N)
    a = param(3)
    z = X' * a
    h = sigmoid(z)
    J = -sum(y .* log(h) + (1 - y) .* log(1 - h)) / N`,
  point: { X: matrix(3, 4, 968), y: [0, 1, 1, 0], a: numbers(3, 969) },
  published: [
    {
      source: "discuss.analyticsvidhya.com 69367: SciPy's expit taken for exp",
      code: `
        da = X * (1 ./ (1 + sigmoid(-z)) - y) / 4`,
      wrong: { a: { cause: "wrong-function" } },
    },
  ],
};

export const chosenStudies: readonly Study[] = [policy, ranking, ratings, passengers];
