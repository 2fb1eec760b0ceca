/** Another function's argument, a weight left out of a product, a factor on its other side. */
import { check, type Claims, type Diagnosis, parseModel, type Point } from "chainrule";
import { describe, expect, it } from "vitest";
import {
  each,
  matrix,
  type Matrix,
  minus,
  mm,
  plus,
  scale,
  sigmoid,
  T,
  times,
  mv,
  numbers,
  vminus,
} from "./corpus/matrices.js";

function told(text: string, claims: Claims, at: Point): readonly (readonly Diagnosis[])[] {
  return check(parseModel(text), claims, { at }).checks.map(({ diagnosis }) =>
    diagnosis.filter(({ explanation }) => explanation === 1),
  );
}

const SAMPLED = `
  X = input(5, 3)
  E = input(5, 2)
  Y = target(5, 2)
  Wm = param(3, 2)
  Wv = param(3, 2)
  M = X * Wm
  V = X * Wv
  Z = M + exp(V / 2) .* E
  L = sum((Z - Y).^2) / 2 + sum(exp(V) + M.^2 - V) / 2`;

describe("a variance and a deviation of one logarithm", () => {
  const at = {
    ...{ X: matrix(5, 3, 1), E: matrix(5, 2, 2), Y: matrix(5, 2, 3) },
    ...{ Wm: matrix(3, 2, 4), Wv: matrix(3, 2, 5) },
  };
  const [M, V] = [mm(at.X, at.Wm), mm(at.X, at.Wv)];
  const deviation = each(V, (one) => Math.exp(one / 2));
  const dZ = minus(plus(M, times(deviation, at.E)), at.Y);
  const gradients = (variance: Matrix): Claims => {
    const sampled = scale(1 / 2, times(times(dZ, at.E), deviation));
    const dV = plus(
      sampled,
      each(variance, (one) => (one - 1) / 2),
    );
    return { Wm: mm(T(at.X), plus(dZ, M)), Wv: mm(T(at.X), dV) };
  };
  it("are told apart, where the one is taken for the other", () => {
    expect(told(SAMPLED, gradients(each(V, Math.exp)), at)).toEqual([[], []]);
    const [mean, penalty] = told(SAMPLED, gradients(deviation), at);
    expect(mean).toEqual([]);
    const [used, instead] = ["exp(0.5 * V)", "exp(V)"];
    expect(penalty).toMatchObject([{ cause: "wrong-variable", used, instead, arisesIn: "V" }]);
  });
});

const GATED = `
  X = input(6, 3)
  H = input(6, 4)
  Y = target(6, 4)
  Wr = param(3, 4)
  Ur = param(4, 4)
  Wn = param(3, 4)
  Un = param(4, 4)
  R = sigmoid(X * Wr + H * Ur)
  N = tanh(X * Wn + R .* (H * Un))
  L = sum((N - Y).^2) / 2`;

describe("a gate on a product that has no name", () => {
  const at = {
    ...{ X: matrix(6, 3, 1), H: matrix(6, 4, 2), Y: matrix(6, 4, 3), Wr: matrix(3, 4, 4) },
    ...{ Ur: matrix(4, 4, 5), Wn: matrix(3, 4, 6), Un: matrix(4, 4, 7) },
  };
  const { X, H } = at;
  const R = each(plus(mm(X, at.Wr), mm(H, at.Ur)), sigmoid);
  const P = mm(H, at.Un);
  const N = each(plus(mm(X, at.Wn), times(R, P)), Math.tanh);
  const dA = times(
    minus(N, at.Y),
    each(N, (one) => 1 - one ** 2),
  );
  const gradients = (product: Matrix, dUn: Matrix): Claims => {
    const dR = times(
      times(dA, product),
      each(R, (one) => one * (1 - one)),
    );
    return { Wr: mm(T(X), dR), Ur: mm(T(H), dR), Wn: mm(T(X), dA), Un: dUn };
  };
  const right = mm(T(H), times(dA, R));

  it("is right as it stands here", () => {
    expect(told(GATED, gradients(P, right), at)).toEqual([[], [], [], []]);
  });

  it("loses the weight of the product", () => {
    const [Wr, Ur, Wn, Un] = told(GATED, gradients(H, right), at);
    expect([Wn, Un]).toEqual([[], []]);
    for (const one of [Wr, Ur]) {
      expect(one).toMatchObject([{ cause: "missing-factor", factor: "Un", arisesIn: "R" }]);
    }
  });

  it("loses the weight of the product on the way back to it", () => {
    const model = GATED.replace("R .* (H * Un)", "(R .* H) * Un");
    const before = times(R, H);
    const A = each(plus(mm(X, at.Wn), mm(before, at.Un)), Math.tanh);
    const slope = each(A, (one) => 1 - one ** 2);
    const dA = times(minus(A, at.Y), slope);
    const claims = (back: Matrix): Claims => {
      const inGate = each(R, (one) => one * (1 - one));
      const dR = times(times(back, H), inGate);
      return { Wr: mm(T(X), dR), Ur: mm(T(H), dR), Wn: mm(T(X), dA), Un: mm(T(before), dA) };
    };
    expect(told(model, claims(mm(dA, T(at.Un))), at)).toEqual([[], [], [], []]);
    const [Wr, Ur, Wn, Un] = told(model, claims(dA), at);
    expect([Wn, Un]).toEqual([[], []]);
    for (const one of [Wr, Ur]) {
      expect(one).toMatchObject([{ cause: "missing-factor", factor: "Un'", arisesIn: "R" }]);
    }
  });

  it("stands on the other side of it", () => {
    const [Wr, Ur, Wn, Un] = told(GATED, gradients(P, mm(T(times(H, R)), dA)), at);
    expect([Wr, Ur, Wn]).toEqual([[], [], []]);
    expect(Un).toMatchObject([{ cause: "wrong-variable", arisesIn: "Un" }]);
    expect(Un![0]!.text).toContain("R stands on the other side of the product");
  });
});

