/** Steps that are taken for one, or one for several: a softmax with what comes behind it, a table with its lookups. */
import { matrix, numbers, oneHot, T } from "../matrices.js";
import type { Study } from "./study.js";

const softmaxSquares: Study = {
  name: "softmax and a sum of squares",
  model: `
    x = input(3)
    t = target(4)
    W = param(4, 3)
    b = param(4)
    S = W * x + b
    P = softmax(S, 1)
    L = sum((P - t).^2)`,
  point: { x: numbers(3, 2401), t: [0, 1, 0, 0], W: matrix(4, 3, 2402), b: numbers(4, 2403) },
  published: [
    {
      source:
        "wkcn/mobula, issue 3: the softmax passes back dY * e, the derivative of the exponential alone",
      code: `
        d = 2 * (P - t) .* exp(S)
        dW = d * x'
        db = d`,
      wrong: { W: { cause: "wrong-function" }, b: { cause: "wrong-function" } },
    },
  ],
};

const logistic: Study = {
  name: "logistic regression, mean cross-entropy",
  model: `
    N = size()
    X = input(N, 3)
    y = target(N)
    w = param(3)
    b = param()
    z = X * w + b
    a = sigmoid(z)
    L = -sum(y .* log(a) + (1 - y) .* log(1 - a)) / N`,
  point: { X: matrix(5, 3, 2411), y: [0, 1, 1, 0, 1], w: numbers(3, 2412), b: 0.3 },
  published: [
    {
      source:
        "fengdu78/deeplearning_ai_books, issue 74: dz = a (1 - a), the loss's own derivative is lost",
      code: `
        d = a .* (1 - a) / N
        dw = X' * d
        db = sum(d)`,
      wrong: {
        w: { cause: "missing-factor", arisesIn: "a" },
        b: { cause: "missing-factor", arisesIn: "a" },
      },
    },
    {
      source: "often made: the slope of the sigmoid, which the cross-entropy cancels",
      code: `
        d = (a - y) .* a .* (1 - a) / N
        dw = X' * d
        db = sum(d)`,
      wrong: {
        w: { cause: "extra-factor", factor: "sigmoid'(z)" },
        b: { cause: "extra-factor", factor: "sigmoid'(z)" },
      },
    },
  ],
};

const smoothed: Study = {
  name: "softmax, cross-entropy, smoothed labels, weight decay",
  model: `
    N = size()
    X = input(N, 3)
    Y = target(N, 4)
    W = param(3, 4)
    b = param(4)
    Ys = 0.9 * Y + 0.1 / 4
    S = X * W + b'
    P = softmax(S, 2)
    data = -sum(Ys .* log(P)) / N
    reg = 0.005 * sum(W.^2)
    L = data + reg`,
  point: {
    X: matrix(6, 3, 2421),
    Y: T(oneHot(4, 6)),
    W: matrix(3, 4, 2422),
    b: numbers(4, 2423),
  },
  published: [
    {
      source: "often made: the sum of the softmax over the batch, behind the largest of each row",
      code: `
        E = exp(S - max(S, 2) * ones(1, 4))
        d = (E ./ (ones(6, 1) * sum(E, 1)') - Ys) / N
        dW = X' * d + 0.01 * W
        db = sum(d, 1)`,
      wrong: { W: { cause: "wrong-function" }, b: { cause: "wrong-function" } },
    },
    {
      source: "often made: neither the 1/N of the data nor the 1/2 of the decay",
      code: `
        d = P - Ys
        dW = X' * d + 0.02 * W
        db = sum(d, 1)`,
      wrong: {
        W: { cause: "constant-factor" },
        b: { cause: "constant-factor" },
      },
    },
  ],
};

export const togetherStudies: readonly Study[] = [softmaxSquares, logistic, smoothed];
