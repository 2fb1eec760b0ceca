/** Slips in the lines of usual models, each told by one cause. */
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
  sigmoid,
  T,
  times,
} from "./corpus/matrices.js";

const vector = (list: readonly number[]): Matrix => list.map((one) => [one]);
const total = (a: Matrix): number => a.flat().reduce((sum, one) => sum + one, 0);

/** What is told of the wrong claims: one fault each, or it fails. */
const told = (
  model: ReturnType<typeof parseModel>,
  claims: Record<string, Matrix | number[] | number>,
  at: Point,
) =>
  Object.fromEntries(
    check(model, claims, { at })
      .checks.filter(({ ok }) => !ok)
      .map(({ name, diagnosis }) => {
        const first = diagnosis.filter(({ explanation }) => explanation === 1);
        expect(first).toHaveLength(1);
        return [name, first[0]!];
      }),
  );

describe("A likelihood with a learned variance", () => {
  const model = parseModel(`
    N = size()
    X = input(N, 3)
    y = target(N)
    w = param(3)
    v = param(3)
    mu = X * w
    s = X * v
    L = sum((y - mu).^2 .* exp(-s) + s) / (2 * N)`);
  const [X, w, v, y] = [matrix(6, 3, 1), numbers(3, 2), numbers(3, 3), numbers(6, 4)];
  const [mu, s] = [w, v].map((one) => mm(X, vector(one)).flat());
  const pass = (e: readonly number[], power: (one: number) => number) => ({
    w: mm(T(X), vector(mu!.map((one, n) => ((one - y[n]!) * Math.exp(-s![n]!)) / 6))).flat(),
    v: mm(T(X), vector(e.map((one, n) => (1 - power(one) * Math.exp(-s![n]!)) / 12))).flat(),
  });
  const differences: [string, number[]][] = [
    ["y - mu", mu!.map((one, n) => y[n]! - one)],
    ["mu - y", mu!.map((one, n) => one - y[n]!)],
  ];

  it.each(differences)("whose square is forgotten, of %s", (_, e) => {
    const at = { X, y, w, v };
    expect(
      check(
        model,
        pass(e, (one) => one * one),
        { at },
      ).ok,
    ).toBe(true);
    const wrong = told(
      model,
      pass(e, (one) => one),
      at,
    );
    expect(wrong).toMatchObject({ v: { cause: "missing-factor", arisesIn: "s" } });
    expect(wrong.v!.text).toContain("the square is missing");
  });
});

describe("Scores times a learned scale", () => {
  const model = parseModel(`
    X = input(5, 3)
    Y = target(5, 4)
    A = param(3, 2)
    B = param(4, 2)
    t = param()
    Q = X * A
    S = Q * B' * exp(t)
    L = sum((S - Y).^2) / 2`);
  const [X, Y, A, B, t] = [matrix(5, 3, 1), matrix(5, 4, 2), matrix(3, 2, 3), matrix(4, 2, 4), 0.7];
  const Q = mm(X, A);
  const S = scale(Math.exp(t), mm(Q, T(B)));
  const dS = minus(S, Y);
  const pass = (dC: Matrix) => ({
    t: total(times(dS, S)),
    A: mm(T(X), mm(dC, B)),
    B: mm(T(dC), Q),
  });

  it("that are divided by it on the way back", () => {
    const at = { X, Y, A, B, t };
    expect(check(model, pass(scale(Math.exp(t), dS)), { at }).ok).toBe(true);
    const wrong = told(model, pass(scale(Math.exp(-t), dS)), at);
    expect(Object.keys(wrong).sort()).toEqual(["A", "B"]);
    for (const { cause, text } of Object.values(wrong)) {
      expect(cause).toBe("wrong-function");
      expect(text).toContain("divided by exp(t) in the step back through S");
    }
  });
});

