/** Lines copied from one place to another, gradients under each other's names, brackets that were lost. */
import { matrix, numbers } from "../matrices.js";
import type { Study } from "./study.js";

const lstm: Study = {
  name: "LSTM cell, a bias for each gate",
  model: `
    xc = input(5)
    s0 = input(3)
    t = target(3)
    wg = param(3, 5)
    wi = param(3, 5)
    wf = param(3, 5)
    wo = param(3, 5)
    bg = param(3)
    bi = param(3)
    bf = param(3)
    bo = param(3)
    zg = wg * xc + bg
    zi = wi * xc + bi
    zf = wf * xc + bf
    zo = wo * xc + bo
    g = tanh(zg)
    i = sigmoid(zi)
    f = sigmoid(zf)
    o = sigmoid(zo)
    s = g .* i + s0 .* f
    h = o .* tanh(s)
    loss = sum((h - t).^2)`,
  point: {
    xc: numbers(5, 1001),
    s0: numbers(3, 1002),
    t: numbers(3, 1003),
    wg: matrix(3, 5, 1004),
    wi: matrix(3, 5, 1005),
    wf: matrix(3, 5, 1006),
    wo: matrix(3, 5, 1007),
    bg: numbers(3, 1008),
    bi: numbers(3, 1009),
    bf: numbers(3, 1010),
    bo: numbers(3, 1011),
  },
  published: [
    {
      source: "ddbourgin/numpy-ml, issue 42: the output gate's bias added in the other gates, too",
      code: `
        i2 = sigmoid(wi * xc + bo)
        f2 = sigmoid(wf * xc + bo)
        s2 = g .* i2 + s0 .* f2
        dh2 = 2 * (o .* tanh(s2) - t)
        ds2 = dh2 .* o .* (1 - tanh(s2).^2)
        dbf = ds2 .* s0 .* f2 .* (1 - f2)
        dbi = ds2 .* g .* i2 .* (1 - i2)
        dbg = ds2 .* i2 .* (1 - g.^2)
        dwf = dbf * xc'
        dwi = dbi * xc'
        dwg = dbg * xc'`,
      wrong: {
        bf: { cause: "wrong-variable", used: "bo", instead: "bi and bf" },
        bi: { cause: "wrong-variable", used: "bo", instead: "bi and bf" },
        bg: { cause: "wrong-variable", used: "bo", instead: "bi and bf" },
        wf: { cause: "wrong-variable", used: "bo", instead: "bi and bf" },
        wi: { cause: "wrong-variable", used: "bo", instead: "bi and bf" },
        wg: { cause: "wrong-variable", used: "bo", instead: "bi and bf" },
      },
    },
  ],
};

const gaussians: Study = {
  name: "divergence of two diagonal normal distributions",
  model: `
    h = input(3)
    M1 = param(2, 3)
    V1 = param(2, 3)
    M2 = param(2, 3)
    V2 = param(2, 3)
    m1 = M1 * h
    v1 = V1 * h
    m2 = M2 * h
    v2 = V2 * h
    D = 1/2 * sum(v2 - v1 - 1 + (exp(v1) + (m1 - m2).^2) ./ exp(v2))`,
  point: {
    h: numbers(3, 1021),
    M1: matrix(2, 3, 1022),
    V1: matrix(2, 3, 1023),
    M2: matrix(2, 3, 1024),
    V2: matrix(2, 3, 1025),
  },
  published: [
    {
      source: "RuiShu/cvae, issue 1: each distribution has the other one's gradients",
      code: `
        dM2 = (m1 - m2) ./ exp(v2) * h'
        dM1 = -dM2
        dV2 = 1/2 * (exp(v1 - v2) - 1) * h'
        dV1 = 1/2 * (1 - (exp(v1) + (m1 - m2).^2) ./ exp(v2)) * h'`,
      wrong: {
        M1: { cause: "other-quantity", is: "M2" },
        M2: { cause: "other-quantity", is: "M1" },
        V1: { cause: "other-quantity", is: "V2" },
        V2: { cause: "other-quantity", is: "V1" },
      },
      decimals: 6,
    },
  ],
};

const product: Study = {
  name: "a product and a sum of the same two numbers",
  model: `
    a = param()
    b = param()
    d = a * b
    e = a + b
    f = d * e`,
  point: { a: -2, b: 3 },
  published: [
    {
      source: "A. Karpathy, micrograd: gradients set with = where += belongs",
      code: `
        da = e * b
        db = e * a`,
      wrong: { a: { cause: "missing-term" }, b: { cause: "missing-term" } },
    },
  ],
};

const silu: Study = {
  name: "one layer of silu",
  model: `
    N = size()
    X = input(N, 2)
    t = target(N)
    W = param(2, 3)
    b = param(3)
    v = param(3)
    Z = X * W + b'
    A = silu(Z)
    y = A * v
    loss = mean((y - t).^2)`,
  point: {
    X: matrix(5, 2, 1031),
    t: numbers(5, 1032),
    W: matrix(2, 3, 1033),
    b: numbers(3, 1034),
    v: numbers(3, 1035),
  },
  published: [
    {
      source:
        "dfdx, pull request 915: brackets of the slope lost, only its last summand is divided",
      code: `
        dA = 2 / N * (y - t) * v'
        dZ = dA .* (1 + exp(-Z) + Z .* exp(-Z) ./ (1 + exp(-Z)).^2)
        dW = X' * dZ`,
      wrong: { Z: { cause: "wrong-function" }, W: { cause: "wrong-function" } },
      decimals: 7,
    },
  ],
};

const normalised: Study = {
  name: "batch normalisation with a scale, and rows of unit length",
  model: `
    N = size()
    X = input(N, 2)
    T = target(N, 3)
    W = param(2, 3)
    g = param(3)
    V = param(2, 3)
    Z = X * W
    D = Z - mean(Z, 1)'
    s = 1 ./ sqrt(mean(D.^2, 1) + 0.00001)
    Q = D .* s'
    U = Q .* g'
    H = X * V
    r = sqrt(sum(H.^2, 2))
    F = H ./ r
    L = sum((U - T).^2) / N + 1/2 * sum((F - T).^2)`,
  point: {
    X: matrix(6, 2, 1041),
    T: matrix(6, 3, 1042),
    W: matrix(2, 3, 1043),
    g: numbers(3, 1044),
    V: matrix(2, 3, 1045),
  },
  published: [
    {
      source: "ROCm/MIOpen, issue 104: one of the three summands without the scale",
      code: `
        dU = 2 / N * (U - T)
        G = dU .* g'
        dZ = s' .* (dU - mean(G, 1)' - Q .* mean(G .* Q, 1)')
        dW = X' * dZ`,
      wrong: {
        Z: { cause: "missing-factor", factor: "g" },
        W: { cause: "missing-factor", factor: "g" },
      },
    },
    {
      source: "luhaofang/tripletloss, issue 7: the normalised row's gradient handed on unchanged",
      code: `
        dV = X' * (F - T)`,
      wrong: { V: { cause: "missing-factor", factor: "dF/dH" } },
    },
  ],
};

export const copyStudies: readonly Study[] = [lstm, gaussians, product, silu, normalised];
