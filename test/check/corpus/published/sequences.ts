/** Recurrent networks with an output at every step. */
import { matrix, numbers } from "../matrices.js";
import type { Study } from "./study.js";

const recurrent: Study = {
  name: "recurrent network, an output at each of three steps",
  model: `
    x1 = input(2)
    x2 = input(2)
    x3 = input(2)
    t1 = target(2)
    t2 = target(2)
    t3 = target(2)
    U = param(3, 2)
    W = param(3, 3)
    V = param(2, 3)
    b = param(3)
    c = param(2)
    h1 = tanh(U * x1 + b)
    s2 = U * x2 + W * h1 + b
    h2 = tanh(s2)
    s3 = U * x3 + W * h2 + b
    h3 = tanh(s3)
    y1 = V * h1 + c
    y2 = V * h2 + c
    y3 = V * h3 + c
    L = 1/2 * (sum((y1 - t1).^2) + sum((y2 - t2).^2) + sum((y3 - t3).^2))`,
  point: {
    x1: [0.7, -0.4],
    x2: [-0.3, 1.1],
    x3: [0.9, 0.2],
    t1: numbers(2, 311),
    t2: numbers(2, 312),
    t3: numbers(2, 313),
    U: matrix(3, 2, 314),
    W: matrix(3, 3, 315),
    V: matrix(2, 3, 316),
    b: numbers(3, 317),
    c: numbers(2, 318),
  },
  published: [
    {
      source: "qixianbiao/RNN, issue 2: the later step's gradient is not passed to the earlier one",
      code: `
        q1 = (V' * (y1 - t1)) .* (1 - h1.^2)
        q2 = (V' * (y2 - t2)) .* (1 - h2.^2)
        q3 = (V' * (y3 - t3)) .* (1 - h3.^2)
        dU = q1 * x1' + q2 * x2' + q3 * x3'
        dW = q2 * h1' + q3 * h2'
        db = q1 + q2 + q3
        dc = y1 - t1 + y2 - t2 + y3 - t3`,
      wrong: {
        U: { cause: "missing-term" },
        W: { cause: "missing-term" },
        b: { cause: "missing-term" },
      },
    },
    {
      source: "javaidnabi31/RNN-from-scratch, issue 2: dc += dc for dc += dy",
      code: `
        dc = [0; 0]
        dV = (y1 - t1) * h1' + (y2 - t2) * h2' + (y3 - t3) * h3'`,
      wrong: { c: { cause: "missing-term" } },
    },
    {
      source: "oreilly-japan/deep-learning-from-scratch-2, issue 26: 1 / (1 - h^2) proposed",
      code: `
        dh3 = V' * (y3 - t3)
        ds3 = dh3 ./ (1 - h3.^2)`,
      wrong: { s3: { cause: "wrong-function" } },
    },
  ],
};

const twoSteps: Study = {
  name: "two steps with numbers",
  model: `
    h0 = input()
    wh = param()
    wy = param()
    r1 = wh * h0
    h1 = tanh(r1)
    r2 = wh * h1
    h2 = tanh(r2)
    y = wy * h2`,
  point: { h0: 0.5, wh: 2, wy: 40 },
  published: [
    {
      source: "discuss.pytorch.org 187917: 1 - raw^2, printed as -40.21530288726289",
      code: `
        dr2 = (1 - r2^2) * wy
        dr1 = (1 - r1^2) * wh * dr2
        dwh = h1 * dr2 + h0 * dr1
        dwy = h2`,
      wrong: {
        r2: { cause: "wrong-variable", used: "r2", instead: "h2" },
        r1: { cause: "wrong-variable" },
        wh: { cause: "wrong-variable" },
      },
    },
  ],
};

const neuron: Study = {
  name: "a neuron whose bias is 0",
  model: `
    x = input()
    t = target()
    w = param()
    b = param()
    y = w * x + b
    L = (y - t)^2`,
  point: { x: 2, t: 3.1, w: 0.6, b: 0 },
  published: [
    {
      source: "xnought/backprop-explainer, issue 18: shouldn't it be 0, since the bias is 0?",
      code: `
        dw = 2 * (y - t) * x
        db = 0`,
      wrong: { b: [{ cause: "missing-term" }, { cause: "extra-factor", factor: "b" }] },
    },
    {
      source: "Grokking-Deep-Learning, issue 49: 0.5 * weight - 0.8 for a squared error, doubted",
      code: `
        dy = 2 * y - 2 * t
        dw = 4 * (2 * w - t) + 4 * b`,
      wrong: {},
    },
  ],
};

export const sequenceStudies: readonly Study[] = [recurrent, twoSteps, neuron];
