/** Means, sums and denominators of a normalisation taken for one another in the backward pass alone. */
import { backprop, check, parseModel, type Point } from "chainrule";
import { describe, expect, it } from "vitest";
import { Workshop } from "../../src/check/mutants/family.js";
import { FORWARD_MUTANTS } from "../../src/check/mutants/forward/forward.js";
import { MISTAKEN_MEANS } from "../../src/check/mutants/lines/means.js";
import { Backward } from "../../src/check/pass/backward.js";
import {
  matrix,
  type Matrix,
  mm,
  mv,
  numbers,
  scale,
  sum,
  T,
  type Vector,
} from "./corpus/matrices.js";

const total = (v: Vector): number => v.reduce((sum, one) => sum + one, 0);
const first = (text: string, claims: Record<string, Matrix>, at: Record<string, Matrix>) =>
  check(parseModel(text), claims, { at }).checks.map(({ diagnosis }) => diagnosis[0]);

describe("a softmax", () => {
  const [S, A] = [matrix(3, 4, 401), matrix(3, 4, 402)];
  const model = `
    S = param(3, 4)
    A = input(3, 4)
    P = softmax(S, 2)
    L = sum(A .* P.^2)`;

  it("whose row sum was taken for a mean", () => {
    const gradient = (count: number): Matrix =>
      S.map((row, i) => {
        const exps = row.map(Math.exp);
        const p = exps.map((one) => one / total(exps));
        const dp = p.map((one, j) => 2 * A[i]![j]! * one);
        const inner = total(p.map((one, j) => one * dp[j]!)) / count;
        return p.map((one, j) => one * (dp[j]! - inner));
      });
    expect(first(model, { S: gradient(1) }, { S, A })).toEqual([undefined]);
    const [told] = first(model, { S: gradient(4) }, { S, A });
    expect(told).toMatchObject({ cause: "constant-factor", factor: "1/4", arisesIn: "S" });
    expect(told?.text).toContain("the mean of P .* dP where their sum belongs");
  });
});

describe("a normalisation", () => {
  const [Z, A] = [matrix(5, 3, 403), matrix(5, 3, 404)];
  const model = `
    N = size()
    Z = param(N, 3)
    A = input(N, 3)
    mu = mean(Z, 1)
    C = Z - mu'
    v = mean(C.^2, 1)
    s = sqrt(v + 0.1)
    Q = C ./ s'
    L = sum(A .* Q.^2)`;

  /** @param count of the terms of the second mean  @param denominator of the variance */
  const gradient = (count: number, denominator: (v: number) => number): Matrix => {
    const columns = T(Z).map((z, j) => {
      const mean = total(z) / 5;
      const c = z.map((one) => one - mean);
      const v = total(c.map((one) => one * one)) / 5;
      const q = c.map((one) => one / Math.sqrt(v + 0.1));
      const dq = q.map((one, i) => 2 * A[i]![j]! * one);
      const [m1, m2] = [total(dq) / 5, total(dq.map((one, i) => one * q[i]!)) / count];
      return dq.map((one, i) => (one - m1 - q[i]! * m2) / denominator(v));
    });
    return T(columns);
  };
  const root = (v: number): number => Math.sqrt(v + 0.1);

  it("is right as it stands", () => {
    expect(first(model, { Z: gradient(5, root) }, { Z, A })).toEqual([undefined]);
  });

  it("with Bessel's correction in one of its means", () => {
    const [told] = first(model, { Z: gradient(4, root) }, { Z, A });
    expect(told).toMatchObject({ cause: "constant-factor", factor: "N/(N-1)", arisesIn: "C" });
  });

  it("divided by the root of the variance plus the constant that belongs under it", () => {
    const [told] = first(model, { Z: gradient(5, (v) => Math.sqrt(v) + 0.1) }, { Z, A });
    expect(told).toMatchObject({ cause: "wrong-variable", used: "0.1 + sqrt(v)", instead: "s" });
  });
});

describe("scores that are scaled", () => {
  const [X, Wq, Wk] = [matrix(5, 4, 405), matrix(4, 3, 406), matrix(4, 3, 407)];
  const model = `
    n = size()
    X = input(n, 4)
    Wq = param(4, 3)
    Wk = param(4, 3)
    Q = X * Wq
    K = X * Wk
    S = Q * K' / sqrt(3)
    L = sum(S.^2)`;

  it("by the root of another width in the backward pass", () => {
    const [Q, K] = [mm(X, Wq), mm(X, Wk)];
    const scaled = (M: Matrix, width: number): Matrix => scale(1 / Math.sqrt(width), M);
    const gradients = (width: number): Record<string, Matrix> => {
      const dS = scaled(scale(2, mm(Q, T(K))), 3);
      return { Wq: mm(T(X), scaled(mm(dS, K), width)), Wk: mm(T(X), scaled(mm(T(dS), Q), width)) };
    };
    const at = { X, Wq, Wk };
    expect(first(model, gradients(3), at)).toEqual([undefined, undefined]);
    for (const told of first(model, gradients(4), at)) {
      expect(told).toMatchObject({ cause: "wrong-variable", used: "sqrt(4)", instead: "sqrt(3)" });
      expect(told).toMatchObject({ firstIn: ["K", "Q"] });
    }
  });
});

