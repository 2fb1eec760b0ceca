import { describe, expect, it } from "vitest";
import { parseModel } from "../../src/language/model.js";
import { passages } from "../../src/render/document/passage.js";

describe("the forward pass", () => {
  it("says once what entries are that are defined one by one, and has them in one display", () => {
    const [forward] = passages(
      parseModel("a = param(3)\np = [a[1], a[2] * a[1], a[3] - a[1]]\nL = sum(p.^3)"),
    ).before;
    const text = forward!.toMarkdown();
    expect(text.match(/`p`\$, as the model defines it/gu)).toHaveLength(1);
    const display = text.split("```").find((one) => one.includes("p_{2} &="))!;
    expect(display.match(/p_\{\d\} &=/gu)).toHaveLength(3);
  });

  it("has no two neighbouring lines that are equal", () => {
    const model = parseModel(`
      x = input(3)
      w = param(3)
      eps = 0.9
      d = 1.5
      q = 0.25
      c = -2
      half = 1/2
      third = 1/3
      m = x
      r = d * dot(w, m)
      L = eps * r^2 + q * c * half * third * r`);
    const at = { x: [1, 2, 3], w: [0.5, -1, 2] };
    for (const { shown } of passages(model, { at }).before.map((one) => ({ shown: one.shown() })))
      for (const { equations } of shown) {
        const lines = equations.map(({ left, right }) => `${left} = ${right}`);
        expect(lines).toEqual([...new Set(lines)]);
      }
    const text = passages(model, { at }).before[0]!.toMarkdown();
    // as the author writes them
    for (const line of ["eps} &= 0.9", "d &= 1.5", "q &= 0.25", "c &= -2"]) {
      expect(text).toContain(`${line}\n`);
    }
  });
});
