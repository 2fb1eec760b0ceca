/** Slips in products: a factor in place of the other in its own derivative, a count where its root belongs. */
import { check, type Claims, compile, parseModel, type Point } from "chainrule";
import { describe, expect, it } from "vitest";
import { each, matrix, mm, numbers, rowSums, T, times } from "./corpus/matrices.js";

const first = (text: string, claims: Claims, at: Point) =>
  check(parseModel(text), claims, { at }).checks.map(({ diagnosis }) => diagnosis[0]);

describe("scores of pairs", () => {
  const text = `
    C = input(6, 4)
    O = input(6, 4)
    t = target(6)
    E = param(4, 3)
    U = param(4, 3)
    H = C * E
    s = sum(H .* (O * U), 2)
    L = sum((s - t).^2) / 2`;
  const at = {
    ...{ C: matrix(6, 4, 1), O: matrix(6, 4, 2), t: numbers(6, 3) },
    ...{ E: matrix(4, 3, 4), U: matrix(4, 3, 5) },
  };
  const [H, V] = [mm(at.C, at.E), mm(at.O, at.U)];
  const ds = rowSums(times(H, V)).map((s, k) => s - at.t[k]!);
  const weighted = (of: number[][]): number[][] => each(of, (one, i) => ds[i]! * one);
  const gradient = (used: number[][]): Claims => ({
    E: mm(T(at.C), weighted(V)),
    U: mm(T(at.O), weighted(used)),
  });

  it("have the one factor in the derivative by the other", () => {
    expect(first(text, gradient(H), at)).toEqual([undefined, undefined]);
    const [right, wrong] = first(text, gradient(V), at);
    expect(right).toBeUndefined();
    expect(wrong).toMatchObject({ cause: "wrong-variable", used: "O * U", instead: "H" });
  });
});

describe("a count that is divided by", () => {
  const text = `
    X = input(5, 4)
    t = target(5, 3)
    V = input(4, 3)
    alpha = input()
    A = param(4, 2)
    B = param(2, 3)
    s = alpha / 2
    Y = X * V + s * X * A * B
    L = sum(tanh(Y - t).^2)`;
  const at = {
    ...{ X: matrix(5, 4, 6), t: matrix(5, 3, 7), V: matrix(4, 3, 8), alpha: 1.3 },
    ...{ A: matrix(4, 2, 9), B: matrix(2, 3, 10) },
  };

  it("is told where its root stands", () => {
    const other = compile(parseModel(text.replace("alpha / 2", "alpha / sqrt(2)")));
    const all = first(text, other.evaluate(at).gradients, at);
    expect(all).toHaveLength(2);
    for (const one of all) {
      expect(one).toMatchObject({ cause: "wrong-function", isForward: true, arisesIn: "s" });
      expect(one!.text).toContain("s is computed with sqrt(2) in place of 2");
    }
  });
});