describe("a length in a denominator", () => {
  /** The lengths n of which `1/(n-1)` for `1/n` is told in the statement of L and in the lines to Z. */
  const told = (shape: string, loss: string): { forward: string[]; lines: string[] } => {
    const sizes = shape.includes("N") ? "N = size()\n" : "";
    const backward = Backward.of(parseModel(`${sizes}Z = param(${shape})\nL = ${loss}`));
    const { scene } = Workshop.of(backward, new Map([["N", 7]]), false);
    const [definition] = backward.definitions;
    const [Z] = backward.model.params;
    const made = {
      forward: [...FORWARD_MUTANTS.make(scene, definition!)],
      lines: backward.into(Z!).flatMap((edge) => [...MISTAKEN_MEANS.make(scene, edge)]),
    };
    const lengths = (all: typeof made.lines): string[] =>
      all.flatMap(({ fault }) => /1\/\((\w+)-1\)/.exec(fault.say("it"))?.[1] ?? []);
    return { forward: lengths(made.forward), lines: lengths(made.lines) };
  };

  it.each([
    // there is no 1/4 in these: 1/16, 1/20, and Z/8, Z/10 in the lines
    ["4", "1/16 * sum(Z.^2)", [], []],
    ["4", "1/20 * sum(Z.^2)", [], []],
    ["4", "1/4 * sum(Z.^3)", ["4"], ["4"]],
    ["4", "1/8 * sum(Z.^2)", [], ["4"]],
    ["5", "3/5 * sum(Z.^3)", ["5"], ["5"]],
    // means over both axes, which may have the same length
    ["4, 5", "1/2 * mean(Z.^2)", [], ["4", "5"]],
    ["4, 5", "mean(Z.^3)", ["4", "5"], ["4", "5"]],
    ["4, 4", "mean(Z.^3)", ["4"], ["4"]],
    ["N, 5", "1/2 * mean(Z.^2)", ["N"], ["5", "N"]],
    ["N, 5", "1/15 * sum(Z.^3)", [], ["5"]],
  ])("of an axis of %s is named in %s where it stands", (shape, loss, forward, lines) => {
    const found = told(shape, loss);
    expect([found.forward.sort(), found.lines.sort()]).toEqual([forward, lines]);
  });

  it("is not put where another number stands", () => {
    const model = (factor: string): string => `
      x = input(4)
      W = param(4, 4)
      z = tanh(W * x)
      L = ${factor} * sum(z.^2)`;
    const at = { x: [0.3, -0.8, 0.5, 1.1], W: matrix(4, 4, 408) };
    const claims = backprop(parseModel(model("1/12")), at).gradients;
    const [W] = check(parseModel(model("1/16")), claims, { at }).checks;
    const [diagnosis] = W!.diagnosis;
    expect(diagnosis).toMatchObject({ cause: "constant-factor" });
    expect(diagnosis!.text).not.toContain("1/4 ");
  });
});

describe("a factor of one path that depends on a size", () => {
  const model = parseModel(`
    N = size()
    X = input(N, 3)
    t = target(N)
    w = param(3)
    z = X * w
    m = mean(z)
    c = z - m
    L = sum((tanh(c) - t).^2)`);
  const given = { X: matrix(5, 3, 71), t: numbers(5, 72), w: numbers(3, 73) };

  /** @param factor of the path through the mean */
  const pass = (factor: (count: number) => number) => (at: Point) => {
    const { X, t, w } = at as typeof given;
    const z = mv(X, w);
    const mean = sum(z) / z.length;
    const y = z.map((one) => Math.tanh(one - mean));
    const dc = y.map((one, k) => 2 * (one - t[k]!) * (1 - one ** 2));
    const dz = dc.map((one) => one - (factor(z.length) * sum(dc)) / z.length);
    return { w: mv(T(X), dz) };
  };

  it.each([
    ["1/N", "multiply by N", (count: number) => 1 / count],
    ["2/N", "multiply by N/2", (count: number) => 2 / count],
    ["-1/N", "multiply by -N", (count: number) => -1 / count],
  ])("%s is told from points of several sizes", (factor, repaired, of) => {
    expect(
      check(
        model,
        pass(() => 1),
      ).ok,
    ).toBe(true);
    const { checks } = check(model, pass(of));
    const [first] = checks[0]!.diagnosis;
    expect(first).toMatchObject({ cause: "constant-factor", factor, term: "the path through m" });
    expect(first!.text).toContain(`${repaired}, in that path only`);
    // and from one
    expect(check(model, pass(of)(given), { at: given }).checks[0]!.diagnosis[0]!.cause).toBe(
      "constant-factor",
    );
  });
});
