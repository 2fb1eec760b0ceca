/** Regularisers and priors: terms beside the data's, and what their parameters mean. */
import { matrix, numbers } from "../matrices.js";
import type { Study } from "./study.js";

const divergence: Study = {
  name: "divergence from a normal prior",
  model: `
    x = input(3)
    t = target(2)
    mu = param(2, 3)
    lv = param(2, 3)
    y = mu * x
    KL = sum(-1/2 * lv + 1/2 * (exp(lv) + mu.^2) - 1/2)
    L = 1/2 * sum((y - t).^2) + KL`,
  point: { x: numbers(3, 801), t: numbers(2, 802), mu: matrix(2, 3, 803), lv: matrix(2, 3, 804) },
  published: [
    {
      source:
        "KarenUllrich/Tutorial_BayesianCompressionForDL, issue 1: a log-variance read as a log-deviation",
      code: `
        dmu = (y - t) * x' + mu
        dlv = exp(lv).^2 - 1`,
      wrong: { lv: { cause: "wrong-function", used: "2 * lv", instead: "lv" } },
    },
  ],
};

const ratings: Study = {
  name: "ratings with biases",
  model: `
    r = target()
    d = input()
    bu = param()
    bt = param()
    y = bu + bt * d
    e = r - y
    L = e^2 + 0.15 * (bu^2 + bt^2)`,
  point: { r: 4, d: 1.37, bu: -0.35, bt: 0.42 },
  published: [
    {
      source:
        "dandxy89/BellkorAlgorithm, issue 3: the regulariser inside the bracket with the error",
      code: `
        dbu = -2 * e + 0.3 * bu
        dbt = 2 * e * (-d + 0.15 * bt)`,
      wrong: { bt: { cause: "extra-factor", factor: "e" } },
    },
  ],
};

export const priorStudies: readonly Study[] = [divergence, ratings];
