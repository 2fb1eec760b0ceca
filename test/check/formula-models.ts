/** Models that formulas are written for. */
import { parseModel } from "chainrule";
import { textOf } from "../support/systems.js";

const TEXTS = {
  relu: textOf("relu-3-4-2"),
  sigmoid: textOf("sigmoid-2-3-2"),
  asRun: textOf("sigmoid-2-3-2-as-run"),
  batch: `
    N = size()
    X = input(3, N)
    T = target(2, N)
    W1 = param(4, 3)
    b1 = param(4)
    W2 = param(4, 4)
    b2 = param(4)
    W3 = param(2, 4)
    b3 = param(2)
    Z1 = W1 * X + b1
    H1 = sigmoid(Z1)
    Z2 = W2 * H1 + b2
    H2 = sigmoid(Z2)
    O = W3 * H2 + b3
    L = 1/N * 1/2 * sum((O - T).^2)`,
  rows: `
    N = size()
    X = input(N, 4)
    T = target(N, 3)
    W = param(4, 3)
    b = param(1, 3)
    U = X * W + b
    Y = sigmoid(U)
    L = sum((Y - T).^2)`,
  logistic: `
    x = input(2)
    t = target()
    W1 = param(5, 2)
    b1 = param(5)
    w2 = param(5)
    b2 = param()
    z1 = W1 * x + b1
    h = relu(z1)
    y = dot(w2, h) + b2
    L = log(1 + exp(-t * y))`,
  softmax: `
    N = size()
    X = input(4, N)
    T = target(3, N)
    W = param(3, 4)
    b = param(3)
    Z = W * X + b
    P = softmax(Z, 1)
    L = -1/N * sum(T .* log(P))`,
  ridge: `
    N = size()
    X = input(N, 3)
    y = target(N)
    w = param(3)
    b = param()
    r = X * w + b - y
    L = sum(r.^2) / (2 * N) + 0.1/2 * dot(w, w)`,
  tied: `
    x = input(6)
    W = param(3, 6)
    h = tanh(W * x)
    r = W' * h
    L = 1/2 * sum((r - x).^2)`,
  margins: `
    N = size()
    X = input(N, 4)
    Y = target(N, 3)
    W = param(4, 3)
    S = X * W
    M = maximum(0, S - sum(S .* Y, 2) + 1) .* (1 - Y)
    L = sum(M) / N`,
  pieces: `
    N = size()
    X = input(N, 2)
    y = target(N)
    w = param(2)
    f = X * w
    m = y .* f
    L = sum((m < -1) .* (-4 * m) + (m >= -1) .* maximum(0, 1 - m).^2)`,
  hyperbolic: `
    N = size()
    X = input(N, 2)
    Y = target(N, 3)
    V = param(2, 4)
    W = param(4, 3)
    Z = X * V
    A = tanh(Z)
    L = sum((A * W - Y).^2) / 2`,
} as const;

export type ModelName = keyof typeof TEXTS;

export const modelOf = (name: ModelName) => parseModel(TEXTS[name]);

/** Observations whose spread is a function of the data, too. */
export const SPREAD = `
  N = size()
  X = input(N, 3)
  y = target(N)
  w = param(3)
  v = param(3)
  m = X * w
  s = exp(X * v)
  L = sum((y - m).^2 ./ (2 * s.^2) + log(s)) / N`;
