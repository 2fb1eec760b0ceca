/** One factor in a line of the backward pass, which some gradients have as a whole and others beside terms without it. */
import { check, parseModel, type Point } from "chainrule";
import { describe, expect, it } from "vitest";
import {
  columnSums,
  each,
  type Matrix,
  matrix,
  minus,
  mm,
  numbers,
  plus,
  scale,
  T,
  times,
} from "./corpus/matrices.js";

const slope = (a: Matrix): Matrix => each(a, (v) => 1 - v * v);
const tanh = (a: Matrix): Matrix => each(a, Math.tanh);
const vector = (list: readonly number[]): Matrix => list.map((one) => [one]);
const flat = (a: Matrix): number[] => a.flat();

const told = (
  model: ReturnType<typeof parseModel>,
  claims: Record<string, Matrix | number[] | number>,
  at: Point,
) => {
  const { checks } = check(model, claims, { at });
  return new Map(
    checks
      .filter(({ ok }) => !ok)
      .map(({ name, diagnosis }) => [name, diagnosis.filter((one) => one.explanation === 1)]),
  );
};

it("is told at the last derivative that all of them are computed from, beside a residual path", () => {
  const model = parseModel(`
    N = size()
    X = input(N, 3)
    T = target(N, 4)
    We = param(3, 4)
    Wg = param(4, 5)
    Wd = param(5, 4)
    H = X * We
    F = tanh(H * Wg)
    Y = H + F * Wd
    L = sum((Y - T).^2) / (2 * N)`);
  const [X, Y, We, Wg, Wd] = [
    matrix(6, 3, 1),
    matrix(6, 4, 2),
    matrix(3, 4, 3),
    matrix(4, 5, 4),
    matrix(5, 4, 5),
  ];
  const H = mm(X, We);
  const F = tanh(mm(H, Wg));
  const dY = scale(1 / 6, minus(plus(H, mm(F, Wd)), Y));
  // divided by the number of examples once more
  const dF = scale(1 / 6, mm(dY, T(Wd)));
  const dG = times(dF, slope(F));
  const claims = {
    Wd: mm(T(F), dY),
    Wg: mm(T(H), dG),
    We: mm(T(X), plus(dY, mm(dG, T(Wg)))),
  };
  const wrong = told(model, claims, { X, T: Y, We, Wg, Wd });
  expect([...wrong.keys()].sort()).toEqual(["We", "Wg"]);
  for (const diagnosis of wrong.values()) {
    expect(diagnosis).toHaveLength(1);
    expect(diagnosis[0]).toMatchObject({
      cause: "constant-factor",
      factor: "1/N",
      arisesIn: "F",
    });
  }
});

it("is told in the model's own number, where the line multiplies by it for dividing", () => {
  const model = parseModel(`
    N = size()
    X = input(N, 3)
    T = target(N, 2)
    M = input(N, 4)
    lam = input()
    W1 = param(3, 4)
    b1 = param(4)
    W2 = param(4, 2)
    A = tanh(X * W1 + b1')
    D = A .* M / 0.8
    P = D * W2
    L = sum((P - T).^2) / (2 * N) + lam / 2 * (sum(W1.^2) + sum(W2.^2))`);
  const [X, Y, W1, W2] = [matrix(6, 3, 1), matrix(6, 2, 2), matrix(3, 4, 3), matrix(4, 2, 5)];
  const M = each(matrix(6, 4, 6), (v) => (v > -0.3 ? 1 : 0));
  const [b1, lam] = [numbers(4, 4), 0.13];
  const A = tanh(each(mm(X, W1), (v, _, j) => v + b1[j]!));
  const D = scale(1 / 0.8, times(A, M));
  const dP = scale(1 / 6, minus(mm(D, W2), Y));
  const dA = scale(0.8, times(mm(dP, T(W2)), M));
  const dZ = times(dA, slope(A));
  const claims = {
    W2: plus(mm(T(D), dP), scale(lam, W2)),
    W1: plus(mm(T(X), dZ), scale(lam, W1)),
    b1: columnSums(dZ),
  };
  const wrong = told(model, claims, { X, T: Y, M, lam, W1, b1, W2 });
  expect([...wrong.keys()].sort()).toEqual(["W1", "b1"]);
  for (const diagnosis of wrong.values()) {
    expect(diagnosis).toHaveLength(1);
    expect(diagnosis[0]).toMatchObject({ cause: "constant-factor", arisesIn: "A" });
    expect(diagnosis[0]!.text).toContain("multiplied by 0.8 where it must be divided by 0.8");
  }
});

