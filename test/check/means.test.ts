/** Means, sums and denominators of a normalisation taken for one another in the backward pass alone. */
import { check, parseModel } from "chainrule";
import { describe, expect, it } from "vitest";
import { matrix, type Matrix, mm, scale, T, type Vector } from "./corpus/matrices.js";

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
