/** Questions in forums and reports on libraries. */
import { matrix, numbers } from "../matrices.js";
import type { Study } from "./study.js";

const power: Study = {
  name: "exponential of another base",
  model: `
    g = input(4)
    x = param(4)
    y = 1.7 .^ x
    L = dot(g, y)`,
  point: { g: numbers(4, 441), x: [0.4, 1.2, 2.3, 0.7] },
  published: [
    {
      source: "tenstorrent/tt-metal, pull request 52144: rpow_bw differentiates x^e instead of e^x",
      code: `
        dx = g .* 1.7 .* x.^0.7`,
      wrong: { x: { cause: "wrong-function" } },
    },
  ],
};

const tied: Study = {
  name: "one matrix in two layers",
  model: `
    x = input(3)
    t = target(3)
    W = param(3, 3)
    z = W * x
    h = tanh(z)
    y = W * h
    L = 1/2 * sum((y - t).^2)`,
  point: { x: numbers(3, 451), t: numbers(3, 452), W: matrix(3, 3, 453) },
  published: [
    {
      source:
        "NVIDIA/TransformerEngine, pull request 3552: tied weights, the later gradient assigned",
      code: `
        dW = ((W' * (y - t)) .* (1 - h.^2)) * x'`,
      wrong: { W: { cause: "missing-term" } },
    },
    {
      source:
        "itskonrad/miniMNIST-c, issue 7: input_grad added up twice, the second time with new weights",
      code: `
        g = y - t
        later = W - 0.01 * g * h'
        dh = W' * g + later' * g`,
      wrong: {
        h: [
          { cause: "extra-term + wrong-variable" },
          { cause: "constant-factor + wrong-variable" },
        ],
      },
    },
  ],
};

const attention: Study = {
  name: "attention of three tokens",
  model: `
    G = input(3, 2)
    Q = param(3, 2)
    K = param(3, 2)
    V = param(3, 2)
    S = Q * K' / sqrt(2)
    A = softmax(S, 2)
    O = A * V
    L = sum(G .* O)`,
  point: {
    G: matrix(3, 2, 461),
    Q: matrix(3, 2, 462),
    K: matrix(3, 2, 463),
    V: matrix(3, 2, 464),
  },
  published: [
    {
      source: "ooples/AiDotNet.Tensors, issue 49: swapped gradients of query and key",
      code: `
        B = G * V'
        D = A .* (B - sum(B .* A, 2)) / sqrt(2)
        dQ = D' * Q
        dK = D * K
        dV = A' * G`,
      wrong: { Q: { cause: "other-quantity", is: "K" }, K: { cause: "other-quantity", is: "Q" } },
    },
  ],
};

const hidden: Study = {
  name: "one rectified unit",
  model: `
    N = size()
    X = input(N, 3)
    t = target(N)
    w1 = param(3)
    b1 = param()
    w2 = param()
    b2 = param()
    z = X * w1 + b1
    h = relu(z)
    p = w2 * h + b2
    L = mean((p - t).^2)`,
  point: {
    X: matrix(6, 3, 471),
    t: numbers(6, 472),
    w1: numbers(3, 473),
    b1: 0.1,
    w2: 0.7,
    b2: -0.2,
  },
  published: [
    {
      source: "forums.fast.ai 107030: the simplified formula has no mask of the rectifier",
      code: `
        dw1 = 2/N * w2 * X' * (p - t)`,
      wrong: { w1: { cause: "missing-factor", factor: "relu'(z)" } },
    },
  ],
};

const logisticSum: Study = {
  name: "sum of a logistic output",
  model: `
    N = size()
    X = input(N, 3)
    w = param(3)
    y = sigmoid(X * w)
    L = sum(y)`,
  point: { X: matrix(5, 3, 481), w: numbers(3, 482) },
  published: [
    {
      source: "math.stackexchange 2979764: sigma(HW)(1 - sigma(HW))H, where does H' come from?",
      code: `
        dw = (y .* (1 - y)) .* X`,
      wrong: { w: { cause: "not-summed" } },
    },
  ],
};

const exponentialUnit: Study = {
  name: "exponential linear unit",
  model: `
    g = input(4)
    v = param(4)
    q = elu(v)
    L = dot(g, q)`,
  point: { g: numbers(4, 491), v: [-0.7, 0.4, -1.3, -0.2] },
  published: [
    {
      source: "mlpack, pull request 1540: Fn(y) + alpha, although y is the output already",
      code: `
        dv = g .* (step(v) + (1 - step(v)) .* (elu(q) + 1))`,
      wrong: { v: { cause: "wrong-variable", used: "q", instead: "v" } },
    },
  ],
};

const quadratics: Study = {
  name: "two quadratic forms",
  model: `
    A = input(3, 3)
    b = input(3)
    c = input(3)
    x = param(3)
    f = (x - b)' * A * (x - b) + sum((x - c).^2) + dot(b, c)`,
  point: {
    A: [
      [2, 1, 0],
      [1, 3, -1],
      [0, -1, 4],
    ],
    b: [1, -2, 0.5],
    c: [0.3, 0.8, -1],
    x: [0.2, 0.4, 1.5],
  },
  published: [
    {
      source: "math.stackexchange 2179723: 2A(x - b) + 2(x - c), doubted",
      code: `
        dx = 2 * A * (x - b) + 2 * (x - c)`,
      wrong: {},
    },
  ],
};

export const questionStudies: readonly Study[] = [
  power,
  tied,
  attention,
  hidden,
  logisticSum,
  exponentialUnit,
  quadratics,
];
