/** Networks of one hidden layer, squared error. */
import { matrix, numbers } from "../matrices.js";
import type { Study } from "./study.js";

const sigmoidNet: Study = {
  name: "sigmoid 3-4-2, squared error",
  model: `
    x = input(3)
    t = target(2)
    W1 = param(4, 3)
    b1 = param(4)
    W2 = param(2, 4)
    b2 = param(2)
    z1 = W1 * x + b1
    h = sigmoid(z1)
    z2 = W2 * h + b2
    y = sigmoid(z2)
    L = 1/2 * sum((y - t).^2)`,
  point: {
    x: [0.9, -0.4, 1.3],
    t: [0.01, 0.99],
    W1: matrix(4, 3, 101),
    b1: numbers(4, 102),
    W2: matrix(2, 4, 103),
    b2: numbers(2, 104),
  },
  published: [
    {
      source: "Bot-Academy/NeuralNetworkFromScratch, pull request 3: output delta is o - l",
      code: `
        g2 = y - t
        g1 = (W2' * g2) .* (h .* (1 - h))
        dW2 = g2 * h'
        db2 = g2
        dW1 = g1 * x'
        db1 = g1`,
      wrong: Object.fromEntries(
        ["W1", "b1", "W2", "b2"].map((name) => [
          name,
          { cause: "missing-factor", factor: "sigmoid'(z2)" },
        ]),
      ),
    },
    {
      source:
        "Bot-Academy/NeuralNetworkFromScratch, pull request 3, second half: W2 is updated first",
      code: `
        g2 = (y - t) .* y .* (1 - y)
        dW2 = g2 * h'
        later = W2 - 0.01 * dW2
        g1 = (later' * g2) .* h .* (1 - h)
        dW1 = g1 * x'`,
      wrong: { W1: { cause: "wrong-variable", used: "W2 after its update", instead: "W2" } },
    },
    {
      source:
        "kim-marcel/basic_neural_network, issue 7: hidden error from altered weights, rate 0.1",
      code: `
        g2 = (y - t) .* y .* (1 - y)
        later = W2 - 0.1 * g2 * h'
        dW1 = ((later' * g2) .* h .* (1 - h)) * x'`,
      wrong: { W1: { cause: "wrong-variable", used: "W2 after its update", instead: "W2" } },
      decimals: 8,
    },
    {
      source: "interviews.ai, solution 5.21; Sudo-Productivity, issue 3: x(1 - x) of the argument",
      code: `
        g2 = (y - t) .* z2 .* (1 - z2)
        g1 = (W2' * g2) .* z1 .* (1 - z1)
        dW2 = g2 * h'
        db2 = g2`,
      wrong: {
        W2: { cause: "wrong-variable", used: "z2", instead: "y" },
        b2: { cause: "wrong-variable", used: "z2", instead: "y" },
      },
    },
    {
      source: "DeepLearnToolbox, issue 165: sigm(a) .* (1 - sigm(a)) proposed for a .* (1 - a)",
      code: `
        s = sigmoid(y)
        g2 = (y - t) .* s .* (1 - s)
        dW2 = g2 * h'`,
      wrong: { W2: { cause: "wrong-variable", used: "y", instead: "z2" } },
      decimals: 6,
    },
    {
      source: "makeyourownneuralnetwork, issue 88: hidden error is W' * error of the output",
      code: `
        e = y - t
        dW2 = (e .* y .* (1 - y)) * h'
        dW1 = ((W2' * e) .* h .* (1 - h)) * x'`,
      wrong: { W1: { cause: "missing-factor", factor: "sigmoid'(z2)" } },
    },
    {
      source: "filipecalasans/mlp, issue 1: the prime of phi' is lost in the local gradient",
      code: `
        g2 = (y - t) .* sigmoid(z2)
        dW2 = g2 * h'
        db2 = g2`,
      wrong: {
        W2: { cause: "wrong-function", used: "sigmoid(z2)", instead: "sigmoid'(z2)" },
        b2: { cause: "wrong-function", used: "sigmoid(z2)", instead: "sigmoid'(z2)" },
      },
    },
    {
      source: "02456-deep-learning, issue 6: missing parentheses in the second layer's equations",
      code: `
        g2 = (y - t) .* y .* (1 - y)
        g1 = (W2' * g2) .* h .* 1 - h
        dW1 = g1 * x'
        db1 = g1`,
      wrong: { W1: { cause: "missing-factor" }, b1: { cause: "missing-factor" } },
    },
    {
      source: "Grokking-Deep-Learning, pull request 22: weight deltas transposed",
      code: `
        g2 = (y - t) .* y .* (1 - y)
        dW2 = h * g2'
        db2 = g2`,
      wrong: { W2: { cause: "transposed" } },
      decimals: 4,
    },
  ],
};

