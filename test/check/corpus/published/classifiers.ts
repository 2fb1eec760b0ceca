/** Softmax, logistic and support vector classifiers. */
import { matrix, numbers, oneHot } from "../matrices.js";
import type { Study } from "./study.js";

const softmaxNet: Study = {
  name: "relu 3-5-3, softmax, cross-entropy, L2",
  model: `
    N = size()
    X = input(N, 3)
    Y = target(N, 3)
    W1 = param(3, 5)
    b1 = param(5)
    W2 = param(5, 3)
    b2 = param(3)
    Z1 = X * W1 + b1'
    H = relu(Z1)
    S = H * W2 + b2'
    P = softmax(S, 2)
    L = -1/N * sum(Y .* log(P)) + 0.05 * (sum(W1.^2) + sum(W2.^2) + sum(b1.^2))`,
  point: {
    X: matrix(4, 3, 121),
    Y: oneHot(3, 4)[0]!.map((_, n) => oneHot(3, 4).map((row) => row[n]!)),
    W1: matrix(3, 5, 122),
    b1: numbers(5, 123),
    W2: matrix(5, 3, 124),
    b2: numbers(3, 125),
  },
  published: [
    {
      source: "Burton2000/CS231n-2017, issue 9: 2 * reg * b1 not added although b1 is regularised",
      code: `
        G = (P - Y) / N
        dW2 = H' * G + 0.1 * W2
        G1 = (G * W2') .* step(Z1)
        dW1 = X' * G1 + 0.1 * W1
        db1 = sum(G1, 1)
        db2 = sum(G, 1)`,
      wrong: { b1: { cause: "missing-term" } },
    },
    {
      source: "jingtinghuang/CS231n-Spring-2017, issue 3: reg * W without the factor 2",
      code: `
        G = (P - Y) / N
        dW2 = H' * G + 0.05 * W2
        dW1 = X' * ((G * W2') .* step(Z1)) + 0.05 * W1`,
      wrong: {
        W1: { cause: "constant-factor", factor: 0.5 },
        W2: { cause: "constant-factor", factor: 0.5 },
      },
    },
    {
      source: "andersbll/nnet, issue 4: weight decay subtracted from the gradient",
      code: `
        G = (P - Y) / N
        dW2 = H' * G - 0.1 * W2
        db2 = sum(G, 1)`,
      wrong: { W2: { cause: "sign" } },
    },
    {
      source: "DeepLearnToolbox, issue 32: the penalty on the bias of the output, too",
      code: `
        G = (P - Y) / N
        dW2 = H' * G + 0.1 * W2
        db2 = sum(G, 1) + 0.1 * b2`,
      wrong: { b2: { cause: "extra-term", term: "0.1 * b2" } },
    },
    {
      source: "python-neural-network, pull request 6: softmax' = s(1 - s) after P - Y",
      code: `
        G = (P - Y) / N .* P .* (1 - P)
        dW2 = H' * G + 0.1 * W2
        db2 = sum(G, 1)`,
      wrong: { W2: { cause: "extra-factor" }, b2: { cause: "extra-factor" } },
    },
    {
      source: "libnd4j, issue 440: only the diagonal of softmax's Jacobian",
      code: `
        G = (-Y ./ P / N) .* P .* (1 - P)
        db2 = sum(G, 1)
        dS = G`,
      wrong: { b2: { cause: "missing-term" }, S: { cause: "missing-term" } },
    },
    {
      source: "rasbt/stat453, issue 5: one sum over all biases; the sum of y - p is always 0",
      code: `
        db2 = sum(P - Y) / N`,
      wrong: { b2: { cause: "over-summed" } },
    },
    {
      source: "kvfrans/notes, issue 5: the bias's gradient averaged over the batch, not summed",
      code: `
        G = (P - Y) / N
        dW2 = H' * G + 0.1 * W2
        db2 = mean(G, 1)`,
      wrong: { b2: { cause: "constant-factor", factor: "1/N" } },
    },
    {
      source:
        "NLP Specialization, course 2, week 4, issue 62: the bias's gradient from dot(yhat - y, h.T)",
      code: `
        G = (P - Y) / N
        db2 = sum(G' * H, 2)`,
      wrong: {
        b2: [{ cause: "over-summed" }, { cause: "extra-factor" }, { cause: "other-quantity" }],
      },
    },
    {
      source:
        "JWarmenhoven/Coursera-Machine-Learning, issue 3: ones where the penalty's bias column is 0",
      code: `
        G = (P - Y) / N
        dW2 = H' * G + 0.1 * W2
        db2 = sum(G, 1) + 0.1`,
      wrong: { b2: { cause: "extra-term" } },
      decimals: 5,
    },
    {
      source: "smile, issue 528: the rectifier's gradient overwrites the incoming one",
      code: `
        G1 = step(Z1)
        db1 = sum(G1, 1) + 0.1 * b1`,
      wrong: { b1: { cause: "missing-factor", factor: "dH" } },
    },
    {
      source: "often made: the data term summed, not averaged, beside the penalty",
      code: `
        G = P - Y
        dW2 = H' * G + 0.1 * W2
        db2 = sum(G, 1)`,
      wrong: { W2: { cause: "constant-factor" }, b2: { cause: "constant-factor", factor: "N" } },
    },
  ],
};

