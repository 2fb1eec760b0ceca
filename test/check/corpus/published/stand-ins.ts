/** Something that stands where something like it belongs: a kernel turned, a norm for another, a bound. */
import { matrix, numbers } from "../matrices.js";
import type { Study } from "./study.js";

const correlation: Study = {
  name: "one kernel over an image",
  model: `
    X = input(4, 4)
    T = target(3, 3)
    K = param(2, 2)
    Z = K[1, 1] * X[1:3, 1:3] + K[1, 2] * X[1:3, 2:4] + K[2, 1] * X[2:4, 1:3] + K[2, 2] * X[2:4, 2:4]
    L = 1/2 * sum((Z - T).^2)`,
  point: { X: matrix(4, 4, 1201), T: matrix(3, 3, 1202), K: matrix(2, 2, 1203) },
  published: [
    {
      source: "often made with convolve2d: the error turned, as the routine does with it",
      code: `
        e = Z - T
        R = [e[3, 3], e[3, 2], e[3, 1]; e[2, 3], e[2, 2], e[2, 1]; e[1, 3], e[1, 2], e[1, 1]]
        dK = [sum(R .* X[1:3, 1:3]), sum(R .* X[1:3, 2:4]); sum(R .* X[2:4, 1:3]), sum(R .* X[2:4, 2:4])]`,
      wrong: {
        K: { cause: "wrong-variable", used: "dZ turned by 180 degrees", instead: "dZ" },
      },
      decimals: 8,
    },
    {
      source: "often made with convolve2d: the kernel's gradient comes out turned",
      code: `
        e = Z - T
        dK = [sum(e .* X[2:4, 2:4]), sum(e .* X[2:4, 1:3]); sum(e .* X[1:3, 2:4]), sum(e .* X[1:3, 1:3])]`,
      wrong: { K: { cause: "transposed" } },
    },
    {
      source: "often made: a convolution forward and backward, where the model correlates",
      code: `
        e = K[2, 2] * X[1:3, 1:3] + K[2, 1] * X[1:3, 2:4] + K[1, 2] * X[2:4, 1:3] + K[1, 1] * X[2:4, 2:4] - T
        dK = [sum(e .* X[2:4, 2:4]), sum(e .* X[2:4, 1:3]); sum(e .* X[1:3, 2:4]), sum(e .* X[1:3, 1:3])]`,
      wrong: { K: { cause: "wrong-variable", used: "K turned by 180 degrees", instead: "K" } },
    },
  ],
};

const moments: Study = {
  name: "normalisation with given moments",
  model: `
    X = input(3, 5)
    T = target(2, 5)
    m = input(2)
    s = input(2)
    W = param(2, 3)
    g = param(2)
    b = param(2)
    Z = W * X
    Q = (Z - m) ./ s
    Y = g .* Q + b
    L = 1/2 * sum((Y - T).^2)`,
  point: {
    X: matrix(3, 5, 1261),
    T: matrix(2, 5, 1262),
    m: numbers(2, 1263),
    s: [0.8, 1.7],
    W: matrix(2, 3, 1264),
    g: [1.2, -0.7],
    b: numbers(2, 1265),
  },
  published: [
    {
      source: "vlfeat, vl_nnbnorm with moments: the derivative of moments of the batch",
      code: `
        E = g .* (Y - T)
        dZ = (E - mean(E, 2) - Q .* mean(E .* Q, 2)) ./ s
        dW = dZ * X'`,
      wrong: { Z: { cause: "extra-term" }, W: { cause: "extra-term", arisesIn: "Z" } },
    },
  ],
};

const advantage: Study = {
  name: "an actor and a critic",
  model: `
    S = input(4, 3)
    A = input(4, 2)
    R = input(4)
    a = input(4)
    W = param(2, 3)
    w = param(3)
    p = softmax(S * W', 2)
    v = S * w
    l = sum(A .* log(p), 2)
    L = -mean(l .* a) + 1/2 * mean((R - v).^2)`,
  point: {
    S: matrix(4, 3, 1271),
    A: [
      [1, 0],
      [0, 1],
      [0, 1],
      [1, 0],
    ],
    R: numbers(4, 1272),
    a: numbers(4, 1273),
    W: matrix(2, 3, 1274),
    w: numbers(3, 1275),
  },
  published: [
    {
      source: "often made with advantages: the policy's loss is passed back into the values",
      code: `
        dw = S' * (v - R) / 4 + S' * l / 4`,
      wrong: { w: { cause: "extra-term", term: "-da", arisesIn: "v" } },
    },
  ],
};

const normalised: Study = {
  name: "a vector of length one, nearly",
  model: `
    x = input(3)
    t = target(4)
    W = param(4, 3)
    z = W * x
    n = norm(z)
    y = z / (n + 0.2)
    loss = 1/2 * sum((y - t).^2)`,
  point: { x: numbers(3, 1211), t: numbers(4, 1212), W: matrix(4, 3, 1213) },
  published: [
    {
      source: "NormalizeL2, backward: the norm with its epsilon in the norm's own derivative, too",
      code: `
        g = y - t
        dz = g / (n + 0.2) - z * dot(z, g) / (n + 0.2)^3
        dW = dz * x'`,
      wrong: {
        z: { cause: "wrong-variable", used: "n + 0.2", instead: "n" },
        W: { cause: "wrong-variable", arisesIn: "z" },
      },
      decimals: 8,
    },
  ],
};

