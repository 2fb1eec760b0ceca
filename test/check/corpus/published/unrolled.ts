/** Slips at every step of a recurrence, labels of another kind, penalties that spare the wrong entries. */
import { matrix, numbers } from "../matrices.js";
import type { Study } from "./study.js";

const recurrence: Study = {
  name: "recurrent network, four steps",
  model: `
    x1 = input(4)
    x2 = input(4)
    x3 = input(4)
    x4 = input(4)
    y1 = target(4)
    y2 = target(4)
    y3 = target(4)
    y4 = target(4)
    U = param(3, 4)
    V = param(4, 3)
    W = param(3, 3)
    s1 = tanh(U * x1)
    s2 = tanh(U * x2 + W * s1)
    s3 = tanh(U * x3 + W * s2)
    s4 = tanh(U * x4 + W * s3)
    L = -(dot(y1, logsoftmax(V * s1, 1)) + dot(y2, logsoftmax(V * s2, 1)) + dot(y3, logsoftmax(V * s3, 1)) + dot(y4, logsoftmax(V * s4, 1)))`,
  point: {
    x1: [1, 0, 0, 0],
    x2: [0, 1, 0, 0],
    x3: [0, 0, 1, 0],
    x4: [0, 1, 0, 0],
    y1: [0, 1, 0, 0],
    y2: [0, 0, 1, 0],
    y3: [0, 0, 0, 1],
    y4: [1, 0, 0, 0],
    U: matrix(3, 4, 901),
    V: matrix(4, 3, 902),
    W: matrix(3, 3, 903),
  },
  published: [
    {
      source: "WildML, part 3: the gradient check with bptt_truncate = 1",
      code: `
        e1 = V' * (softmax(V * s1) - y1)
        e2 = V' * (softmax(V * s2) - y2)
        e3 = V' * (softmax(V * s3) - y3)
        e4 = V' * (softmax(V * s4) - y4)
        d4 = e4 .* (1 - s4.^2)
        d3 = (e3 + W' * d4) .* (1 - s3.^2)
        d2 = (e2 + W' * (e3 .* (1 - s3.^2))) .* (1 - s2.^2)
        d1 = (e1 + W' * (e2 .* (1 - s2.^2))) .* (1 - s1.^2)
        dU = d4 * x4' + d3 * x3' + d2 * x2' + d1 * x1'
        dW = d4 * s3' + d3 * s2' + d2 * s1'`,
      wrong: {
        U: { cause: "missing-term", term: "the paths back over more than one step" },
        W: { cause: "missing-term", term: "the paths back over more than one step" },
      },
    },
    {
      source: "often made from min-char-rnn: dhnext from dh, before the derivative of tanh",
      code: `
        e4 = V' * (softmax(V * s4) - y4)
        e3 = V' * (softmax(V * s3) - y3) + W' * e4
        e2 = V' * (softmax(V * s2) - y2) + W' * e3
        e1 = V' * (softmax(V * s1) - y1) + W' * e2
        dU = (e4 .* (1 - s4.^2)) * x4' + (e3 .* (1 - s3.^2)) * x3' + (e2 .* (1 - s2.^2)) * x2' + (e1 .* (1 - s1.^2)) * x1'
        dW = (e4 .* (1 - s4.^2)) * s3' + (e3 .* (1 - s3.^2)) * s2' + (e2 .* (1 - s2.^2)) * s1'`,
      wrong: { U: { cause: "missing-factor" }, W: { cause: "missing-factor" } },
    },
    {
      source: "often made with recurrences: tanh' taken at the activation, at every step",
      code: `
        d4 = (V' * (softmax(V * s4) - y4)) .* (1 - tanh(s4).^2)
        d3 = (V' * (softmax(V * s3) - y3) + W' * d4) .* (1 - tanh(s3).^2)
        d2 = (V' * (softmax(V * s2) - y2) + W' * d3) .* (1 - tanh(s2).^2)
        d1 = (V' * (softmax(V * s1) - y1) + W' * d2) .* (1 - tanh(s1).^2)
        dU = d4 * x4' + d3 * x3' + d2 * x2' + d1 * x1'
        dW = d4 * s3' + d3 * s2' + d2 * s1'`,
      wrong: { U: { cause: "wrong-variable" }, W: { cause: "wrong-variable" } },
    },
  ],
};

const margins: Study = {
  name: "logistic loss for labels -1 and 1",
  model: `
    n = size()
    X = input(n, 3)
    y = target(n)
    w = param(3)
    margin = y .* (X * w)
    L = sum(log1p(exp(-margin)))`,
  point: { X: matrix(6, 3, 911), y: [1, -1, -1, 1, 1, -1], w: numbers(3, 912) },
  published: [
    {
      source: "often made with two forms of the logistic loss: the gradient for labels 0 and 1",
      code: `
        dw = X' * (sigmoid(X * w) - y)`,
      wrong: { w: { cause: "wrong-variable", used: "y", instead: "(1 + y) / 2" } },
      decimals: 6,
    },
  ],
};

const ridge: Study = {
  name: "logistic regression whose first weight is a bias",
  model: `
    N = size()
    X = input(N, 4)
    y = target(N)
    reg = input()
    theta = param(4, 1)
    h = sigmoid(X * theta)
    J = 1/N * sum(-y .* log(h) - (1 - y) .* log(1 - h)) + reg / (2 * N) * sum(theta[2:4, 1].^2)`,
  point: { X: matrix(5, 4, 921), y: [1, 0, 0, 1, 1], reg: 3, theta: matrix(4, 1, 922) },
  published: [
    {
      source: "dibgerge/ml-coursera-python-assignments, issue 45: thetaZero[1] = 0, counted from 0",
      code: `
        dtheta = 1/5 * X' * (h - y) + reg / 5 * [theta[1, 1]; 0; theta[3, 1]; theta[4, 1]]`,
      wrong: { theta: { cause: "extra-term", term: "reg .* theta[1, 1] ./ N" } },
    },
    {
      source:
        "JWarmenhoven/Coursera-Machine-Learning, issue 3: ones in place of zeros for the bias",
      code: `
        dtheta = 1/5 * X' * (h - y) + reg / 5 * [1; theta[2, 1]; theta[3, 1]; theta[4, 1]]`,
      wrong: { theta: { cause: "extra-term", term: "reg ./ N" } },
    },
  ],
};

const broadcast: Study = {
  name: "squared error of one output",
  model: `
    n = size()
    X = input(n, 3)
    t = target(n)
    W1 = param(3, 4)
    W2 = param(4, 1)
    a = tanh(X * W1)
    out = a * W2
    L = mean((out - t).^2)`,
  point: { X: matrix(5, 3, 931), t: numbers(5, 932), W1: matrix(3, 4, 933), W2: matrix(4, 1, 934) },
  published: [
    {
      source: "often made in PyTorch: targets (n,) against outputs (n, 1), broadcast to n×n",
      code: `
        e = 2/5 * (out - mean(t))
        dW1 = X' * ((e * W2') .* (1 - a.^2))
        dW2 = a' * e`,
      wrong: {
        W1: { cause: "wrong-variable", used: "mean(t)", instead: "t" },
        W2: { cause: "wrong-variable", used: "mean(t)", instead: "t" },
      },
    },
  ],
};

export const unrolledStudies: readonly Study[] = [recurrence, margins, ridge, broadcast];
