/** Losses with variances, divergences and sparsity; activations other than the usual ones. */
import { matrix, numbers } from "../matrices.js";
import type { Study } from "./study.js";

const gaussian: Study = {
  name: "Gaussian likelihood, log variance",
  model: `
    t = target(4)
    m = param(4)
    s = param(4)
    L = sum(1/2 * s + (t - m).^2 ./ (2 * exp(s)))`,
  point: { t: numbers(4, 171), m: numbers(4, 172), s: numbers(4, 173) },
  published: [
    {
      source: "y0ast/VAE-Torch, pull request 5: the constant in the derivative by log(sigma^2)",
      code: `
        dm = (m - t) ./ exp(s)
        ds = 1/4 - (t - m).^2 ./ (2 * exp(s))`,
      wrong: { s: { cause: "constant-factor", factor: 0.5 } },
    },
    {
      source: "often made with heteroscedastic regression: exp(-s) left out of the mean's gradient",
      code: `
        dm = m - t
        ds = 1/2 - (t - m).^2 ./ (2 * exp(s))`,
      wrong: { m: { cause: "missing-factor" } },
    },
  ],
};

const divergence: Study = {
  name: "divergence of a categorical from the uniform one",
  model: `
    a = param(5)
    q = softmax(a)
    K = sum(q .* (log(q) - log(1/5)))`,
  point: { a: numbers(5, 181) },
  published: [
    {
      source: "Kaixhin/Autoencoders, issue 9: the gradient of the divergence reversed",
      code: `
        dq = log(1/5) - log(q) - 1
        da = -q .* (log(q) - dot(q, log(q)))`,
      wrong: { q: { cause: "sign" }, a: { cause: "sign" } },
    },
    {
      source: "often made with entropy: the 1 of (q log q)' forgotten",
      code: `
        dq = log(q) - log(1/5)`,
      wrong: { q: { cause: "missing-term" } },
    },
  ],
};

const sparse: Study = {
  name: "sparse autoencoder",
  model: `
    N = size()
    X = input(4, N)
    W1 = param(3, 4)
    b1 = param(3)
    W2 = param(4, 3)
    b2 = param(4)
    Z = W1 * X + b1
    H = sigmoid(Z)
    R = W2 * H + b2
    r = mean(H, 2)
    C = 1/(2*N) * sum((R - X).^2)
    L = C + 0.5 * sum(0.1 * log(0.1 ./ r) + 0.9 * log(0.9 ./ (1 - r)))`,
  point: {
    X: matrix(4, 5, 191),
    W1: matrix(3, 4, 192),
    b1: numbers(3, 193),
    W2: matrix(4, 3, 194),
    b2: numbers(4, 195),
  },
  published: [
    {
      source: "jatinshah/ufldl_tutorial, issue 9: the sparsity penalty is not in the hidden delta",
      code: `
        G = (R - X) / N
        dW2 = G * H'
        G1 = (W2' * G) .* H .* (1 - H)
        dW1 = G1 * X'
        db1 = sum(G1, 2)`,
      wrong: { W1: { cause: "missing-term" }, b1: { cause: "missing-term" } },
    },
    {
      source: "often made in UFLDL: the sparsity term added after the slope instead of before it",
      code: `
        G = (R - X) / N
        k = 0.5 * (-0.1 ./ r + 0.9 ./ (1 - r)) / N
        G1 = (W2' * G) .* H .* (1 - H) + k
        dW1 = G1 * X'
        db1 = sum(G1, 2)`,
      wrong: { W1: { cause: "missing-factor" }, b1: { cause: "missing-factor" } },
    },
    {
      source: "often made in UFLDL: the sparsity term not divided by the number of examples",
      code: `
        G = (R - X) / N
        k = 0.5 * (-0.1 ./ r + 0.9 ./ (1 - r))
        G1 = (W2' * G + k) .* H .* (1 - H)
        db1 = sum(G1, 2)`,
      wrong: { b1: { cause: "constant-factor" } },
    },
  ],
};

const written: Study = {
  ...sparse,
  name: "sparse autoencoder, activations without a name before them",
  model: sparse.model.replace(/Z = (.*)\n\s*H = sigmoid\(Z\)/, "H = sigmoid($1)"),
  published: sparse.published.filter(({ source }) => source.includes("after the slope")),
};