const logistic: Study = {
  name: "regularised logistic regression",
  model: `
    N = size()
    X = input(N, 3)
    t = target(N)
    w = param(3)
    b = param()
    z = X * w + b
    p = sigmoid(z)
    J = -1/N * sum(t .* log(p) + (1 - t) .* log(1 - p)) + 0.25/N * sum(w.^2)`,
  point: { X: matrix(5, 3, 131), t: [1, 0, 0, 1, 1], w: numbers(3, 132), b: 0.15 },
  published: [
    {
      source: "hunkim/DeepLearningZeroToAll, issue 112: diff * sigma_prime with cross-entropy",
      code: `
        g = (p - t) .* p .* (1 - p) / N
        dw = X' * g + 0.5/N * w
        db = sum(g)`,
      wrong: {
        w: { cause: "extra-factor", factor: "sigmoid'(z)" },
        b: { cause: "extra-factor", factor: "sigmoid'(z)" },
      },
    },
    {
      source: "fengdu78/Coursera-ML-AndrewNg-Notes, issue 82: x_j is missing in the notes' formula",
      code: `
        dw = sum(p - t) / N + 0.5/N * w`,
      wrong: { w: { cause: "missing-factor", factor: "X" } },
    },
    {
      source: "eriklindernoren/ML-From-Scratch, issue 124: 1 / n_samples left out",
      code: `
        dw = X' * (p - t) + 0.5/N * w
        db = sum(p - t)`,
      wrong: { w: { cause: "constant-factor" }, b: { cause: "constant-factor", factor: "N" } },
    },
    {
      source: "haifengl/smile, pull request 151: target - output for cross-entropy",
      code: `
        db = sum(t - p) / N`,
      wrong: { b: { cause: "sign" } },
    },
  ],
};

const multiclassHinge: Study = {
  name: "multiclass support vector machine",
  model: `
    N = size()
    X = input(N, 4)
    Y = target(N, 3)
    W = param(4, 3)
    S = X * W
    c = sum(Y .* S, 2)
    M = S - c + 1
    L = 1/N * sum((1 - Y) .* relu(M)) + 0.1 * sum(W.^2)`,
  point: {
    X: matrix(5, 4, 141),
    Y: oneHot(3, 5)[0]!.map((_, n) => oneHot(3, 5).map((row) => row[n]!)),
    W: matrix(4, 3, 142),
  },
  published: [
    {
      source: "jingtinghuang/CS231n-Spring-2017, linear_svm.py, issue 3: dW += reg * W",
      code: `
        B = (1 - Y) .* step(M)
        G = B - Y .* sum(B, 2)
        dW = X' * G / N + 0.1 * W`,
      wrong: { W: { cause: "constant-factor", factor: 0.5 } },
    },
    {
      source:
        "often made in CS231n, assignment 1: only dW[:, j] += X[i], nothing for the right class",
      code: `
        B = (1 - Y) .* step(M)
        dW = X' * B / N + 0.2 * W`,
      wrong: { W: { cause: "missing-term" } },
    },
    {
      source: "often made in CS231n, assignment 1: dW divided by N after the penalty was added",
      code: `
        B = (1 - Y) .* step(M)
        G = B - Y .* sum(B, 2)
        dW = (X' * G + 0.2 * W) / N`,
      wrong: { W: { cause: "constant-factor", factor: "1/N" } },
    },
  ],
};

export const classifierStudies: readonly Study[] = [softmaxNet, logistic, multiclassHinge];
