/** Paths of the backward pass: too many of them, all but one missing, and lines that are put together of two. */
import { check, type Claims, type Diagnosis, parseModel, type Point } from "chainrule";
import { describe, expect, it } from "vitest";
import { summandsOf } from "../../src/check/mutants/lines/partitions.js";
import { Backward } from "../../src/check/pass/backward.js";
import { Bench } from "../../src/check/pass/bench.js";
import { readPoint } from "../../src/language/point.js";
import { each, matrix, minus, mm, oneHot, rowSums, scale, T, times } from "./corpus/matrices.js";
import { columnSums, mv, numbers, sigmoid, sum, vplus } from "./corpus/matrices.js";

function told(text: string, claims: Claims, at: Point): Diagnosis[] {
  const { checks } = check(parseModel(text), claims, { at });
  return checks.flatMap(({ diagnosis }) =>
    diagnosis.filter(({ explanation }) => explanation === 1),
  );
}

const HINGES = `
  X = input(6, 4)
  Y = target(6, 3)
  W = param(4, 3)
  S = X * W
  c = sum(S .* Y, 2)
  M = maximum(S - c + 1, 0) .* (1 - Y)
  L = sum(M) / 6 + 0.1 * sum(W.^2)`;

describe("two steps in one line", () => {
  const at = { X: matrix(6, 4, 1), Y: oneHot(6, 3), W: matrix(4, 3, 2) };
  const S = mm(at.X, at.W);
  const c = rowSums(times(S, at.Y));
  const over = each(S, (s, i) => (s - c[i]! + 1 > 0 ? 1 : 0));
  const others = times(
    over,
    each(at.Y, (y) => 1 - y),
  );

  /** The right class counts itself, or does not. */
  function gradient(counted: number[][]): Claims {
    const counts = rowSums(counted);
    const dS = each(others, (m, i, j) => (m - at.Y[i]![j]! * counts[i]!) / 6);
    return { W: each(mm(T(at.X), dS), (v, i, j) => v + 0.2 * at.W[i]![j]!) };
  }

  it("have the terms of one factor, each once", () => {
    expect(told(HINGES, gradient(others), at)).toEqual([]);
    const all = told(HINGES, gradient(over), at);
    expect(all).toHaveLength(1);
    expect(all[0]).toMatchObject({ cause: "missing-factor", factor: "1 - Y", arisesIn: "c" });
  });

  it("are the sum of their terms", () => {
    const backward = Backward.of(parseModel(HINGES));
    const { W } = at;
    const point = readPoint(backward.model, { X: at.X, Y: at.Y, W });
    const bench = new Bench(backward, point, new Set(backward.model.params));
    let count = 0;
    for (const edge of backward.edges) {
      const parts = summandsOf(backward, edge);
      if (parts.length === 0) continue;
      count += 1;
      const values = parts.map((body) => bench.unsummed({ ...edge.clause, body }).slice());
      const right = bench.unsummed(edge.clause);
      for (const [k, value] of right.entries()) {
        expect(sum(values.map((one) => one[k]!))).toBeCloseTo(value, 12);
      }
    }
    expect(count).toBeGreaterThan(0);
  });
});

const THRESHOLDS = `
  X = input(5, 3)
  t = target(5)
  w = param(3)
  theta = param()
  delta = param()
  f = X * w
  r1 = theta - f
  r2 = theta + exp(delta) - f
  F1 = sigmoid(r1)
  F2 = sigmoid(r2)
  L = sum((F2 - F1 - t).^2)`;

describe("the paths of two quantities that are computed alike", () => {
  const at = { X: matrix(5, 3, 3), t: numbers(5, 4), w: numbers(3, 5), theta: 0.3, delta: -0.2 };
  const f = mv(at.X, at.w);
  const F1 = f.map((v) => sigmoid(at.theta - v));
  const F2 = f.map((v) => sigmoid(at.theta + Math.exp(at.delta) - v));
  const d = f.map((_, k) => 2 * (F2[k]! - F1[k]! - at.t[k]!));
  const dr1 = d.map((v, k) => -v * F1[k]! * (1 - F1[k]!));
  const dr2 = d.map((v, k) => v * F2[k]! * (1 - F2[k]!));
  const both = vplus(dr1, dr2);
  const gradient = (ofDelta: number[]): Claims => ({
    w: mv(T(at.X), both).map((v) => -v),
    theta: sum(both),
    delta: Math.exp(at.delta) * sum(ofDelta),
  });

  it("are one too many where one of them leads there", () => {
    expect(told(THRESHOLDS, gradient(dr2), at)).toEqual([]);
    const all = told(THRESHOLDS, gradient(both), at);
    expect(all).toHaveLength(1);
    expect(all[0]).toMatchObject({ cause: "extra-term", term: "the path through r1" });
  });
});

const SCORES = `
  A = input(5, 3)
  B = input(5, 3)
  C = input(5, 3)
  t = target(5)
  b = param(3)
  u = A * b
  v = B * b
  s = C * b
  L = sum((u .* v .* s - t).^2)`;