const rectifiers: Study = {
  name: "leaky, exponential and gated units",
  model: `
    x = input(4)
    t = target(5)
    A = param(5, 4)
    B = param(5, 5)
    C = param(5, 5)
    u = A * x
    p = leakyrelu(u, 0.3)
    v = B * p
    q = elu(v)
    s = C * q
    y = silu(s)
    L = 1/2 * sum((y - t).^2)`,
  point: {
    x: numbers(4, 201),
    t: numbers(5, 202),
    A: matrix(5, 4, 203),
    B: matrix(5, 5, 204),
    C: matrix(5, 5, 205),
  },
  published: [
    {
      source: "scientific-computing/FKB, issue 15: leaky relu's derivative is relu's",
      code: `
        gs = (y - t) .* (sigmoid(s) + s .* sigmoid(s) .* (1 - sigmoid(s)))
        gv = (C' * gs) .* (step(v) + (1 - step(v)) .* (q + 1))
        dA = ((B' * gv) .* step(u)) * x'
        dC = gs * q'`,
      wrong: { A: { cause: "wrong-function" } },
    },
    {
      source: "mlpack, pull request 1540: elu's derivative as y + alpha with the argument for y",
      code: `
        gs = (y - t) .* (sigmoid(s) + s .* sigmoid(s) .* (1 - sigmoid(s)))
        gv = (C' * gs) .* (step(v) + (1 - step(v)) .* (v + 1))
        dB = gv * p'`,
      wrong: { B: { cause: "wrong-variable", used: "v", instead: "q" } },
    },
    {
      source: "often made with swish: the second term of the product rule forgotten",
      code: `
        gs = (y - t) .* sigmoid(s)
        dC = gs * q'`,
      wrong: { C: [{ cause: "missing-term" }, { cause: "wrong-function" }] },
    },
    {
      source: "SciML book, issue 164: the activation's derivative lost between two layers",
      code: `
        gs = (y - t) .* (sigmoid(s) + s .* sigmoid(s) .* (1 - sigmoid(s)))
        dB = (C' * gs) * p'
        dC = gs * q'`,
      wrong: { B: { cause: "missing-factor", factor: "elu'(v)" } },
      decimals: 5,
    },
  ],
};

const dropout: Study = {
  name: "inverted dropout",
  model: `
    N = size()
    X = input(N, 3)
    M = input(N, 4)
    T = target(N, 2)
    W1 = param(3, 4)
    W2 = param(4, 2)
    Z = X * W1
    H = relu(Z)
    D = H .* M / 0.8
    O = D * W2
    Y = relu(O)
    L = 1/N * sum((Y - T).^2)`,
  point: {
    X: matrix(4, 3, 211),
    M: [
      [1, 1, 0, 1],
      [0, 1, 1, 1],
      [1, 0, 1, 1],
      [1, 1, 1, 0],
    ],
    T: matrix(4, 2, 212),
    W1: matrix(3, 4, 213),
    W2: matrix(4, 2, 214),
  },
  published: [
    {
      source: "ddbourgin/numpy-ml, issue 94: the wrapper's backward scales, but does not mask",
      code: `
        G = 2/N * (Y - T) .* step(O)
        dW2 = D' * G
        dW1 = X' * ((G * W2') / 0.8 .* step(Z))`,
      wrong: { W1: { cause: "missing-factor", factor: "M" } },
    },
    {
      source:
        "ai-engineering-from-scratch, pull request 17: backward ignores the dropout altogether",
      code: `
        G = 2/N * (Y - T) .* step(O)
        dW1 = X' * ((G * W2') .* step(Z))`,
      wrong: { W1: { cause: "missing-factor", factor: "dD/dH" } },
    },
    {
      source: "dannyneil/spiking_relu_conversion, issue 1: relu of the output treated as linear",
      code: `
        G = 2/N * (Y - T)
        dW2 = D' * G`,
      wrong: { W2: { cause: "missing-factor", factor: "relu'(O)" } },
    },
  ],
};

export const lossStudies: readonly Study[] = [
  gaussian,
  divergence,
  sparse,
  written,
  rectifiers,
  dropout,
];
