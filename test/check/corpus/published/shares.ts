/** Terms and factors of one use given to another: penalties, masks, sums of adjoints, shares. */
import { matrix, numbers } from "../matrices.js";
import type { Study } from "./study.js";

const labels = [
  [1, 0, 0],
  [0, 1, 0],
  [0, 0, 1],
  [0, 0, 1],
  [1, 0, 0],
];

const intercept: Study = {
  name: "regularised logistic regression with an intercept of its own",
  model: `
    N = size()
    X = input(N, 3)
    y = target(N)
    theta0 = param()
    theta = param(3)
    h = sigmoid(X * theta + theta0)
    J = -sum(y .* log(h) + (1 - y) .* log(1 - h)) / N + 1.5 / (2 * N) * sum(theta.^2)`,
  point: { X: matrix(5, 3, 941), y: [1, 0, 1, 1, 0], theta0: 0.9, theta: numbers(3, 942) },
  published: [
    {
      source: "often made in the machine learning course, exercise 2: the intercept penalised, too",
      code: `
        dtheta0 = sum(h - y) / 5 + 1.5 / 5 * theta0
        dtheta = X' * (h - y) / 5 + 1.5 / 5 * theta`,
      wrong: { theta0: { cause: "extra-term", term: "1.5 * theta0 ./ N" } },
      decimals: 5,
    },
  ],
};

const prelu: Study = {
  name: "PReLU with one slope",
  model: `
    X = input(4, 3)
    T = target(4, 2)
    W = param(3, 2)
    alpha = param()
    Z = X * W
    A = maximum(Z, 0) + alpha * minimum(Z, 0)
    L = 1/2 * sum((A - T).^2)`,
  point: { X: matrix(4, 3, 951), T: matrix(4, 2, 952), W: matrix(3, 2, 953), alpha: 0.25 },
  published: [
    {
      source: "often made in PyTorch: the slope's gradient summed where it does not act, too",
      code: `
        dalpha = sum((A - T) .* Z)`,
      wrong: { alpha: { cause: "missing-factor", factor: "Z < 0" } },
    },
  ],
};

const noise: Study = {
  name: "Gaussian likelihood with a logarithm of the deviation",
  model: `
    N = size()
    X = input(N, 2)
    m = param(3)
    ls = param(3)
    sig = exp(ls)
    R = (X * [1, 2, 3; 3, 2, 1] - m') ./ sig'
    L = 1/2 * sum(R.^2) + N * sum(ls)`,
  point: { X: matrix(5, 2, 961), m: numbers(3, 962), ls: [-0.4, 0.3, 0.6] },
  published: [
    {
      source: "often made: the textbook's derivative by the deviation for that by its logarithm",
      code: `
        dls = (5 - sum(R.^2, 1)) ./ sig`,
      wrong: {
        ls: [
          { cause: "missing-factor", factor: "sig" },
          { cause: "other-quantity", is: "sig" },
        ],
      },
    },
  ],
};

const weighted: Study = {
  name: "log-softmax before a likelihood with class weights",
  model: `
    N = size()
    X = input(N, 4)
    y = target(N, 3)
    c = input(1, 3)
    W = param(4, 3)
    z = X * W
    l = logsoftmax(z, 2)
    L = -sum(c .* y .* l)`,
  point: { X: matrix(5, 4, 971), y: labels, c: [[1, 2.5, 0.4]], W: matrix(4, 3, 972) },
  published: [
    {
      source: "mlpack, LogSoftMax: exp(output) + gy, right only where gy sums to -1",
      code: `
        dz = exp(l) - c .* y`,
      wrong: { z: { cause: "missing-factor", factor: "sum(dl)" } },
    },
  ],
};

const margins: Study = {
  name: "multiclass hinge loss",
  model: `
    N = size()
    X = input(N, 4)
    Y = target(N, 3)
    W = param(4, 3)
    S = X * W
    M = maximum(S - sum(S .* Y, 2) + 1 - Y, 0)
    L = sum(M) / N`,
  point: {
    X: matrix(5, 4, 981),
    Y: labels,
    W: matrix(4, 3, 982).map((row) => row.map((w) => w / 4)),
  },
  published: [
    {
      source:
        "often made in cs231n, assignment 1: -1 for the right class, not minus the violations",
      code: `
        dW = X' * ((M > 0) .* (1 - Y) - Y) / 5`,
      wrong: { W: { cause: "not-summed" } },
    },
  ],
};

const returns: Study = {
  name: "REINFORCE over an episode",
  model: `
    S = input(5, 3)
    A = input(5, 2)
    G = input(5)
    W = param(3, 2)
    z = S * W
    p = sum(A .* logsoftmax(z, 2), 2)
    L = -sum(p .* G)`,
  point: {
    S: matrix(5, 3, 991),
    A: labels.map(([a]) => [a!, 1 - a!]),
    G: [5.8, 4.9, 3.1, 2, 1],
    W: matrix(3, 2, 992),
  },
  published: [
    {
      source:
        "Farama-Foundation/Gymnasium, issue 1336: the mean of the log-probabilities times the sum",
      code: `
        dW = S' * ((softmax(z, 2) - A) * mean(G))`,
      wrong: { W: { cause: "wrong-variable", used: "mean(G)", instead: "G" } },
    },
  ],
};

const centres: Study = {
  name: "centre loss",
  model: `
    N = size()
    K = input(N, 3)
    F = input(N, 2)
    C = param(3, 2)
    D = F - K * C
    L = 1/2 * sum(D.^2)`,
  point: { K: labels, F: matrix(5, 2, 993), C: matrix(3, 2, 994) },
  published: [
    {
      source:
        "jxgu1016/MNIST_center_loss_pytorch, issue 9: the update rule, divided by 1 + the counts",
      code: `
        dC = -(K' * D) ./ (1 + sum(K, 1))`,
      wrong: { C: { cause: "extra-factor" } },
    },
  ],
};

const gates: Study = {
  name: "update gate",
  model: `
    x = input(3)
    s = input(4)
    t = target(4)
    Wz = param(4, 3)
    Wn = param(4, 3)
    z = sigmoid(Wz * x)
    n = tanh(Wn * x)
    h = (1 - z) .* n + z .* s
    L = 1/2 * sum((h - t).^2)`,
  point: {
    x: numbers(3, 995),
    s: numbers(4, 996),
    t: numbers(4, 997),
    Wz: matrix(4, 3, 998),
    Wn: matrix(4, 3, 999),
  },
  published: [
    {
      source: "often made in a GRU by hand: z and 1 - z taken for one another",
      code: `
        dWn = ((h - t) .* z .* (1 - n.^2)) * x'`,
      wrong: { Wn: { cause: "wrong-variable", used: "z", instead: "1 - z" } },
    },
  ],
};

const overlap: Study = {
  name: "soft Dice loss",
  model: `
    X = input(5, 3)
    t = target(5)
    w = param(3)
    p = sigmoid(X * w)
    I = sum(p .* t)
    U = sum(p) + sum(t)
    L = 1 - 2 * I / U`,
  point: { X: matrix(5, 3, 911), t: [1, 0, 1, 1, 0], w: numbers(3, 912) },
  published: [
    {
      source: "often made: the denominator of the quotient rule not squared",
      code: `
        dp = -2 * (t * U - I) / U`,
      wrong: { p: { cause: "missing-factor", factor: "1 ./ U" } },
    },
  ],
};

export const shareStudies: readonly Study[] = [
  intercept,
  prelu,
  noise,
  weighted,
  margins,
  returns,
  centres,
  gates,
  overlap,
];