describe("a definition that is a multiple of a function", () => {
  const model = `
    X = input(5, 3)
    t = target(5)
    a = param(3)
    g = exp(-2 * a) / 2
    L = sum((X * g - t).^2) / 2`;
  const at = { X: matrix(5, 3, 1), t: numbers(5, 2), a: numbers(3, 3) };
  const g = at.a.map((one) => Math.exp(-2 * one) / 2);
  const dg = mv(T(at.X), vminus(mv(at.X, g), at.t));
  const gradient = (factor: readonly number[]): Claims => ({
    a: dg.map((one, k) => -2 * one * factor[k]!),
  });

  it("has its name in its own derivative", () => {
    expect(told(model, gradient(g), at)).toEqual([[]]);
    const [all] = told(model, gradient(at.a), at);
    expect(all).toHaveLength(1);
    expect(all![0]).toMatchObject({ cause: "wrong-variable", used: "a", instead: "g" });
  });
});

describe("the output of another gate", () => {
  const text = `
    N = size()
    X = input(N, 3)
    A = input(N, 4)
    T = target(N, 4)
    Wf = param(3, 4)
    Wo = param(3, 4)
    F = sigmoid(X * Wf)
    O = sigmoid(X * Wo)
    L = sum((F + A .* O - T).^2) / 2`;
  const at = {
    ...{ X: matrix(5, 3, 1), A: matrix(5, 4, 5), T: matrix(5, 4, 2) },
    ...{ Wf: matrix(3, 4, 3), Wo: matrix(3, 4, 4) },
  };
  const [F, O] = [mm(at.X, at.Wf), mm(at.X, at.Wo)].map((one) => each(one, sigmoid));
  const dY = minus(plus(F!, times(at.A, O!)), at.T);
  const rest = (a: Matrix): Matrix => each(a, (v) => 1 - v);
  const gradients = (first: Matrix, second: Matrix): Claims => ({
    Wf: mm(T(at.X), times(dY, times(F!, rest(F!)))),
    Wo: mm(T(at.X), times(times(dY, at.A), times(first, second))),
  });

  it("stands in one of the two places that the slope of a sigmoid has for its own", () => {
    expect(told(text, gradients(O!, rest(O!)), at)).toEqual([[], []]);
    const [used, instead, cause] = ["F", "O", "wrong-variable"];
    const [, first] = told(text, gradients(F!, rest(O!)), at);
    expect(first).toMatchObject([{ cause, used, instead }]);
    expect(first![0]!.text).toContain("the factor is O .* (1 - O), not F .* (1 - O)");
    const [, second] = told(text, gradients(O!, rest(F!)), at);
    expect(second).toMatchObject([{ cause, used, instead }]);
    expect(second![0]!.text).toContain("the factor is O .* (1 - O), not O .* (1 - F)");
  });
});

describe("a variance for the deviation", () => {
  const text = `
    N = size()
    X = input(N, 3)
    Y = target(N, 4)
    W = param(3, 4)
    Z = X * W
    m = mean(Z, 1)
    C = Z - m'
    v = mean(C.^2, 1)
    s = sqrt(v + 0.001)
    H = C ./ s'
    L = sum((H - Y).^2) / 2`;
  const at = { X: matrix(5, 3, 1), Y: matrix(5, 4, 2), W: matrix(3, 4, 3) };
  const columns = (a: Matrix): number[] => T(a).map((one) => one.reduce((sum, w) => sum + w, 0));
  const Z = mm(at.X, at.W);
  const mean = columns(Z).map((one) => one / 5);
  const C = each(Z, (one, _, j) => one - mean[j]!);
  const v = columns(times(C, C)).map((one) => one / 5);
  const s = v.map((one) => Math.sqrt(one + 0.001));
  const dH = minus(
    each(C, (one, _, j) => one / s[j]!),
    at.Y,
  );
  /** The three paths, each with what its line divides by. */
  const gradient = (straight: number[], ofMean: number[]): Claims => {
    const dv = columns(times(dH, C)).map((one, j) => -one / (2 * s[j]! ** 3));
    const dm = columns(dH).map((one, j) => -one / ofMean[j]!);
    const dZ = each(
      dH,
      (one, i, j) => one / straight[j]! + (2 * C[i]![j]! * dv[j]!) / 5 + dm[j]! / 5,
    );
    return { W: mm(T(at.X), dZ) };
  };

  it("stands in a line that takes two steps at once", () => {
    expect(told(text, gradient(s, s), at)).toEqual([[]]);
    const fault = { cause: "wrong-variable", used: "v", instead: "s" };
    expect(told(text, gradient(v, s), at)).toMatchObject([[{ ...fault, arisesIn: "Z" }]]);
    expect(told(text, gradient(s, v), at)).toMatchObject([[{ ...fault, arisesIn: "m" }]]);
  });
});
