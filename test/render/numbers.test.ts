/** Numbers in place of symbols: what stands between them, and where brackets are. */
import { expect, it } from "vitest";
import { parseModel } from "../../src/language/model.js";
import type { Point } from "../../src/language/point.js";
import { derive } from "../../src/render/derivation.js";
import { passages } from "../../src/render/document/passage.js";

function numbers(text: string, at: Point, form: "scalar" | "paths"): string {
  const { steps } = derive(parseModel(text), { wrt: "w", form, at });
  return steps.find(({ rule }) => rule === "numbers")!.rhs;
}

it("has a dot before a power of a number", () => {
  const text = "w = param()\nx = input()\nL = 3 * w * x^2 + w^2";
  const line = numbers(text, { w: 0.5, x: 1.5 }, "scalar");
  expect(line).toContain("3 \\cdot {1.5}^{2}");
});

it("has brackets around a negative number behind a plus", () => {
  const text = "w = param()\nz = w^2 - 2 * w\nL = z^2 + z * w + 3 * w";
  const line = numbers(text, { w: 0.5 }, "paths");
  expect(line).toContain("\\left(-0.75\\right)");
  expect(line).not.toContain("+ -");
});

it("is about equal behind numbers that were rounded, and equal behind those that were not", () => {
  const forward = (x: readonly number[]): string => {
    const model = parseModel("x = input(2)\nA = param(2, 2)\ns = x / 3\nu = A * s\nL = sum(u)");
    const at = { x, A: [[0.3, -0.3], [2, -2]] }; // prettier-ignore
    return passages(model, { at })
      .before.map((one) => one.toLatex())
      .join("\n");
  };
  // 0.3 · 0.1 − 0.3 · 0.2 is exact, 0.3 · 0.1333333 − 0.3 · 0.4666667 is not
  expect(forward([0.4, 1.4])).toMatch(/&\\approx \\begin\{bmatrix\} -0\.1 /);
  expect(forward([0.3, 0.6])).toMatch(/&= \\begin\{bmatrix\} -0\.03 /);
});