const softmaxJacobian: Study = {
  name: "softmax and cross-entropy of two",
  model: `
    x = input(2)
    T = target(2)
    W = param(2, 2)
    Z = W * x
    A = softmax(Z, 1)
    E = -sum(T .* log(A))`,
  point: { x: [1.5, 0.5], T: [0, 1], W: matrix(2, 2, 1221) },
  published: [
    {
      source: "datascience.stackexchange 64746: the softmax's Jacobian with the logits",
      code: `
        dA = -T ./ A
        dZ = Z .* dA - Z * dot(Z, dA)
        dW = dZ * x'`,
      wrong: {
        Z: { cause: "wrong-variable", used: "Z", instead: "A" },
        W: { cause: "wrong-variable", arisesIn: "Z" },
      },
    },
  ],
};

const lasso: Study = {
  name: "least squares with the norm as penalty",
  model: `
    N = size()
    X = input(N, 3)
    y = target(N)
    w = param(3)
    r = y - X * w
    J = 1/2 * sum(r.^2) + 0.1 * norm(w)`,
  point: { X: matrix(5, 3, 1231), y: numbers(5, 1232), w: [-0.82, -1.21, 0.15] },
  published: [
    {
      source: "eriklindernoren/ML-From-Scratch, issue 105: sign(w) for the derivative of the norm",
      code: `
        dw = -X' * r + 0.1 * sign(w)`,
      wrong: { w: { cause: "wrong-function", used: "sign(w)" } },
      decimals: 6,
    },
  ],
};

const ratings: Study = {
  name: "ratings from 1 to 5",
  model: `
    R = target(3, 4)
    M = input(3, 4)
    U = param(3, 2)
    V = param(4, 2)
    P = 3.2 + U * V'
    L = sum((M .* (R - P)).^2) + 0.02 * (sum(U.^2) + sum(V.^2))`,
  point: {
    R: [
      [1, 4, 4, 3],
      [4, 2, 5, 2],
      [5, 2, 2, 2],
    ],
    M: [
      [1, 0, 1, 1],
      [1, 1, 0, 1],
      [1, 1, 1, 0],
    ],
    U: [
      [-0.1, 0.9],
      [-2.8, -1.5],
      [-0.1, -2],
    ],
    V: [
      [-0.9, -0.1],
      [-0.8, -0.4],
      [0.1, 0.7],
      [-0.3, 1.2],
    ],
  },
  published: [
    {
      source:
        "apache/spark, pull request 18337: the prediction kept within 1 and 5 in the residual",
      code: `
        e = M .* (R - maximum(minimum(P, 5), 1))
        dU = -2 * e * V + 0.04 * U
        dV = -2 * e' * U + 0.04 * V`,
      wrong: { U: { cause: "clipped" }, V: { cause: "clipped" } },
      decimals: 7,
    },
  ],
};

const generator: Study = {
  name: "a generator's loss",
  model: `
    Z = input(2, 4)
    w = input(3)
    W = param(3, 2)
    G = tanh(W * Z)
    s = w' * G
    D = sigmoid(s)
    L = 1/4 * sum(log(1 - D))`,
  point: { Z: matrix(2, 4, 1241), w: numbers(3, 1242), W: matrix(3, 2, 1243) },
  published: [
    {
      source: "often made with generators: log(1 - D) is written, -log D differentiated",
      code: `
        ds = 1/4 * (D - 1)
        dW = ((w * ds) .* (1 - G.^2)) * Z'`,
      wrong: {
        s: { cause: "wrong-function", used: "the derivative of -log(D)" },
        W: { cause: "wrong-function" },
      },
    },
  ],
};

const margins: Study = {
  name: "logistic loss with labels -1 and 1",
  model: `
    X = input(6, 3)
    y = target(6)
    w = param(3)
    M = y .* (X * w)
    loss = sum(log(1 + exp(-M))) + 1/2 * sum(w.^2)`,
  point: { X: matrix(6, 3, 1251), y: [1, -1, -1, 1, 1, -1], w: numbers(3, 1252) },
  published: [
    {
      source: "Yorko/mlcourse.ai, issue 640: the minus in the sigmoid's argument lost",
      code: `
        dw = -X' * (y .* sigmoid(M)) + w`,
      wrong: { w: { cause: "wrong-function", used: "sigmoid(M)", instead: "sigmoid(-M)" } },
    },
  ],
};

export const standInStudies: readonly Study[] = [
  correlation,
  moments,
  advantage,
  normalised,
  softmaxJacobian,
  lasso,
  ratings,
  generator,
  margins,
];
