/** Focal, Poisson and divergence losses. */
import { matrix, numbers } from "../matrices.js";
import type { Study } from "./study.js";

const focal: Study = {
  name: "focal loss",
  model: `
    a = param(4)
    p = sigmoid(a)
    L = -sum((1 - p).^2 .* log(p))`,
  point: { a: numbers(4, 541) },
  published: [
    {
      source:
        "unsky/focal-loss, issue 1: the derivative by the probability proposed for that by the score",
      code: `
        da = (1 - p) .* (2 * log(p) - 1 ./ p + 1)`,
      wrong: {
        a: [
          { cause: "other-quantity", is: "p" },
          { cause: "missing-factor", factor: "sigmoid'(a)" },
        ],
      },
    },
    {
      source: "rahowa/catboost_focal_loss, issue 2: not multiplied by p(1 - p), and the wrong sign",
      code: `
        da = (1 - p).^2 ./ p - 2 * (1 - p) .* log(p)`,
      wrong: { a: [{ cause: "missing-factor + sign" }, { cause: "other-quantity + sign" }] },
    },
    {
      source: "zimenglan-sysu-512/Focal-Loss, issue 2: the sign before the power's term",
      code: `
        dp = 2 * (1 - p) .* log(p) + (1 - p).^2 ./ p`,
      wrong: { p: { cause: "sign" } },
    },
  ],
};

const binaryFocal: Study = {
  name: "focal loss for two classes",
  model: `
    t = target(5)
    p = param(5)
    L = -sum(t .* (1 - p).^2 .* log(p) + (1 - t) .* p.^2 .* log(1 - p))`,
  point: { t: [1, 0, 0, 1, 0], p: [0.3, 0.6, 0.2, 0.8, 0.45] },
  published: [
    {
      source: "jhwjhw0123/Imbalance-XGBoost, issue 1: the second term's sign where the label is 0",
      code: `
        one = 2 * t .* (1 - p) .* log(p) - t .* (1 - p).^2 ./ p
        dp = one - 2 * (1 - t) .* p .* log(1 - p) - (1 - t) .* p.^2 ./ (1 - p)`,
      wrong: { p: { cause: "sign" } },
    },
  ],
};

const poisson: Study = {
  name: "Poisson likelihood with Stirling's terms",
  model: `
    t = target(4)
    p = param(4)
    L = sum(p - t .* log(p) + t .* log(t) - t + 1/2 * log(2 * pi * t))`,
  point: { t: [3, 2, 5, 1.5], p: [2.2, 2.9, 4.1, 0.8] },
  published: [
    {
      source: "mlpack, pull request 2167: the derivative of the target's own terms added",
      code: `
        dp = 1 - t ./ p + log(t) + 1 ./ (2 * t)`,
      wrong: { p: { cause: "extra-term" } },
    },
  ],
};

const divergence: Study = {
  name: "divergence of one distribution from another",
  model: `
    t = target(3, 2)
    q = param(3, 2)
    L = sum(q .* (log(q) - log(t)))`,
  point: {
    t: [
      [0.2, 0.5],
      [0.3, 0.1],
      [0.5, 0.4],
    ],
    q: [
      [0.6, 0.2],
      [0.1, 0.3],
      [0.3, 0.5],
    ],
  },
  published: [
    {
      source: "mlpack, pull request 1365: one number, accu(log(input) - log(target) + 1)",
      code: `
        dq = sum(log(q) - log(t) + 1)`,
      wrong: { q: { cause: "over-summed" } },
    },
  ],
};

const logistic: Study = {
  name: "logistic loss of margins",
  model: `
    N = size()
    X = input(N, 3)
    y = target(N)
    w = param(3)
    m = y .* (X * w)
    L = -sum(log(sigmoid(m)))`,
  point: { X: matrix(4, 3, 551), y: [1, -1, 1, -1], w: numbers(3, 552) },
  published: [
    {
      source: "mlcourse.ai, issue 640: the minus in sigma's argument is missing",
      code: `
        dw = -X' * (y .* sigmoid(m))`,
      wrong: {
        w: [{ cause: "wrong-variable", used: "-m", instead: "m" }, { cause: "wrong-function" }],
      },
    },
  ],
};

export const focalStudies: readonly Study[] = [focal, binaryFocal, poisson, divergence, logistic];
