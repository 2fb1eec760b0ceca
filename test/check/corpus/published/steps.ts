/** Single steps of long backward passes: attention, repeated samples, loops written in one line too few. */
import { matrix, numbers } from "../matrices.js";
import type { Study } from "./study.js";

const attention: Study = {
  name: "scaled dot-product attention",
  model: `
    n = size()
    X = input(n, 4)
    T = target(n, 3)
    Wq = param(4, 3)
    Wk = param(4, 3)
    Wv = param(4, 3)
    Q = X * Wq
    K = X * Wk
    V = X * Wv
    S = Q * K' / sqrt(3)
    A = softmax(S, 2)
    O = A * V
    L = sum((O - T).^2) / 5`,
  point: {
    X: matrix(5, 4, 341),
    T: matrix(5, 3, 342),
    Wq: matrix(4, 3, 343),
    Wk: matrix(4, 3, 344),
    Wv: matrix(4, 3, 345),
  },
  published: [
    {
      source: "often made in transformers from scratch: the scale forgotten on the way back",
      code: `
        G = 2 / 5 * (O - T)
        dWv = X' * (A' * G)
        dA = G * V'
        dS = A .* (dA - sum(dA .* A, 2))
        dWq = X' * (dS * K)
        dWk = X' * (dS' * Q)`,
      wrong: {
        Wq: { cause: "constant-factor" },
        Wk: { cause: "constant-factor" },
      },
    },
    {
      source: "often made in transformers from scratch: softmax over the queries, forward and back",
      code: `
        B = softmax(S, 1)
        G = 2 / 5 * (B * V - T)
        dWv = X' * (B' * G)
        dB = G * V'
        D = B .* dB - B .* ([1; 1; 1; 1; 1] * sum(dB .* B, 1)')
        dWq = X' * (D * K) / sqrt(3)
        dWk = X' * (D' * Q) / sqrt(3)`,
      wrong: {
        Wq: { cause: "wrong-function" },
        Wk: { cause: "wrong-function" },
        Wv: { cause: "wrong-function" },
      },
    },
  ],
};

const logistic: Study = {
  name: "logistic regression in loops",
  model: `
    m = size()
    X = input(m, 3)
    y = target(m)
    b = param(3)
    z = X * b
    L = sum(softplus(z) - y .* z)`,
  point: { X: matrix(6, 3, 351), y: [1, 0, 0, 1, 1, 0], b: numbers(3, 352) },
  published: [
    {
      source: "Stack Exchange, gradient descent for logistic regression isn't stable",
      code: `
        db = X' * [0; 0; 0; 0; 0; 1] * sum(sigmoid(z) - y)`,
      wrong: { b: [{ cause: "wrong-variable" }, { cause: "over-summed" }] },
    },
  ],
};

export const stepStudies: readonly Study[] = [attention, logistic];
