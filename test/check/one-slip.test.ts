/** One slip is told as one: a sum for one of its terms, a name for another one in two lines, two names for each other. */
import { check, type Claims, type Diagnosis, parseModel, type Point } from "chainrule";
import { describe, expect, it } from "vitest";
import { each, matrix, type Matrix, minus, mm, T, times } from "./corpus/matrices.js";

function told(text: string, claims: Claims, at: Point): readonly (readonly Diagnosis[])[] {
  return check(parseModel(text), claims, { at }).checks.map(({ diagnosis }) => diagnosis);
}

const plus = (a: Matrix, b: Matrix): Matrix =>
  minus(
    a,
    each(b, (one) => -one),
  );

describe("a sample with a learned deviation", () => {
  const model = `
    X = input(6, 4)
    E = input(6, 3)
    t = target(6, 3)
    A = param(4, 3)
    B = param(4, 3)
    M = X * A
    S = X * B
    Z = M + exp(S) .* E
    L = sum((Z - t).^2) / 2`;
  const at = {
    ...{ X: matrix(6, 4, 1), E: matrix(6, 3, 2), t: matrix(6, 3, 3) },
    ...{ A: matrix(4, 3, 4), B: matrix(4, 3, 5) },
  };
  const [M, S] = [mm(at.X, at.A), mm(at.X, at.B)];
  const noise = times(
    each(S, (one) => Math.exp(one)),
    at.E,
  );
  const Z = plus(M, noise);
  const dZ = minus(Z, at.t);
  const gradients = (factor: Matrix): Claims => ({
    A: mm(T(at.X), dZ),
    B: mm(T(at.X), times(dZ, factor)),
  });

  it("has the sample where its noise belongs", () => {
    expect(told(model, gradients(noise), at)).toEqual([[], []]);
    const [, [first, ...others]] = told(model, gradients(Z), at) as [[], [Diagnosis]];
    expect(first).toMatchObject({ cause: "wrong-variable", used: "Z", instead: "exp(S) .* E" });
    expect(others).toEqual([]);
  });
});

describe("two ways from one layer", () => {
  const model = `
    X = input(6, 4)
    t = target(6, 2)
    s = target(6, 2)
    W = param(4, 3)
    U = param(3, 2)
    V = param(3, 2)
    H = tanh(X * W)
    P = H * U
    Q = H * V
    L = sum((P - t).^2) / 2 + sum((Q - s).^2) / 2`;
  const at = {
    ...{ X: matrix(6, 4, 1), t: matrix(6, 2, 2), s: matrix(6, 2, 3), W: matrix(4, 3, 4) },
    ...{ U: matrix(3, 2, 5), V: matrix(3, 2, 6) },
  };
  const H = each(mm(at.X, at.W), Math.tanh);
  const [dP, dQ] = [minus(mm(H, at.U), at.t), minus(mm(H, at.V), at.s)];
  const gradients = (U: Matrix, V: Matrix): Claims => {
    const dH = plus(mm(dP, T(U)), mm(dQ, T(V)));
    const slope = each(H, (one) => 1 - one ** 2);
    return { W: mm(T(at.X), times(dH, slope)), U: mm(T(H), dP), V: mm(T(H), dQ) };
  };

  it("with their weights changed over", () => {
    expect(told(model, gradients(at.U, at.V), at)).toEqual([[], [], []]);
    const [[first, ...others]] = told(model, gradients(at.V, at.U), at) as [[Diagnosis]];
    expect(first.cause).toBe("wrong-variable");
    expect([first.used, first.instead].sort()).toEqual(["U", "V"]);
    expect(first.text).toContain("changed over: put each in the place of the other");
    expect(others).toEqual([]);
  });
});

describe("rows that are normalised", () => {
  const model = `
    X = input(6, 4)
    Y = input(6, 4)
    W = param(4, 3)
    K = param(4, 3)
    U = X * W
    V = Y * K
    nU = sqrt(sum(U.^2, 2))
    nV = sqrt(sum(V.^2, 2))
    E = U ./ nU
    F = V ./ nV
    L = sum(tanh(E .* F))`;
  const at = {
    ...{ X: matrix(6, 4, 1), Y: matrix(6, 4, 2), W: matrix(4, 3, 3), K: matrix(4, 3, 4) },
  };
  const [U, V] = [mm(at.X, at.W), mm(at.Y, at.K)];
  const norms = (A: Matrix): number[] => A.map((row) => Math.hypot(...row));
  const over = (A: Matrix, by: readonly number[]): Matrix =>
    A.map((row, i) => row.map((one) => one / by[i]!));
  const [E, F] = [over(U, norms(U)), over(V, norms(V))];
  const slope = each(times(E, F), (one) => 1 - Math.tanh(one) ** 2);
  const across = (d: Matrix, unit: Matrix): Matrix =>
    d.map((row, i) => {
      const along = row.reduce((sum, one, k) => sum + one * unit[i]![k]!, 0);
      return row.map((one, k) => one - along * unit[i]![k]!);
    });
  const [dE, dF] = [times(slope, F), times(slope, E)];
  const gradients = (by: readonly number[]): Claims => ({
    W: mm(T(at.X), over(across(dE, E), norms(U))),
    K: mm(T(at.Y), over(across(dF, F), by)),
  });

  it("by the norm of the others, in all lines that have it", () => {
    expect(told(model, gradients(norms(V)), at)).toEqual([[], []]);
    const [, [first, ...others]] = told(model, gradients(norms(U)), at) as [[], [Diagnosis]];
    expect(first).toMatchObject({ cause: "wrong-variable", used: "nU", instead: "nV" });
    expect(first.firstIn).toEqual(["nV", "V"]);
    expect(others).toEqual([]);
  });
});
