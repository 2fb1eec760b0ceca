/** Slopes of functions, some of them written out: read off another quantity, at another place, of another function. */
import { matrix, numbers } from "../matrices.js";
import type { Study } from "./study.js";

const writtenOut: Study = {
  name: "sigmoids written out, rows as examples",
  model: `
    N = size()
    X = input(N, 3)
    Y = target(N, 1)
    W1 = param(3, 4)
    b1 = param(1, 4)
    W2 = param(4, 1)
    b2 = param(1, 1)
    Z1 = X * W1 + b1
    H = 1 ./ (1 + exp(-Z1))
    Z2 = H * W2 + b2
    A = 1 ./ (1 + exp(-Z2))
    L = 1/2 * sum((A - Y).^2)`,
  point: {
    X: matrix(5, 3, 2101),
    Y: [[1], [0], [1], [1], [0]],
    W1: matrix(3, 4, 2102),
    b1: matrix(1, 4, 2103),
    W2: matrix(4, 1, 2104),
    b2: [[0.3]],
  },
  published: [
    {
      source: "Data Science SE, on bias gradients: the error in the slope, and no factor besides",
      code: `
        e = A - Y
        d2 = e .* (1 - e)
        dW2 = H' * d2
        db2 = sum(d2, 1)`,
      wrong: {
        W2: { cause: "wrong-variable", used: "dA", instead: "A" },
        b2: { cause: "wrong-variable", used: "dA", instead: "A" },
      },
    },
    {
      source: "often made: the argument in place of the output, z(1 - z)",
      code: `
        d2 = (A - Y) .* A .* (1 - A)
        d1 = (d2 * W2') .* Z1 .* (1 - Z1)
        dW1 = X' * d1`,
      wrong: { W1: { cause: "wrong-variable", used: "Z1", instead: "H" } },
    },
    {
      source: "often made: the inner derivative of the exponential forgotten",
      code: `
        d2 = (A - Y) .* A .* (1 - A)
        d1 = (d2 * W2') ./ (1 + exp(-Z1)).^2
        dW1 = X' * d1`,
      wrong: { W1: { cause: "missing-factor", factor: "exp'(-Z1)" } },
    },
  ],
};

const rectified: Study = {
  name: "a layer of relu",
  model: `
    X = input(3, 6)
    Y = target(1, 6)
    W1 = param(4, 3)
    W2 = param(1, 4)
    Z1 = W1 * X
    A1 = relu(Z1)
    Z2 = W2 * A1
    L = 1/2 * sum((Z2 - Y).^2)`,
  point: {
    X: matrix(3, 6, 2111),
    Y: matrix(1, 6, 2112),
    W1: matrix(4, 3, 2113),
    W2: matrix(1, 4, 2114),
  },
  published: [
    {
      source: "often made in deeplearning.ai's relu_backward: dZ[dA <= 0] = 0",
      code: `
        e = W2' * (Z2 - Y)
        d = e .* (e > 0)
        dW1 = d * X'`,
      wrong: { W1: { cause: "wrong-variable", used: "dA1", instead: "Z1" } },
      decimals: 6,
    },
  ],
};

const hinge: Study = {
  name: "hinge loss with decay",
  model: `
    n = size()
    X = input(n, 2)
    y = target(n)
    w = param(2)
    b = param()
    v = y .* (X * w + b)
    L = mean(maximum(1 - v, 0)) + 0.1 * sum(w.^2)`,
  point: {
    X: matrix(7, 2, 2121),
    y: [1, -1, 1, 1, -1, 1, 1],
    w: numbers(2, 2122),
    b: 0.2,
  },
  published: [
    {
      source: "often made in MIT 6.036, d_hinge: the perceptron's threshold, v < 0",
      code: `
        g = -y .* (v < 0) / 7
        dw = X' * g + 0.2 * w
        db = sum(g)`,
      wrong: { w: { cause: "wrong-function" }, b: { cause: "wrong-function" } },
    },
  ],
};

const pairwise: Study = {
  name: "Bayesian personalised ranking of one triple",
  model: `
    p = param(4)
    q = param(4)
    r = param(4)
    x = dot(p, q) - dot(p, r)
    L = -log(sigmoid(x)) + 0.005 * sum(p.^2)`,
  point: { p: numbers(4, 2131), q: numbers(4, 2132), r: numbers(4, 2133) },
  published: [
    {
      source: "gorse, issue 805: 1/(1 + exp(-x)) for exp(-x)/(1 + exp(-x))",
      code: `
        g = 1 / (1 + exp(-x))
        dp = -g * (q - r) + 0.01 * p
        dq = -g * p`,
      wrong: {
        p: { cause: "wrong-function", used: "sigmoid(x)", instead: "1 - sigmoid(x)" },
        q: { cause: "wrong-function", used: "sigmoid(x)", instead: "1 - sigmoid(x)" },
      },
    },
  ],
};

const quantiles: Study = {
  name: "quantile regression",
  model: `
    X = input(7, 2)
    y = target(7)
    w = param(2)
    b = param()
    r = y - X * w - b
    L = sum(maximum(0.3 * r, -0.7 * r)) / 7`,
  point: { X: matrix(7, 2, 2271), y: numbers(7, 2272), w: [0.4, -0.2], b: 0.1 },
  published: [
    {
      source:
        "OpenSTEF, pull request 328: the pinball loss's derivative times the size of the errors",
      code: `
        e = (0.3 * (r > 0) - 0.7 * (r < 0)) .* abs(r) / 7
        dw = -X' * e
        db = -sum(e)`,
      wrong: {
        w: { cause: "extra-factor", factor: "abs(r)" },
        b: { cause: "extra-factor", factor: "abs(r)" },
      },
    },
  ],
};

export const slopeStudies: readonly Study[] = [quantiles, writtenOut, rectified, hinge, pairwise];