const sumOfSquares: Study = {
  name: "sigmoid outputs, squared error without the half",
  model: `
    h = input(3)
    t = target(2)
    W = param(2, 3)
    z = W * h
    o = sigmoid(z)
    E = sum((t - o).^2)`,
  point: { h: [0.4, 0.9, 0.6], t: [0.01, 0.99], W: matrix(2, 3, 106) },
  published: [
    {
      source: "makeyourownneuralnetwork, issue 77: the error's derivative taken to be 2(t - o)o",
      code: `
        do = 2 * (t - o) .* o`,
      wrong: { o: { cause: "extra-factor + sign" } },
    },
  ],
};

const tanhNet: Study = {
  name: "tanh 3-3-3, linear output",
  model: `
    x = input(3)
    t = target(3)
    W1 = param(3, 3)
    W2 = param(3, 3)
    z1 = W1 * x
    a1 = tanh(z1)
    z2 = W2 * a1
    L = 1/2 * sum((z2 - t).^2)`,
  point: { x: [1.1, -0.7, 0.4], t: numbers(3, 111), W1: matrix(3, 3, 112), W2: matrix(3, 3, 113) },
  published: [
    {
      source: "dennybritz/nn-from-scratch, pull request 3: 1 - tanh^2(z2) for z1",
      code: `
        g2 = z2 - t
        dW2 = g2 * a1'
        dW1 = ((W2' * g2) .* (1 - tanh(z2).^2)) * x'`,
      wrong: { W1: { cause: "wrong-variable", used: "z2", instead: "z1" } },
    },
    {
      source: "Lupino/bpnn, issue 2: hidden error sums over the other index of the weights",
      code: `
        g2 = z2 - t
        dW1 = ((W2 * g2) .* (1 - a1.^2)) * x'
        dW2 = g2 * a1'`,
      wrong: { W1: { cause: "transposed" } },
    },
    {
      source: "lazyprogrammer/facial-expression-recognition, issue 2: 1 - arctanh(Z)^2 proposed",
      code: `
        dW1 = ((W2' * (z2 - t)) .* (1 - z1.^2)) * x'`,
      wrong: { W1: { cause: "wrong-variable", used: "z1", instead: "a1" } },
    },
    {
      source: "andersbll/nnet, issue 4: tanh_d computes tanh",
      code: `
        e = exp(2 * z1)
        dW1 = ((W2' * (z2 - t)) .* ((e - 1) ./ (e + 1))) * x'`,
      wrong: { W1: { cause: "wrong-function", used: "tanh(z1)", instead: "tanh'(z1)" } },
    },
    {
      source: "nicodjimenez/lstm, issue 41; neural-network-from-scratch, issue 2: 1 + tanh^2",
      code: `
        dW1 = ((W2' * (z2 - t)) .* (1 + a1.^2)) * x'`,
      wrong: { W1: { cause: "wrong-function", instead: "tanh'(z1)" } },
    },
    {
      source: "DeepLearning-500-questions, issue 544: the table's tanh' is -tanh^2",
      code: `
        dW1 = ((W2' * (z2 - t)) .* (-a1.^2)) * x'`,
      wrong: { W1: [{ cause: "missing-term" }, { cause: "wrong-function" }] },
    },
  ],
};

export const perceptronStudies: readonly Study[] = [sigmoidNet, sumOfSquares, tanhNet];
