/** Rows that occur more than once, assigned in code that selects them by number: the last one is what remains. */
import { check, type Claims, type Diagnosis, parseModel } from "chainrule";
import { describe, expect, it } from "vitest";
import { dot, matrix, type Matrix, numbers, scale, vplus, vscale } from "./corpus/matrices.js";

const TEXT = `
  C = input(5, 4)
  O = input(5, 4)
  M = input(5, 4)
  t = target(5)
  E = param(4, 3)
  U = param(4, 3)
  H = C * E
  s = sum(H .* (O * U), 2)
  r = sum(H .* (M * U), 2)
  L = sum((s - t).^2) + sum((r + t).^2) + 0.05 * (sum(E.^2) + sum(U.^2))`;

describe("rows of an embedding", () => {
  const [c, o, m] = [
    [0, 2, 1, 2, 0],
    [3, 1, 1, 0, 3],
    [2, 2, 0, 1, 0],
  ] as const;
  const hot = (rows: readonly number[]): Matrix =>
    rows.map((row) => [0, 1, 2, 3].map((k) => (k === row ? 1 : 0)));
  const [E, U, t] = [matrix(4, 3, 1), matrix(4, 3, 2), numbers(5, 3)];
  const at = { C: hot(c), O: hot(o), M: hot(m), t, E, U };
  const [ds, dr] = [
    t.map((one, n) => 2 * (dot(E[c[n]!]!, U[o[n]!]!) - one)),
    t.map((one, n) => 2 * (dot(E[c[n]!]!, U[m[n]!]!) + one)),
  ];

  /** `G[rows] += D` of NumPy: what a row had before, and the last of its contributions. */
  function lastAdded(start: Matrix, rows: readonly number[], D: Matrix): Matrix {
    const whole = start.map((row) => [...row]);
    for (const [n, row] of rows.entries()) whole[row] = vplus(start[row]!, D[n]!);
    return whole;
  }

  function added(start: Matrix, rows: readonly number[], D: Matrix): Matrix {
    return rows.reduce(
      (whole, row, n) => whole.map((one, k) => (k === row ? vplus(one, D[n]!) : one)),
      start,
    );
  }

  type Put = typeof added;
  const dH = t.map((_, n) => vplus(vscale(ds[n]!, U[o[n]!]!), vscale(dr[n]!, U[m[n]!]!)));
  const weighted = (d: readonly number[]): Matrix => d.map((one, n) => vscale(one, E[c[n]!]!));
  const gradients = (ofE: Put, ofU: Put): Claims => ({
    E: ofE(scale(0.1, E), c, dH),
    U: ofU(ofU(scale(0.1, U), o, weighted(ds)), m, weighted(dr)),
  });
  const firsts = (claims: Claims): readonly (Diagnosis | undefined)[] =>
    check(parseModel(TEXT), claims, { at }).checks.map(({ diagnosis }) => diagnosis[0]);

  it("lose what is added to them in one statement, set by set", () => {
    expect(firsts(gradients(added, added))).toEqual([undefined, undefined]);
    const [right, wrong] = firsts(gradients(added, lastAdded));
    expect(right).toBeUndefined();
    expect(wrong!.cause).toBe("not-summed");
  });

  it("lose what they held where they are assigned", () => {
    const assigned: Put = (start, rows, D) => {
      const whole = start.map((row) => [...row]);
      for (const [n, row] of rows.entries()) whole[row] = D[n]!;
      return whole;
    };
    const [wrong, right] = firsts(gradients(assigned, added));
    expect(right).toBeUndefined();
    expect(wrong!.cause).toBe("not-summed");
  });
});
