/** What weights are multiplied by and what comes back through them: one share turned, a gradient for a weight, brackets. */
import { matrix, numbers } from "../matrices.js";
import type { Study } from "./study.js";

const planar: Study = {
  name: "two layers, examples as columns",
  model: `
    X = input(2, 5)
    Y = target(1, 5)
    W1 = param(4, 2)
    b1 = param(4)
    W2 = param(1, 4)
    Z1 = W1 * X + b1
    A1 = tanh(Z1)
    L = 1/2 * sum((W2 * A1 - Y).^2) / 5`,
  point: {
    X: matrix(2, 5, 2201),
    Y: matrix(1, 5, 2202),
    W1: matrix(4, 2, 2203),
    b1: numbers(4, 2204),
    W2: matrix(1, 4, 2205),
  },
  published: [
    {
      source: "deeplearning.ai, planar data: dW2 for W2 in dZ1",
      code: `
        d2 = (W2 * A1 - Y) / 5
        dW2 = d2 * A1'
        e = (dW2' * d2) .* (1 - A1.^2)
        dW1 = e * X'
        db1 = e * ones(5, 1)`,
      wrong: {
        W1: { cause: "wrong-variable", used: "dW2", instead: "W2" },
        b1: { cause: "wrong-variable", used: "dW2", instead: "W2" },
      },
    },
  ],
};

const tied: Study = {
  name: "an autoencoder with square tied weights",
  model: `
    x = input(3)
    W = param(3, 3)
    h = W * x
    r = W' * h
    L = 1/2 * sum((r - x).^2)`,
  point: { x: numbers(3, 2211), W: matrix(3, 3, 2212) },
  published: [
    {
      source: "often made with tied weights: the decoder's share is not transposed",
      code: `
        e = r - x
        dW = (W * e) * x' + e * h'`,
      wrong: { W: { cause: "transposed" } },
    },
  ],
};

const twoSamples: Study = {
  name: "one layer over two signals, positions as columns",
  model: `
    P = input(3, 4)
    Q = input(3, 4)
    S = target(2, 4)
    T = target(2, 4)
    K = param(2, 3)
    b = param(2)
    U = K * P + b
    V = K * Q + b
    L = 1/2 * sum((U - S).^2) + 1/2 * sum((V - T).^2)`,
  point: {
    P: matrix(3, 4, 2221),
    Q: matrix(3, 4, 2222),
    S: matrix(2, 4, 2223),
    T: matrix(2, 4, 2224),
    K: matrix(2, 3, 2225),
    b: numbers(2, 2226),
  },
  published: [
    {
      source: "cruise, issue 800: the bias of a convolution summed over the examples only",
      code: `
        db = (U - S) + (V - T)`,
      wrong: { b: { cause: "not-summed" } },
    },
  ],
};

const cell: Study = {
  name: "a cell with given derivatives behind it",
  model: `
    c = input(3)
    x = input(2)
    da = input(3)
    dc = input(3)
    Wf = param(3, 2)
    Wo = param(3, 2)
    zf = Wf * x
    zo = Wo * x
    f = sigmoid(zf)
    o = sigmoid(zo)
    m = f .* c
    a = o .* tanh(m)
    L = dot(da, a) + dot(dc, m)`,
  point: {
    c: numbers(3, 2231),
    x: numbers(2, 2232),
    da: numbers(3, 2233),
    dc: numbers(3, 2234),
    Wf: matrix(3, 2, 2235),
    Wo: matrix(3, 2, 2236),
  },
  published: [
    {
      source: "deeplearning.ai, the LSTM's formulas printed without their outer brackets",
      code: `
        e = dc .* c + o .* (1 - tanh(m).^2) .* c .* da .* f .* (1 - f)
        dWf = e * x'`,
      wrong: { Wf: { cause: "missing-factor", factor: "f .* (1 - f)" } },
    },
  ],
};

const selu: Study = {
  name: "a layer of SELU",
  model: `
    x = input(4)
    t = target(3)
    W = param(3, 4)
    z = W * x
    y = 1.0507 * elu(z, 1.6733)
    L = 1/2 * sum((y - t).^2)`,
  point: { x: numbers(4, 2241), t: numbers(3, 2242), W: matrix(3, 4, 2243) },
  published: [
    {
      source:
        "mlpack, pull request 1540: lambda (y + alpha) of the output y, which has lambda in it",
      code: `
        dW = ((y - t) .* 1.0507 .* ((z > 0) + (z <= 0) .* (y + 1.6733))) * x'`,
      wrong: { W: { cause: "wrong-function" } },
    },
    {
      source: "often made: the derivative of elu for alpha = 1",
      code: `
        dW = ((y - t) .* 1.0507 .* ((z > 0) + (z <= 0) .* (y / 1.0507 + 1))) * x'`,
      wrong: { W: { cause: "wrong-function" } },
    },
  ],
};

const normalised: Study = {
  name: "rows divided by their sums of absolute values",
  model: `
    X = input(4, 3)
    T = target(4, 3)
    V = param(3, 3)
    Z = X * V
    s = sum(abs(Z), 2)
    Y = Z ./ s
    L = 1/2 * sum((Y - T).^2)`,
  point: { X: matrix(4, 3, 2251), T: matrix(4, 3, 2252), V: matrix(3, 3, 2253) },
  published: [
    {
      source: "happynear/caffe-windows, issue 205: the square of another norm for the sign",
      code: `
        e = Y - T
        m = sum(e .* Z, 2) ./ s
        dV = X' * ((e - (Z.^2) .* m) ./ s)`,
      wrong: { V: { cause: "wrong-function" } },
    },
  ],
};

export const weightStudies: readonly Study[] = [planar, tied, twoSamples, cell, selu, normalised];
