/** Objectives that people write by hand for gradient boosting: derivatives by the predictions. */
import { numbers } from "../matrices.js";
import type { Study } from "./study.js";

const p = [0.4, 1.7, 2.5, 0.9];
const t = [0.7, 1.1, 3.2, 0.2];

const logarithmic: Study = {
  name: "root mean squared logarithmic error",
  model: `
    t = target(4)
    p = param(4)
    d = log1p(p) - log1p(t)
    E = sqrt(mean(d.^2))`,
  point: { p, t },
  published: [
    {
      source: "dmlc/xgboost, issue 4402: divided by 1 + y instead of 1 + the prediction",
      code: `
        dp = 1/(4 * E) * d ./ (1 + t)`,
      wrong: { p: { cause: "wrong-variable", used: "t", instead: "p" } },
    },
  ],
};

const fair: Study = {
  name: "fair loss",
  model: `
    t = target(4)
    p = param(4)
    x = t - p
    L = sum(abs(x) - log(1 + abs(x)))`,
  point: { p, t },
  published: [
    {
      source: "dmlc/xgboost, issue 3037: c * x / den with x = true - pred",
      code: `
        dp = x ./ (abs(x) + 1)`,
      wrong: { p: { cause: "sign" } },
      decimals: 6,
    },
  ],
};

const logistic: Study = {
  name: "binary logistic objective",
  model: `
    t = target(4)
    z = param(4)
    p = sigmoid(z)
    L = -sum(t .* log(p) + (1 - t) .* log(1 - p))`,
  point: { z: numbers(4, 301), t: [1, 0, 1, 1] },
  published: [
    {
      source: "dmlc/xgboost, issue 2995: preds - labels with raw predictions",
      code: `
        dz = z - t`,
      wrong: {
        z: [{ cause: "wrong-variable", used: "z", instead: "p" }, { cause: "wrong-function" }],
      },
    },
    {
      source: "wepe/tgboost, issue 9: the derivative by the probability for that by the margin",
      code: `
        dz = (p - t) ./ (p .* (1 - p))`,
      wrong: {
        z: [
          { cause: "other-quantity", is: "p" },
          { cause: "missing-factor", factor: "sigmoid'(z)" },
        ],
      },
    },
    {
      source: "dmlc/xgboost, issue 1060: preds - labels, doubted for labels - preds",
      code: `
        dz = 1 ./ (1 + exp(-z)) - t`,
      wrong: {},
    },
  ],
};

const rootMeanSquare: Study = {
  name: "root mean squared error",
  model: `
    t = target(4)
    p = param(4)
    E = sqrt(mean((p - t).^2))`,
  point: { p, t },
  published: [
    {
      source: "dmlc/xgboost, issue 3063: my_RMSEobj without the root's derivative",
      code: `
        dp = 2/4 * (p - t)`,
      wrong: { p: { cause: "missing-factor" } },
      decimals: 5,
    },
  ],
};

const squaredLogarithm: Study = {
  name: "squared logarithmic error",
  model: `
    t = target(4)
    p = param(4)
    L = 1/2 * sum((log1p(p) - log1p(t)).^2)`,
  point: { p, t },
  published: [
    {
      source: "dmlc/xgboost, issue 8000: the documented gradient, doubted for a missing + 1",
      code: `
        dp = (log(1 + p) - log(1 + t)) ./ (p + 1)`,
      wrong: {},
      decimals: 7,
    },
  ],
};

const huber: Study = {
  name: "Huber loss",
  model: `
    t = target(5)
    p = param(5)
    e1 = p - t
    a = abs(e1) <= 1
    L = sum(a .* e1.^2 / 2 + (1 - a) .* (abs(e1) - 1/2))`,
  point: { p: [0.5, 2.4, -1.9, 0.2, 3.1], t: [0.1, 0.7, 0.4, 0.9, 1.2] },
  published: [
    {
      source:
        "marlbenchmark/on-policy, issue 47: e > d for abs(e) > d, no gradient for large negative errors",
      code: `
        dp = a .* e1 + (e1 > 1) .* sign(e1)`,
      wrong: { p: [{ cause: "missing-term" }, { cause: "wrong-function" }] },
    },
  ],
};

export const boostingStudies: readonly Study[] = [
  logarithmic,
  fair,
  logistic,
  rootMeanSquare,
  squaredLogarithm,
  huber,
];
