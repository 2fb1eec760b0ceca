/** A normalisation without a mean that a residual path leads around: its derivative written in one line for each path. */
import { check, type Claims, type Diagnosis, parseModel, type Point } from "chainrule";
import { describe, expect, it } from "vitest";
import { each, type Matrix, matrix, minus, mm, numbers, plus } from "./corpus/matrices.js";
import { rowSums, scale, sum, T, times, type Vector, vscale } from "./corpus/matrices.js";

const MODEL = parseModel(`
  X = input(3, 2)
  T = target(3, 4)
  W = param(2, 4)
  g = param(4)
  V = param(4, 4)
  H = X * W
  r = sqrt(mean(H.^2, 2) + 0.001)
  Q = H ./ r
  Y = H + tanh((Q .* g') * V)
  L = sum((Y - T).^2) / 6`);

const at = {
  ...{ X: matrix(3, 2, 1), T: matrix(3, 4, 2), W: matrix(2, 4, 3) },
  ...{ g: numbers(4, 4), V: matrix(4, 4, 5) },
} satisfies Point;
const H = mm(at.X, at.W);
const r = H.map((row) => Math.sqrt(sum(row.map((h) => h * h)) / 4 + 0.001));
const byRows = (A: Matrix, v: Vector): Matrix => each(A, (a, i) => a * v[i]!);
const inverse = r.map((one) => 1 / one);
const Q = byRows(H, inverse);
const B = each(Q, (q, _, j) => q * at.g[j]!);
const A = each(mm(B, at.V), Math.tanh);
const dY = scale(1 / 3, minus(plus(H, A), at.T));
const dZ = times(
  dY,
  each(A, (a) => 1 - a * a),
);
const dB = mm(dZ, T(at.V));
const dQ = each(dB, (d, _, j) => d * at.g[j]!);
const means = (one: Matrix): Vector => vscale(1 / 4, rowSums(one));

/** @param through what comes back through the normalisation */
function gradients(through: Matrix): Claims {
  const dH = plus(dY, through);
  return {
    W: mm(T(at.X), dH),
    g: rowSums(T(times(dB, Q))),
    V: mm(T(B), dZ),
  };
}

function told(through: Matrix): Diagnosis[] {
  const { checks } = check(MODEL, gradients(through), { at });
  return checks.flatMap(({ diagnosis }) =>
    diagnosis.filter(({ explanation }) => explanation === 1),
  );
}

/** (dQ − Q ⊙ mean(dQ ⊙ Q) · s − c) / r */
function backThrough(s: Vector, c: Vector): Matrix {
  const projected = means(times(dQ, Q));
  const inner = each(dQ, (d, i, j) => d - Q[i]![j]! * projected[i]! * s[i]! - c[i]!);
  return byRows(inner, inverse);
}

const ones = [1, 1, 1];
const zeros = [0, 0, 0];

describe("root mean square normalisation beside a residual path", () => {
  it("is right as one line for both paths", () => {
    expect(told(backThrough(ones, zeros))).toEqual([]);
  });

  it("with the projection divided by r² too often", () => {
    const [first, ...others] = told(backThrough(squares(inverse), zeros));
    expect(others).toEqual([]);
    expect(first).toMatchObject({ cause: "extra-factor", factor: "1 ./ r.^2", arisesIn: "H" });
    expect(first!.text).toContain("dH, which is computed with");
  });

  it("with the projection not divided by r at all", () => {
    const [first, ...others] = told(backThrough(r, zeros));
    expect(others).toEqual([]);
    expect(first).toMatchObject({ cause: "missing-factor", factor: "1 ./ r", arisesIn: "H" });
  });

  it("with the term of a mean that a layer normalisation has", () => {
    const [first, ...others] = told(backThrough(ones, means(dQ)));
    expect(others).toEqual([]);
    const term = "mean(dQ ./ r, 2)";
    expect(first).toMatchObject({ cause: "extra-term", term, arisesIn: "H" });
  });
});

function squares(v: Vector): Vector {
  return v.map((one) => one * one);
}