describe("all paths but one missing", () => {
  const at = {
    ...{ A: matrix(5, 3, 6), B: matrix(5, 3, 7), C: matrix(5, 3, 8) },
    ...{ t: numbers(5, 9), b: numbers(3, 10) },
  };
  const [u, v, s] = [at.A, at.B, at.C].map((one) => mv(one, at.b)) as [
    number[],
    number[],
    number[],
  ];
  const d = u.map((one, k) => 2 * (one * v[k]! * s[k]! - at.t[k]!));

  it("is told of those, whether they were forgotten or assigned", () => {
    const b = mv(
      T(at.A),
      d.map((one, k) => one * v[k]! * s[k]!),
    );
    const [first] = told(SCORES, { b }, at);
    expect(first).toMatchObject({ cause: "missing-term", term: "the paths through s and v" });
  });
});

const CHAIN = `
  X = input(5, 3)
  t = target(5)
  w = param(3)
  z = X * w
  p = sigmoid(z)
  q = 1 - p
  L = -sum(t .* log(q)) + sum(p.^2)`;

describe("a sign that may be lost in either of two lines", () => {
  const at = { X: matrix(5, 3, 11), t: numbers(5, 12).map((one) => one + 1), w: numbers(3, 13) };
  const p = mv(at.X, at.w).map(sigmoid);

  it("is told of both", () => {
    const dq = p.map((one, k) => -at.t[k]! / (1 - one));
    const gradient = (sign: number): Claims => {
      const dz = p.map((one, k) => (2 * one + sign * dq[k]!) * one * (1 - one));
      return { w: columnSums(each(at.X, (x, i) => x * dz[i]!)) };
    };
    expect(told(CHAIN, gradient(-1), at)).toEqual([]);
    const [first] = told(CHAIN, gradient(1), at);
    expect(first).toMatchObject({ cause: "sign", arisesIn: "q" });
    expect(first!.text).toMatch(/multiply by -1, or subtract it in dp$/);
  });
});

const ADAPTED = `
  X = input(6, 4)
  t = target(6, 3)
  V = input(4, 3)
  A = param(4, 2)
  B = param(2, 3)
  W = V + A * B
  Z = X * W
  H = tanh(Z)
  L = sum((H - t).^2) / 2`;

describe("a factor that one parameter's derivative alone lacks", () => {
  const at = {
    ...{ X: matrix(6, 4, 14), t: matrix(6, 3, 15), V: matrix(4, 3, 16) },
    ...{ A: matrix(4, 2, 17), B: matrix(2, 3, 18) },
  };
  const W = each(mm(at.A, at.B), (one, i, j) => one + at.V[i]![j]!);
  const H = each(mm(at.X, W), Math.tanh);
  const dH = minus(H, at.t);
  const dZ = each(dH, (one, i, j) => one * (1 - H[i]![j]! ** 2));
  const gradient = (of: number[][]): Claims => ({
    A: mm(mm(T(at.X), dZ), T(at.B)),
    B: mm(T(at.A), mm(T(at.X), of)),
  });

  it("is told of no summand where there is but one", () => {
    expect(told(ADAPTED, gradient(dZ), at)).toEqual([]);
    const [first] = told(ADAPTED, gradient(dH), at);
    expect(first!.cause).toBe("missing-factor");
    expect(first!.text).not.toContain("summand");
  });
});

it("a second mistake is told of the claims that it changes alone", () => {
  const text = `
    X = input(5, 4)
    t = target(5, 3)
    G = param(4, 2)
    W = param(2, 3)
    P = tanh(X * G)
    Y = P * W
    m = mean(P, 1)
    L = sum((Y - t).^2) + 0.3 * sum(m.^2)`;
  const at = {
    ...{ X: matrix(5, 4, 19), t: matrix(5, 3, 20) },
    ...{ G: matrix(4, 2, 21), W: matrix(2, 3, 22) },
  };
  const P = each(mm(at.X, at.G), Math.tanh);
  const gradient = (times: number, penalty: number): Claims => {
    const dY = scale(times, minus(mm(P, at.W), at.t));
    const means = columnSums(P).map((one) => (penalty * 0.6 * one) / 5 / 5);
    const dP = each(mm(dY, T(at.W)), (one, _, j) => one + means[j]!);
    const dS = each(dP, (one, i, j) => one * (1 - P[i]![j]! ** 2));
    return { W: mm(T(P), dY), G: mm(T(at.X), dS) };
  };
  expect(told(text, gradient(2, 1), at)).toEqual([]);
  const { checks } = check(parseModel(text), gradient(1, 0), { at });
  const causes = checks.map(({ diagnosis }) =>
    diagnosis.filter(({ explanation }) => explanation === 1).map(({ cause }) => cause),
  );
  expect(causes[0]).toEqual(["constant-factor"]);
  expect(causes[1]!.toSorted()).toEqual(["constant-factor", "missing-term"]);
});
