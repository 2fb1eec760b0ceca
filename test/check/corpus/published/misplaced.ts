/** The right thing at the wrong place: another axis, another step, another branch, another gate. */
import { matrix, numbers, oneHot } from "../matrices.js";
import type { Study } from "./study.js";

const layerNorm: Study = {
  name: "layer normalisation",
  model: `
    N = size()
    X = input(N, 3)
    T = target(N, 4)
    W = param(3, 4)
    g = param(4)
    Z = X * W
    m = mean(Z, 2)
    D = Z - m
    s = sqrt(mean(D.^2, 2) + 0.00001)
    Q = D ./ s
    L = sum((Q .* g' - T).^2)`,
  point: {
    X: matrix(5, 3, 1001),
    T: matrix(5, 4, 1002),
    W: matrix(3, 4, 1003),
    g: numbers(4, 1004),
  },
  published: [
    {
      source: "CS231n, layer normalisation: one of the means along the batch",
      code: `
        dQ = 2 * (Q .* g' - T) .* g'
        dZ = (dQ - mean(dQ, 1)' - Q .* mean(dQ .* Q, 2)) ./ s
        dW = X' * dZ`,
      wrong: { Z: { cause: "over-summed", arisesIn: "Z" }, W: { cause: "over-summed" } },
    },
    {
      source: "CS231n, layer normalisation: both means along the batch",
      code: `
        dQ = 2 * (Q .* g' - T) .* g'
        dW = X' * ((dQ - mean(dQ, 1)' - Q .* mean(dQ .* Q, 1)') ./ s)`,
      wrong: { W: { cause: "over-summed" } },
    },
    {
      source: "often made: sums for means",
      code: `
        dQ = 2 * (Q .* g' - T) .* g'
        dW = X' * ((dQ - sum(dQ, 2) - Q .* sum(dQ .* Q, 2)) ./ s)`,
      wrong: { W: { cause: "constant-factor", factor: 4 } },
    },
    {
      source: "often made: divided by the variance",
      code: `
        dQ = 2 * (Q .* g' - T) .* g'
        dW = X' * ((dQ - mean(dQ, 2) - Q .* mean(dQ .* Q, 2)) ./ s.^2)`,
      wrong: { W: { cause: "extra-factor", factor: "1 ./ s" } },
    },
  ],
};

const recurrent: Study = {
  name: "three steps of a recurrence",
  model: `
    x1 = input(3)
    x2 = input(3)
    x3 = input(3)
    t = target(3)
    h0 = input(3)
    W = param(3, 3)
    U = param(3, 3)
    h1 = tanh(W * x1 + U * h0)
    h2 = tanh(W * x2 + U * h1)
    h3 = tanh(W * x3 + U * h2)
    L = 1/2 * sum((h3 - t).^2)`,
  point: {
    x1: numbers(3, 1011),
    x2: numbers(3, 1016),
    x3: numbers(3, 1017),
    t: numbers(3, 1012),
    h0: numbers(3, 1013),
    W: matrix(3, 3, 1014),
    U: matrix(3, 3, 1015),
  },
  published: [
    {
      source: "often made in character models: hs[t] for hs[t-1]",
      code: `
        d3 = (h3 - t) .* (1 - h3.^2)
        d2 = (U' * d3) .* (1 - h2.^2)
        d1 = (U' * d2) .* (1 - h1.^2)
        dU = d1 * h1' + d2 * h2' + d3 * h3'`,
      wrong: { U: { cause: "wrong-variable", used: "h1, h2, h3", instead: "h0, h1, h2" } },
    },
  ],
};

const gated: Study = {
  name: "a reset gate",
  model: `
    x = input(2)
    h = input(3)
    t = target(3)
    R = param(3, 2)
    U = param(3, 3)
    r = sigmoid(R * x)
    c = tanh(U * (r .* h))
    L = 1/2 * sum((c - t).^2)`,
  point: {
    x: numbers(2, 1021),
    h: numbers(3, 1022),
    t: numbers(3, 1023),
    R: matrix(3, 2, 1024),
    U: matrix(3, 3, 1025),
  },
  published: [
    {
      source: "ooples/AiDotNet, pull request 722: the gate on the other side of the product",
      code: `
        dz = (c - t) .* (1 - c.^2)
        dU = (dz .* r) * h'
        dR = (dz .* (U * h) .* r .* (1 - r)) * x'`,
      wrong: { U: { cause: "wrong-variable" }, R: { cause: "wrong-variable" } },
    },
  ],
};

