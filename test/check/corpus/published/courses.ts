/** Exercises of courses and books. */
import { matrix, numbers } from "../matrices.js";
import type { Study } from "./study.js";

const leastSquares: Study = {
  name: "least squares",
  model: `
    A = input(4, 3)
    b = input(4)
    x = param(3)
    r = A * x - b
    f = sum(r.^2)`,
  point: { A: matrix(4, 3, 401), b: numbers(4, 402), x: numbers(3, 403) },
  published: [
    {
      source: "math.stackexchange 1887688: the derivative said to be A'Ax - A'b",
      code: `
        dx = A' * A * x - A' * b`,
      wrong: { x: { cause: "constant-factor", factor: 0.5 } },
    },
    {
      source: "math.stackexchange 4765085: 2(Ax - b)'A, doubted for 2A'(Ax - b)",
      code: `
        dx = 2 * (A * x - b)' * A`,
      wrong: {},
    },
  ],
};

const ridge: Study = {
  name: "ridge regression of a course",
  model: `
    N = size()
    X = input(N, 3)
    t = target(N)
    w = param(3)
    E = 1/2 * sum((X * w - t).^2) + 0.35 * sum(w.^2)`,
  point: { X: matrix(5, 3, 411), t: numbers(5, 412), w: numbers(3, 413) },
  published: [
    {
      source: "umich-eecs545-lectures, pull request 2: the 1/2 disappears when E(w) is put in",
      code: `
        dw = 2 * X' * (X * w - t) + 0.7 * w`,
      wrong: { w: { cause: "constant-factor" } },
    },
    {
      source: "umich-eecs545-lectures, pull request 2: the regularising term subtracted",
      code: `
        dw = X' * (X * w - t) - 0.7 * w`,
      wrong: { w: { cause: "sign" } },
      decimals: 5,
    },
    {
      source: "NeuromatchAcademy/course-content-dl, issue 423: lambda w without its 2",
      code: `
        dw = X' * (X * w - t) + 0.35 * w`,
      wrong: { w: { cause: "constant-factor", factor: 0.5 } },
    },
  ],
};

const narrow: Study = {
  name: "narrow network",
  model: `
    x = input()
    y = target()
    w1 = param()
    w2 = param()
    p = w1 * w2 * x
    L = (y - p)^2`,
  point: { x: 1.3, y: 0.4, w1: 0.8, w2: -0.6 },
  published: [
    {
      source: "NeuromatchAcademy/course-content-dl, issue 176: the minus left out",
      code: `
        dw1 = 2 * w2 * x * (y - w1 * w2 * x)
        dw2 = 2 * w1 * x * (y - w1 * w2 * x)`,
      wrong: { w1: { cause: "sign" }, w2: { cause: "sign" } },
    },
    {
      source: "SethHWeidman/DLFS_code, issue 9: dLdP without the 2",
      code: `
        dp = -(y - p)
        dw1 = -(y - p) * w2 * x`,
      wrong: {
        p: { cause: "constant-factor", factor: 0.5 },
        w1: { cause: "constant-factor", factor: 0.5 },
      },
    },
  ],
};

const vectorMachine: Study = {
  name: "support vector machine by one example",
  model: `
    N = size()
    X = input(N, 2)
    y = target(N)
    w = param(2)
    b = param()
    m = 1 - y .* (X * w + b)
    L = 1/2 * sum(w.^2) + 0.5 * sum(relu(m))`,
  point: { X: matrix(4, 2, 421), y: [1, -1, 1, -1], w: numbers(2, 422), b: 0.3 },
  published: [
    {
      source: "purushottamkar/ml19-20a, issue 5: one example's gradient without the factor n",
      code: `
        db = 0.5 * -step(m[1, 1]) * y[1, 1]`,
      wrong: { b: { cause: "not-summed" } },
    },
  ],
};

const generator: Study = {
  name: "generator against a fixed discriminator",
  model: `
    z = input()
    u = input(4)
    c = input()
    v = param(4)
    q = param(4)
    s = v * z + q
    g = sigmoid(s)
    d = sigmoid(dot(u, g) + c)
    E = -log(d)`,
  point: { z: 0.7, u: numbers(4, 431), c: 0.2, v: numbers(4, 432), q: numbers(4, 433) },
  published: [
    {
      source:
        "luisguiserrano/gans, issue 3: G(z) in the formula where the discriminator's weight belongs",
      code: `
        f = -(1 - d) * g .* g .* (1 - g)
        dv = f * z
        dq = f`,
      wrong: {
        v: { cause: "wrong-variable", used: "g", instead: "u" },
        q: { cause: "wrong-variable", used: "g", instead: "u" },
      },
    },
  ],
};

export const courseStudies: readonly Study[] = [
  leastSquares,
  ridge,
  narrow,
  vectorMachine,
  generator,
];
