/** Kernels, margins, angles and norms. */
import { matrix, numbers } from "../matrices.js";
import type { Study } from "./study.js";

const kernel: Study = {
  name: "Gaussian kernel with a width for each feature",
  model: `
    N = size()
    X = input(N, 3)
    t = target(N)
    l = param(3)
    D = X ./ l'
    q = sum(D.^2, 2)
    k = exp(-1/2 * q)
    L = sum(t .* k)`,
  point: { X: matrix(4, 3, 321), t: numbers(4, 322), l: [2, 0.7, 1.3] },
  published: [
    {
      source: "scikit-learn, issues 11113 and 13457: divided by the width squared, not cubed",
      code: `
        dl = sum(t .* k .* X.^2, 1) ./ l.^2`,
      wrong: {
        l: [
          { cause: "extra-factor", factor: "l" },
          { cause: "missing-factor", factor: "1 ./ l" },
        ],
      },
      decimals: 8,
    },
  ],
};

const network: Study = {
  name: "radial basis functions with widths",
  model: `
    X = input(5, 3)
    t = target(5)
    w = param(3)
    c = param(3)
    s = param(3)
    D = (X - c').^2
    q = D ./ (2 * s'.^2)
    y = exp(-q) * w
    L = 1/2 * sum((y - t).^2)`,
  point: {
    X: matrix(5, 3, 323),
    t: numbers(5, 324),
    w: numbers(3, 325),
    c: [-0.5, 0.1, 0.6],
    s: [0.6, 0.9, 1.4],
  },
  published: [
    {
      source: "often made with widths: sigma squared below the line, as for the centres",
      code: `
        G = ((y - t) * w') .* exp(-q)
        ds = sum(G .* D, 1) ./ s.^2`,
      wrong: { s: { cause: "missing-factor", factor: "1 ./ s" } },
    },
  ],
};

const logistic: Study = {
  name: "logistic loss, labels -1 and 1",
  model: `
    N = size()
    X = input(N, 3)
    y = target(N)
    w = param(3)
    m = y .* (X * w)
    L = sum(log(1 + exp(-m)))`,
  point: { X: matrix(5, 3, 331), y: [1, -1, -1, 1, 1], w: numbers(3, 332) },
  published: [
    {
      source: "stats.stackexchange 134754: grad = X' * temp2 in the question's Matlab code",
      code: `
        u = exp(-m)
        dw = X' * (u ./ (1 + u) .* y)`,
      wrong: { w: { cause: "sign" } },
    },
    {
      source: "stats.stackexchange 134754: the question's formula, with exp(m) for exp(-m)",
      code: `
        u = exp(m)
        dw = X' * (u ./ (1 + u) .* y)`,
      wrong: {
        w: [
          { cause: "sign + wrong-variable" },
          { cause: "sign + wrong-function" },
          { cause: "sign" },
        ],
      },
    },
  ],
};

const binary: Study = {
  name: "binary cross-entropy, mean over the outputs",
  model: `
    x = input(4)
    t = target(3)
    W = param(3, 4)
    z = W * x
    p = sigmoid(z)
    L = -mean(t .* log(p) + (1 - t) .* log(1 - p))`,
  point: { x: numbers(4, 341), t: [1, 0, 1], W: matrix(3, 4, 342) },
  published: [
    {
      source: "oysteijo/simd_neuralnet, issue 1: off by the number of outputs",
      code: `
        dW = (p - t) * x'`,
      wrong: { W: { cause: "constant-factor", factor: 3 } },
    },
  ],
};

const angularMargin: Study = {
  name: "angular margin",
  model: `
    g = input(4)
    c = param(4)
    f = c * 0.8 - sqrt(1 - c.^2) * 0.6
    L = sum(g .* f.^2)`,
  point: { g: numbers(4, 351), c: [0.3, -0.5, 0.7, 0.1] },
  published: [
    {
      source: "xialuxi/arcface-caffe, issue 19: bottom_diff not multiplied with what comes in",
      code: `
        dc = 0.8 + 0.6 * c ./ sqrt(1 - c.^2)`,
      wrong: { c: { cause: "missing-factor", factor: "df" } },
    },
  ],
};

const ranking: Study = {
  name: "margin ranking loss",
  model: `
    y = target(4)
    u = param(4)
    v = param(4)
    m = 0.5 - y .* (u - v)
    L = sum(relu(m))`,
  point: { y: [1, -1, 1, -1], u: numbers(4, 361), v: numbers(4, 362) },
  published: [
    {
      source: "mlpack, issue 3167: the derivative by y for that by x1",
      code: `
        du = -step(m) .* (u - v)`,
      wrong: { u: { cause: "other-quantity", is: "y" } },
    },
  ],
};

const softened: Study = {
  name: "normalisation with a large epsilon",
  model: `
    g = input(3)
    x = param(3)
    n = norm(x)
    r = n + 0.1
    y = x / r
    L = dot(g, y)`,
  point: { g: numbers(3, 371), x: [0.6, -0.2, 0.9] },
  published: [
    {
      source: "chainer, pull request 4190: NormalizeL2's backward for an epsilon that counts",
      code: `
        dx = (g - y * dot(y, g)) / r`,
      wrong: {
        x: [{ cause: "wrong-variable" }, { cause: "constant-factor" }, { cause: "missing-factor" }],
      },
    },
  ],
};

const compression: Study = {
  name: "divergence of a normal from the standard one",
  model: `
    m = param(4)
    v = param(4)
    K = sum(-1/2 * v + 1/2 * (exp(v) + m.^2) - 1/2)`,
  point: { m: numbers(4, 381), v: numbers(4, 382) },
  published: [
    {
      source:
        "Tutorial_BayesianCompressionForDL, issue 1: the log variance taken for a log deviation",
      code: `
        dm = m
        dv = exp(v).^2 - 1`,
      wrong: {
        v: [
          { cause: "wrong-function" },
          { cause: "wrong-variable" },
          { cause: "constant-factor + wrong-function" },
        ],
      },
    },
  ],
};

export const kernelStudies: readonly Study[] = [
  kernel,
  network,
  logistic,
  binary,
  angularMargin,
  ranking,
  softened,
  compression,
];