it("may be a factor of one term, put before all of them", () => {
  const model = parseModel(`
    N = size()
    X = input(N, 3)
    y = target(N)
    C = param(3, 5)
    w = param(5)
    v = param(5)
    c = param()
    H = tanh(X * C)
    mu = H * w
    lv = H * v + c
    L = sum((y - mu).^2 .* exp(-lv) + lv) / (2 * N)`);
  const [X, C, w, v, y] = [
    matrix(6, 3, 1),
    matrix(3, 5, 2),
    numbers(5, 3),
    numbers(5, 4),
    numbers(6, 5),
  ];
  const c = 0.4;
  const H = tanh(mm(X, C));
  const mu = flat(mm(H, vector(w)));
  const lv = flat(mm(H, vector(v))).map((one) => one + c);
  const e = mu.map((one, n) => one - y[n]!);
  const dmu = vector(e.map((one, n) => (one * Math.exp(-lv[n]!)) / 6));
  // the derivative by the variance, divided by it once: that by its logarithm is right without
  const dlv = vector(
    e.map((one, n) => (Math.exp(-lv[n]!) - one ** 2 * Math.exp(-2 * lv[n]!)) / 12),
  );
  const dH = plus(mm(dmu, T(vector(w))), mm(dlv, T(vector(v))));
  const claims = {
    w: flat(mm(T(H), dmu)),
    v: flat(mm(T(H), dlv)),
    c: flat(dlv).reduce((total, one) => total + one, 0),
    C: mm(T(X), times(dH, slope(H))),
  };
  const wrong = told(model, claims, { X, y, C, w, v, c });
  expect([...wrong.keys()].sort()).toEqual(["C", "c", "v"]);
  for (const diagnosis of wrong.values()) {
    expect(diagnosis).toHaveLength(1);
    expect(diagnosis[0]).toMatchObject({
      cause: "extra-factor",
      factor: "exp(-lv)",
      arisesIn: "lv",
    });
  }
});

