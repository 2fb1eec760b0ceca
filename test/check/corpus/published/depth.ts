/** Networks of three layers, as a well-known course has them. */
import { matrix, numbers } from "../matrices.js";
import type { Study } from "./study.js";

const threeLayers: Study = {
  name: "relu, relu, sigmoid",
  model: `
    N = size()
    X = input(4, N)
    Y = target(1, N)
    W1 = param(5, 4)
    b1 = param(5, 1)
    W2 = param(3, 5)
    b2 = param(3, 1)
    W3 = param(1, 3)
    b3 = param(1, 1)
    Z1 = W1 * X + b1
    A1 = relu(Z1)
    Z2 = W2 * A1 + b2
    A2 = relu(Z2)
    Z3 = W3 * A2 + b3
    A3 = sigmoid(Z3)
    J = -1/N * sum(Y .* log(A3) + (1 - Y) .* log(1 - A3))`,
  point: {
    X: matrix(4, 3, 501),
    Y: [[1, 0, 1]],
    W1: matrix(5, 4, 502),
    b1: matrix(5, 1, 503),
    W2: matrix(3, 5, 504),
    b2: matrix(3, 1, 505),
    W3: matrix(1, 3, 506),
    b3: [[0.2]],
  },
  published: [
    {
      source: "bighuang624/Andrew-Ng-Deep-Learning-notes, issue 10: dW2 times 2, db1 with 4/m",
      code: `
        G3 = (A3 - Y) / N
        dW3 = G3 * A2'
        G2 = (W3' * G3) .* step(A2)
        dW2 = G2 * A1' * 2
        db2 = sum(G2, 2)
        G1 = (W2' * G2) .* step(A1)
        dW1 = G1 * X'
        db1 = 4 * sum(G1, 2)`,
      wrong: {
        W2: { cause: "constant-factor", factor: 2 },
        b1: { cause: "constant-factor", factor: 4 },
      },
    },
    {
      source:
        "Kulbear/deep-learning-coursera, pull requests 20 and 42: sigmoid_backward for hidden layers",
      code: `
        G3 = (A3 - Y) / N
        dW3 = G3 * A2'
        G2 = (W3' * G3) .* sigmoid(Z2) .* (1 - sigmoid(Z2))
        dW2 = G2 * A1'
        db2 = sum(G2, 2)`,
      wrong: { W2: { cause: "wrong-function" }, b2: { cause: "wrong-function" } },
      decimals: 8,
    },
  ],
};

const equalWidths: Study = {
  name: "three layers of one width",
  model: `
    x = input(3)
    t = target(3)
    W1 = param(3, 3)
    W2 = param(3, 3)
    W3 = param(3, 3)
    z1 = W1 * x
    a1 = tanh(z1)
    z2 = W2 * a1
    a2 = relu(z2)
    z3 = W3 * a2
    a3 = sigmoid(z3)
    L = 1/2 * sum((a3 - t).^2)`,
  point: {
    x: [0.8, -1.1, 0.5],
    t: [1, 0, 0],
    W1: matrix(3, 3, 511),
    W2: matrix(3, 3, 512),
    W3: matrix(3, 3, 513),
  },
  published: [
    {
      source:
        "fanghao6666/neural-networks-and-deep-learning, pull request 7: dA of the last layer for all",
      code: `
        g3 = (a3 - t) .* a3 .* (1 - a3)
        dW3 = g3 * a2'
        dW2 = ((W3' * g3) .* step(z2)) * a1'
        dW1 = ((a3 - t) .* (1 - a1.^2)) * x'`,
      wrong: { W1: { cause: "wrong-variable", used: "da3", instead: "da1" } },
    },
    {
      source: "ImagineAILab/ai-by-hand-excel, issue 9: dZ2 is dA3 where Z2 > 0",
      code: `
        dz2 = (a3 - t) .* step(z2)
        dW2 = ((a3 - t) .* step(z2)) * a1'`,
      wrong: {
        z2: { cause: "wrong-variable", used: "da3", instead: "da2" },
        W2: { cause: "wrong-variable", used: "da3", instead: "da2" },
      },
    },
  ],
};

const wrongAxis: Study = {
  name: "softmax over the classes",
  model: `
    N = size()
    X = input(N, 2)
    Y = target(N, 3)
    W = param(2, 3)
    S = X * W
    P = softmax(S, 2)
    L = -sum(Y .* log(P))`,
  point: {
    X: matrix(4, 2, 521),
    Y: [
      [1, 0, 0],
      [0, 0, 1],
      [0, 1, 0],
      [1, 0, 0],
    ],
    W: matrix(2, 3, 522),
  },
  published: [
    {
      source: "deeplearning4j, issue 345: softmax over dimension 0 in the weights' gradient",
      code: `
        dW = X' * (softmax(S, 1) - Y)`,
      wrong: { W: [{ cause: "wrong-function" }, { cause: "wrong-variable" }] },
    },
    {
      source: "deeplearning4j, issue 345: labels.sub(p)",
      code: `
        dW = X' * (Y - P)`,
      wrong: { W: { cause: "sign" } },
    },
  ],
};

const soft: Study = {
  name: "softmax towards a distribution",
  model: `
    p = target(4)
    z = param(4)
    q = softmax(z)
    L = -sum(p .* log(q))`,
  point: { p: [0.1, 0.5, 0.15, 0.25], z: numbers(4, 531) },
  published: [
    {
      source: "yjxiong/caffe, issue 171: the question's p(q - 1) for q - p",
      code: `
        dz = p .* (q - 1)`,
      wrong: { z: { cause: "missing-term" } },
    },
  ],
};

export const depthStudies: readonly Study[] = [threeLayers, equalWidths, wrongAxis, soft];