const windows: Study = {
  name: "windows that overlap",
  model: `
    x = input(3, 1)
    t = target(4, 1)
    W = param(5, 3)
    k = param()
    l = param()
    h = tanh(W * x)
    y = k * h[1:4, :] + l * h[2:5, :]
    L = 1/2 * sum((y - t).^2)`,
  point: { x: matrix(3, 1, 1031), t: matrix(4, 1, 1032), W: matrix(5, 3, 1033), k: 0.4, l: -0.7 },
  published: [
    {
      source: "CS231n, convolution by loops: dx[window] = where += belongs",
      code: `
        d = y - t
        K = [[0.4, 0, 0, 0], [0, 0.4, 0, 0], [0, 0, 0.4, 0], [0, 0, 0, 0.4], [0, 0, 0, -0.7]]
        dW = ((K * d) .* (1 - h.^2)) * x'`,
      wrong: { W: { cause: "not-summed" } },
    },
  ],
};

const actions: Study = {
  name: "the value of the action taken",
  model: `
    n = size()
    S = input(n, 3)
    A = input(n, 2)
    r = input(n)
    W = param(3, 2)
    Q = S * W
    q = sum(Q .* A, 2)
    L = mean((q - r).^2)`,
  point: { S: matrix(4, 3, 1041), A: oneHot(4, 2), r: numbers(4, 1042), W: matrix(3, 2, 1043) },
  published: [
    {
      source: "often made: the error of one action given to all",
      code: "dW = S' * (2/4 * (Q - r))",
      wrong: { W: { cause: "missing-factor", factor: "A" } },
    },
  ],
};

const branches: Study = {
  name: "a loss in two branches, with a penalty",
  model: `
    N = size()
    X = input(N, 3)
    y = target(N)
    l = input()
    w = param(3)
    r = X * w - y
    q = abs(r) <= 0.4
    P = l/2 * sum(w.^2)
    L = sum(q .* (1/2 * r.^2) + (1 - q) .* (0.4 * abs(r) - 0.08)) + P`,
  point: { X: matrix(7, 3, 1051), y: numbers(7, 1052), l: 0.3, w: [0.6, -0.5, 0.3] },
  published: [
    {
      source: "often made: the quadratic branch everywhere",
      code: "dw = X' * r + l * w",
      wrong: { w: { cause: "wrong-function" } },
    },
    {
      source: "often made: the branches exchanged",
      code: "dw = X' * ((1 - q) .* r + 0.4 * q .* sign(r)) + l * w",
      wrong: { w: { cause: "wrong-function" } },
    },
    {
      source: "often asked: the penalty's value for its derivative",
      code: "dw = X' * (q .* r + 0.4 * (1 - q) .* sign(r)) + l/2 * sum(w.^2)",
      wrong: { w: { cause: "wrong-function" } },
    },
    {
      source: "often made: a norm for the squared norm",
      code: "dw = X' * (q .* r + 0.4 * (1 - q) .* sign(r)) + l * w / norm(w)",
      wrong: { w: { cause: "wrong-function" } },
    },
  ],
};

const negatives: Study = {
  name: "negative sampling",
  model: `
    S = input(3, 5)
    o = input(5)
    v = param(4)
    U = param(5, 4)
    p = dot(U' * o, v)
    q = S * U * v
    J = -log(sigmoid(p)) - sum(log(sigmoid(-q)))`,
  point: {
    S: [
      [0, 1, 0, 0, 0],
      [0, 0, 0, 1, 0],
      [1, 0, 0, 0, 0],
    ],
    o: [0, 0, 1, 0, 0],
    v: numbers(4, 1061),
    U: matrix(5, 4, 1062),
  },
  published: [
    {
      source: "CS224n, yasiemir/cs224n, issue 1: the target counted as a negative, too",
      code: `
        dv = (2 * sigmoid(p) - 1) * (U' * o) + (S * U)' * sigmoid(q)
        dU = (2 * sigmoid(p) - 1) * o * v' + S' * sigmoid(q) * v'`,
      wrong: { v: { cause: "extra-term" }, U: { cause: "extra-term" } },
    },
  ],
};

export const misplacedStudies: readonly Study[] = [
  layerNorm,
  recurrent,
  gated,
  windows,
  actions,
  branches,
  negatives,
];
