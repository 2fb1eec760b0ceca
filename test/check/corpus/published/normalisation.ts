/** Batch normalisation, softmax and vectors of length one. */
import { matrix, numbers } from "../matrices.js";
import type { Study } from "./study.js";

const batchNorm: Study = {
  name: "batch normalisation",
  model: `
    N = size()
    X = input(N, 3)
    T = target(N, 3)
    W = param(3, 3)
    g = param(3)
    b = param(3)
    Z = X * W
    m = mean(Z, 1)
    D = Z - m'
    v = mean(D.^2, 1)
    s = sqrt(v + 0.001)
    Q = D ./ s'
    Y = Q .* g' + b'
    L = 1/2 * sum((Y - T).^2)`,
  point: {
    X: matrix(5, 3, 221),
    T: matrix(5, 3, 222),
    W: matrix(3, 3, 223),
    g: [1.2, 0.8, -0.5],
    b: [0.1, -0.3, 0.2],
  },
  published: [
    {
      source: "mlpack, pull request 1327, before: mean and variance taken as constants",
      code: `
        G = Y - T
        dg = sum(G .* Q, 1)
        db = sum(G, 1)
        dZ = G .* g' ./ s'`,
      wrong: { Z: { cause: "missing-term" } },
    },
    {
      source: "often made with batch normalisation: the variance's path forgotten",
      code: `
        G = (Y - T) .* g'
        dZ = (G - mean(G, 1)') ./ s'
        dW = X' * dZ`,
      wrong: { Z: { cause: "missing-term" }, W: { cause: "missing-term" } },
    },
    {
      source: "often made with batch normalisation: sums where means belong",
      code: `
        G = (Y - T) .* g'
        dZ = (G - sum(G, 1)' - Q .* sum(G .* Q, 1)') ./ s'`,
      wrong: { Z: { cause: "constant-factor" } },
    },
    {
      source: "often made with batch normalisation: gamma's gradient with x for x-hat",
      code: `
        G = Y - T
        dg = sum(G .* Z, 1)
        db = sum(G, 1)`,
      wrong: { g: { cause: "wrong-variable", used: "Z", instead: "Q" } },
    },
    {
      source: "often made with layers that scale: gamma's gradient with gamma for x-hat",
      code: `
        G = Y - T
        dg = sum(G .* g', 1)
        db = sum(G, 1)`,
      wrong: { g: { cause: "wrong-variable", used: "g'", instead: "Q" } },
      decimals: 8,
    },
    {
      source: "often made with batch normalisation: gamma and beta not summed over the batch",
      code: `
        G = Y - T
        dg = G .* Q
        db = G`,
      wrong: { g: { cause: "not-summed" }, b: { cause: "not-summed" } },
    },
  ],
};

const logSoftmax: Study = {
  name: "log-softmax of two",
  model: `
    z = param(2)
    l = logsoftmax(z)
    L = sum(l)`,
  point: { z: [0.1, 0.9] },
  published: [
    {
      source: "mlpack, issue 2360: backward printed as 1.31003 and 1.68997",
      code: `
        dz = 1 + softmax(z)`,
      wrong: {
        z: [
          { cause: "missing-factor", factor: "sum(dl)" },
          { cause: "sign" },
          { cause: "constant-factor" },
          { cause: "constant-factor + sign" },
        ],
      },
      decimals: 5,
    },
  ],
};

const unitVector: Study = {
  name: "normalised embedding",
  model: `
    x = input(3)
    c = input(4)
    W = param(4, 3)
    z = W * x
    n = norm(z)
    y = z / n
    L = -dot(c, y)`,
  point: { x: [0.8, -0.5, 1.2], c: numbers(4, 231), W: matrix(4, 3, 232) },
  published: [
    {
      source: "mxnet-ssd, issue 48: the norm divided by twice in the projection",
      code: `
        dz = (-c + y * dot(c, y) / n) / n`,
      wrong: {
        z: [
          { cause: "extra-factor" },
          { cause: "wrong-variable", used: "y", instead: "z" },
          { cause: "missing-factor" },
          { cause: "constant-factor" },
        ],
      },
    },
    {
      source: "often made with cosine losses: the norm taken as a constant",
      code: `
        dz = -c / n
        dW = dz * x'`,
      wrong: { z: { cause: "missing-term" }, W: { cause: "missing-term" } },
    },
    {
      source: "pjreddie/darknet, issue 1837: the diagonal of the projection only",
      code: `
        dz = -c .* (1 - y .* y) / n`,
      wrong: { z: { cause: "missing-term" } },
    },
    {
      source: "caffe, pull request 4983: a cosine loss off by a constant, the batch's size of 512",
      code: `
        dz = 512 * (-c + y * dot(c, y)) / n`,
      wrong: { z: { cause: "constant-factor" } },
    },
  ],
};

export const normalisationStudies: readonly Study[] = [batchNorm, logSoftmax, unitVector];