it("is told of a penalty as a whole, where a mean of squares in one of its terms would do as well", () => {
  const model = parseModel(`
    N = size()
    X = input(N, 4)
    T = target(N, 2)
    lam = input()
    W = param(4, 4)
    V = param(4, 2)
    H = tanh(X * W)
    P = H * V
    L = sum((P - T).^2) / (2 * N) + lam / 2 * (sum(W.^2) + sum(V.^2))`);
  // as many examples as there are rows
  const [X, Y, W, V, lam] = [
    matrix(4, 4, 1),
    matrix(4, 2, 2),
    matrix(4, 4, 3),
    matrix(4, 2, 4),
    0.3,
  ];
  const H = tanh(mm(X, W));
  const dP = scale(1 / 4, minus(mm(H, V), Y));
  const dZ = times(mm(dP, T(V)), slope(H));
  const claims = {
    W: plus(mm(T(X), dZ), scale(lam / 4, W)),
    V: plus(mm(T(H), dP), scale(lam / 4, V)),
  };
  const wrong = told(model, claims, { X, T: Y, lam, W, V });
  expect([...wrong.keys()].sort()).toEqual(["V", "W"]);
  for (const diagnosis of wrong.values()) {
    expect(diagnosis).toHaveLength(1);
    expect(diagnosis[0]).toMatchObject({ cause: "constant-factor", factor: "1/N" });
    expect(diagnosis[0]!.text).toMatch(/the penalty's term lam \* [WV]:/);
  }
});

describe("a net with decayed weights and a factor 0.8 between its layers", () => {
  const model = parseModel(`
    N = size()
    X = input(N, 3)
    Y = target(N, 3)
    W1 = param(3, 3)
    b1 = param(3)
    W2 = param(3, 3)
    Z = X * W1 + b1'
    H = tanh(Z)
    D = 0.8 * H
    R = D * W2 + X
    E = R - Y
    lam = 0.1
    L = sum(sum(E.^2)) / (2 * N) + lam / 2 * (sum(W1.^2) + sum(W2.^2))`);

  /** Gradients with slips: what comes in times a factor, D times another one, the weights so many times. */
  function slipped(
    rows: number,
    seed: number,
    { sign = 1, between = 0.8, decay = (weights: Matrix) => scale(0.1, weights) },
  ) {
    const [X, Y, W1, W2] = [
      matrix(rows, 3, seed),
      matrix(rows, 3, seed + 1),
      matrix(3, 3, seed + 2),
      matrix(3, 3, seed + 3),
    ];
    const b1 = numbers(3, seed + 4);
    const H = tanh(each(mm(X, W1), (v, _, j) => v + b1[j]!));
    const D = scale(0.8, H);
    const dE = scale(sign, minus(plus(mm(D, W2), X), Y));
    const dZ = times(scale(between, mm(dE, T(W2))), slope(H));
    const claims = {
      W2: plus(mm(T(D), dE), decay(W2)),
      W1: plus(mm(T(X), dZ), decay(W1)),
      b1: columnSums(dZ),
    };
    return { claims, at: { X, Y, W1, b1, W2 } };
  }

  const rounded = (list: Matrix | number[]): Matrix | number[] =>
    list.map((one) =>
      Array.isArray(one) ? one.map((v) => Number(v.toPrecision(4))) : Number(one.toPrecision(4)),
    ) as Matrix | number[];

  const cases = [1, 2, 3].flatMap((seed) => [
    { seed, digits: "all digits", given: (list: Matrix | number[]) => list },
    { seed, digits: "four digits", given: rounded },
  ]);

  it.each(cases)("is divided by that number where it is multiplied ($seed, $digits)", (one) => {
    const { claims, at } = slipped(5, one.seed, { sign: 1 / 5, between: 1 / 0.8 });
    const wrong = told(model, mapped(claims, one.given), at);
    expect([...wrong.keys()].sort()).toEqual(["W1", "b1"]);
    for (const [name, diagnosis] of wrong) {
      expect(diagnosis).toHaveLength(1);
      expect(diagnosis[0]).toMatchObject({ cause: "constant-factor", arisesIn: "H" });
      expect(diagnosis[0]!.text).toBe(
        `d${name} follows from dH, which is divided by 0.8 where it must be multiplied by 0.8`,
      );
    }
  });

  it.each(cases)("has a sign and a factor wrong at once ($seed, $digits)", (one) => {
    const { claims, at } = slipped(5, one.seed, { sign: -1 });
    const wrong = told(model, mapped(claims, one.given), at);
    expect([...wrong.keys()].sort()).toEqual(["W1", "W2", "b1"]);
    for (const diagnosis of wrong.values()) {
      expect(diagnosis.map(({ cause }) => cause)).toEqual(["sign", "constant-factor"]);
      for (const { arisesIn } of diagnosis) expect(arisesIn).toBe("E");
      expect(diagnosis[1]!.factor).toBe("N");
    }
  });

  const TERM = "the penalty's term lam * W";
  it.each([
    [0, "missing-term", `without ${TERM}`],
    [-0.1, "sign", `the wrong sign before ${TERM}`],
    [0.2, "constant-factor", "the factor 0.5 before lam .* (sum(W1.^2) + sum(W2.^2)) left out"],
    [0.05, "constant-factor", `0.5 times ${TERM}`],
    ["0.1 alone", "missing-factor", `in ${TERM}`],
  ])("has the decay %s in place of 0.1 W in both lines", (given, cause, text) => {
    const decay = (weights: Matrix): Matrix =>
      each(weights, (v) => (typeof given === "number" ? given * v : 0.1));
    const { claims, at } = slipped(5, 1, { sign: 1 / 5, decay });
    const wrong = told(model, claims, at);
    expect([...wrong.keys()].sort()).toEqual(["W1", "W2"]);
    for (const diagnosis of wrong.values()) {
      expect(diagnosis).toHaveLength(1);
      expect(diagnosis[0]).toMatchObject({ cause });
      expect(diagnosis[0]!.text).toContain(text);
    }
  });
});

it.each([
  [
    "lam * (sum(W.^4) + sum(V.^4))",
    () => 4 * 0.1,
    "missing-factor",
    /factor ([WV])\.\^3 in .* 4 \* lam \* \1/,
  ],
  ["lam * (sum(abs(W)) + sum(abs(V)))", () => 0.1, "missing-factor", /by sign\(([WV])\) there/],
  [
    "lam / 2 * (sum(W.^2) + sum(V.^2))",
    (w: number) => -0.2 * w,
    "sign constant-factor",
    /term lam \* ([WV])/,
  ],
])("a penalty %s is told by each weight's own term", (penalty, decay, causes, text) => {
  const model = parseModel(`
    X = input(5, 3)
    y = target(5)
    lam = input()
    W = param(3, 2)
    V = param(2)
    H = tanh(X * W)
    L = sum((H * V - y).^2) / 10 + ${penalty}`);
  const [X, y, W, V] = [matrix(5, 3, 1), numbers(5, 2), matrix(3, 2, 3), [-0.4, 0.7]];
  const H = tanh(mm(X, W));
  const e = vector(flat(mm(H, vector(V))).map((p, n) => (p - y[n]!) / 5));
  const dV = flat(mm(T(H), e)).map((one, k) => one + decay(V[k]!));
  const dW = mm(T(X), times(mm(e, T(vector(V))), slope(H))).map((row, i) =>
    row.map((one, j) => one + decay(W[i]![j]!)),
  );
  const wrong = told(model, { W: dW, V: dV }, { X, y, W, V, lam: 0.1 });
  expect([...wrong.keys()].sort()).toEqual(["V", "W"]);
  for (const [name, diagnosis] of wrong) {
    expect(diagnosis.map(({ cause }) => cause).join(" ")).toBe(causes);
    for (const one of diagnosis) expect(text.exec(one.text)![1]).toBe(name);
  }
});

function mapped<Value>(
  claims: Readonly<Record<string, Value>>,
  change: (value: Value) => Value,
): Record<string, Value> {
  return Object.fromEntries(Object.entries(claims).map(([name, one]) => [name, change(one)]));
}

it("is one in the model's own name for it: a sum of what is given", () => {
  const model = parseModel(`
    N = size()
    X = input(N, 3)
    y = target(N)
    u = input(N)
    w = param(3)
    v = param(3)
    p = tanh(X * w) + X * v
    L = sum(u .* (p - y).^2) / sum(u)`);
  const [X, y, w, v] = [matrix(5, 3, 1), numbers(5, 2), numbers(3, 3), numbers(3, 4)];
  const u = [2, 0.5, 1.5, 3, 2.5];
  const h = flat(tanh(mm(X, vector(w))));
  const q = flat(mm(X, vector(v)));
  const dp = vector(u.map((one, n) => 2 * one * (h[n]! + q[n]! - y[n]!)));
  const claims = {
    w: flat(mm(T(X), times(dp, slope(vector(h))))),
    v: flat(mm(T(X), dp)),
  };
  const wrong = told(model, claims, { X, y, u, w, v });
  expect([...wrong.keys()].sort()).toEqual(["v", "w"]);
  for (const diagnosis of wrong.values()) {
    expect(diagnosis).toHaveLength(1);
    expect(diagnosis[0]!.text).toContain("the factor 1/sum(u)");
  }
});