describe("A gate u .* sigmoid(u)", () => {
  const model = parseModel(`
    X = input(5, 3)
    Y = target(5, 2)
    A = param(3, 4)
    B = param(4, 2)
    G = X * A
    S = G .* sigmoid(G)
    P = S * B
    L = sum((P - Y).^2) / 2`);
  const [X, Y, A, B] = [matrix(5, 3, 1), matrix(5, 2, 2), matrix(3, 4, 3), matrix(4, 2, 4)];
  const G = mm(X, A);
  const g = each(G, sigmoid);
  const S = times(G, g);
  const dP = minus(mm(S, B), Y);
  const rest = times(
    g,
    each(g, (one) => 1 - one),
  );
  const pass = (slope: Matrix) => ({
    A: mm(T(X), times(mm(dP, T(B)), slope)),
    B: mm(T(S), dP),
  });
  const at = { X, Y, A, B };

  it.each<[string, Matrix]>([
    ["the value stands for the argument", plus(g, times(S, rest))],
    ["the gate's slope stands for that of the whole", rest],
  ])("whose derivative is silu', where %s", (_, slope) => {
    expect(check(model, pass(plus(g, times(G, rest))), { at }).ok).toBe(true);
    const wrong = told(model, pass(slope), at);
    expect(wrong).toMatchObject({ A: { cause: "wrong-function", arisesIn: "G" } });
    expect(wrong.A!.text).toContain("silu'(G)");
  });
});

describe("Widths of radial functions", () => {
  const model = parseModel(`
    X = input(6, 2)
    y = target(6)
    ls = param(2)
    w = param(2)
    c = param(2)
    gam = exp(-2 * ls) / 2
    D = (X - c').^2
    E = exp(-D .* gam')
    L = sum((E * w - y).^2) / 2`);
  const [X, y, ls, w] = [matrix(6, 2, 1), numbers(6, 2), numbers(2, 3), numbers(2, 4)];
  const gam = ls.map((one) => Math.exp(-2 * one) / 2);
  const c = numbers(2, 5);
  const off = each(X, (one, _, j) => one - c[j]!);
  const D = times(off, off);
  const E = each(D, (one, _, j) => Math.exp(-one * gam[j]!));
  const r = mm(E, vector(w)).map(([one], n) => [one! - y[n]!]);
  const dK = times(mm(r, T(vector(w))), E);
  const dgam = columnSums(times(scale(-1, D), dK));
  const at = { X, y, ls, w, c };

  it("that are the exponential of a parameter, which its derivative lacks", () => {
    const right = dgam.map((one, k) => -2 * gam[k]! * one);
    expect(check(model, { ls: right }, { at }).ok).toBe(true);
    const wrong = told(model, { ls: dgam.map((one) => -2 * one) }, at);
    expect(wrong).toMatchObject({ ls: { cause: "missing-factor", factor: "gam" } });
    expect(wrong.ls!.arisesIn).not.toBe("gam");
  });

  it("whose distances take the derivative by the exponent for their own", () => {
    const pass = (dD: Matrix) => columnSums(times(scale(-2, off), dD));
    const dD = each(dK, (one, _, j) => -gam[j]! * one);
    expect(check(model, { c: pass(dD) }, { at }).ok).toBe(true);
    const wrong = told(model, { c: pass(dK) }, at);
    expect(wrong).toMatchObject({ c: { cause: "missing-factor", factor: "-gam", arisesIn: "D" } });
  });
});

it("A sign within a line is told as that", () => {
  const model = parseModel(`
    X = input(5, 3)
    Y = target(5, 2)
    A = param(3, 2)
    C = param(5, 2)
    g = sigmoid(X * A)
    h = g .* Y + (1 - g) .* C
    L = sum((h - X * [1, 0; 0, 1; 1, 1]).^2) / 2`);
  const [X, Y, A, C] = [matrix(5, 3, 1), matrix(5, 2, 2), matrix(3, 2, 3), matrix(5, 2, 4)];
  const g = each(mm(X, A), sigmoid);
  const rest = each(g, (one) => 1 - one);
  const wanted = mm(X, [
    [1, 0],
    [0, 1],
    [1, 1],
  ]);
  const dh = minus(plus(times(g, Y), times(rest, C)), wanted);
  const at = { X, Y, A, C };
  expect(check(model, { C: times(dh, rest) }, { at }).ok).toBe(true);
  const slope = each(g, (one) => 1 + one);
  const wrong = told(model, { C: times(dh, slope) }, at);
  expect(wrong.C).toMatchObject({ cause: "sign", term: "g" });
  expect(wrong.C!.text).toContain("computed with + before g where - belongs");
});
