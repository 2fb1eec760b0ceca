/** Right gradients that somebody reported as wrong. */
import { matrix, numbers } from "../matrices.js";
import type { Study } from "./study.js";

const batchNorm: Study = {
  name: "normalisation by the batch, doubted",
  model: `
    N = size()
    X = input(N, 3)
    T = target(N, 3)
    W = param(3, 3)
    Z = X * W
    m = mean(Z, 1)
    D = Z - m'
    v = mean(D.^2, 1)
    s = sqrt(v + 0.00001)
    Q = D ./ s'
    L = sum((Q - T).^3)`,
  point: { X: matrix(6, 3, 261), T: matrix(6, 3, 262), W: matrix(3, 3, 263) },
  published: [
    {
      source: "caffe, issues 3878 and 4110: a fourth path seems to be missing, but is 0",
      code: `
        G = 3 * (Q - T).^2
        dZ = (G - mean(G, 1)' - Q .* mean(G .* Q, 1)') ./ s'`,
      wrong: {},
    },
    {
      source: "caffe, issue 3912: the same formula, projected first and centered after",
      code: `
        G = 3 * (Q - T).^2
        P = (G - Q .* mean(G .* Q, 1)') ./ s'
        dZ = P - mean(P, 1)'`,
      wrong: {},
    },
    {
      source: "darknet, pull request 29: the mean's delta without the term that sums to 0",
      code: `
        G = 3 * (Q - T).^2
        dm = -sum(G, 1) ./ s
        dv = sum(G .* D, 1) .* (-1/2) ./ s.^3
        dW = X' * ((G ./ s') + 2/N * D .* dv' + dm' / N)`,
      wrong: {},
      decimals: 6,
    },
  ],
};

const classifier: Study = {
  name: "relu and sigmoid with cross-entropy, doubted",
  model: `
    N = size()
    X = input(N, 3)
    T = target(N, 2)
    W1 = param(3, 4)
    W2 = param(4, 2)
    Z1 = X * W1
    H = relu(Z1)
    Z2 = H * W2
    P = sigmoid(Z2)
    L = -sum(T .* log(P) + (1 - T) .* log(1 - P))`,
  point: {
    X: matrix(4, 3, 271),
    T: [
      [1, 0],
      [0, 1],
      [1, 0],
      [1, 1],
    ],
    W1: matrix(3, 4, 272),
    W2: matrix(4, 2, 273),
  },
  published: [
    {
      source: "python-machine-learning-book-2nd-edition, issue 54: no sigmoid derivative in a - y",
      code: `
        G = P - T
        dW2 = H' * G
        dW1 = X' * ((G * W2') .* step(Z1))`,
      wrong: {},
    },
    {
      source:
        "scikit-learn, issue 14244; Grokking-Deep-Learning, issue 9: the mask from the output",
      code: `
        G = P - T
        dW1 = X' * ((G * W2') .* (H > 0))`,
      wrong: {},
    },
    {
      source: "LossFunctions.jl, issue 135: the loss's derivative by the output",
      code: `
        dP = (1 - T) ./ (1 - P) - T ./ P
        dZ2 = dP .* P .* (1 - P)`,
      wrong: {},
      decimals: 8,
    },
  ],
};

const neuron: Study = {
  name: "a sigmoid neuron, doubted",
  model: `
    x = input(3)
    t = target()
    w = param(3)
    b = param()
    y = sigmoid(dot(w, x) + b)
    L = 1/2 * (t - y)^2`,
  point: { x: [0.5, -1.5, 2], t: 1, w: [0.3, 0.1, -0.6], b: 0.2 },
  published: [
    {
      source: "Neural-Network-Projects-with-Python, issue 4: x(1 - x) of the layer's output",
      code: `
        g = -(t - y) * y * (1 - y)
        dw = g * x
        db = g`,
      wrong: {},
    },
    {
      source: "udacity/deep-learning, issue 285: subtracting with d_error = -(y - output)",
      code: `
        g = -(t - y) * y * (1 - y)
        dw = x * g`,
      wrong: {},
      decimals: 4,
    },
  ],
};

const normal: Study = {
  name: "normal likelihood, doubted",
  model: `
    N = size()
    X = input(N, 1)
    m = param()
    s = param()
    l = 1/N * sum(-1/2 * log(2 * pi) - (X - m).^2 / (2 * s^2) - log(s))`,
  point: { X: [[0.3], [1.8], [-0.4], [2.2]], m: 0.7, s: 1.3 },
  published: [
    {
      source: "math.stackexchange 3619998 and the question on maximum likelihood by ascent",
      code: `
        dm = mean(X) / s^2 - m / s^2
        ds = 1/(N * s^3) * sum((X - m).^2) - 1/s`,
      wrong: {},
    },
  ],
};

const cell: Study = {
  name: "memory cell, doubted",
  model: `
    x = input(3)
    o1 = input(3)
    o2 = input(3)
    f = input(3)
    t = target(3)
    u = target(3)
    s = param(3)
    h1 = o1 .* s
    r = f .* s + x
    h2 = o2 .* r
    L = sum((h1 - t).^2) + sum((h2 - u).^2)`,
  point: {
    x: numbers(3, 281),
    o1: [0.4, 0.6, 0.2],
    o2: [0.7, 0.3, 0.5],
    f: [0.9, 0.8, 0.6],
    t: numbers(3, 282),
    u: numbers(3, 283),
    s: numbers(3, 284),
  },
  published: [
    {
      source: "nicodjimenez/lstm, issue 2: where does + top_diff_s come from?",
      code: `
        top = 2 * (h2 - u) .* o2
        ds = o1 .* 2 .* (h1 - t) + f .* top`,
      wrong: {},
    },
  ],
};

const distance: Study = {
  name: "distance of a pair, doubted",
  model: `
    a = param(3)
    b = param(3)
    L = 1/2 * sum((a - b).^2)`,
  point: { a: [0.4, -0.3, 0.8], b: [-0.2, 0.5, 0.1] },
  published: [
    {
      source: "caffe, issue 2312: the layer's own a - b",
      code: `
        da = a - b
        db = b - a`,
      wrong: {},
    },
  ],
};

export const doubtedStudies: readonly Study[] = [
  batchNorm,
  classifier,
  neuron,
  normal,
  cell,
  distance,
];
