import { describe, expect, it } from "vitest";
import { linesOf } from "../../src/render/layout/lines.js";

/** The lines of a formula as wide as the room for them, without what is put in front of those that go on. */
const broken = (tex: string, width: number): readonly string[] =>
  linesOf(tex, { first: width, next: width }).map((line) =>
    line.replace(/^(?:\\quad )+\{\}/, "").trim(),
  );

const SUM = String.raw`a_{1} b_{1} c_{1} d_{1} e_{1} f_{1} + a_{2} b_{2} c_{2} d_{2} e_{2} f_{2} + a_{3} b_{3} c_{3} d_{3}`;

describe("a long sum", () => {
  it("begins each term anew behind one that goes on in a further line", () => {
    for (let width = 10; width < 20; width++) {
      const lines = broken(String.raw`\left(${SUM}\right) x + \left(p + q\right) y`, width);
      expect(lines.length).toBeGreaterThan(1);
      expect(lines.at(-1)).toBe(String.raw`+ \left(p + q\right) y`);
    }
  });

  it("does not begin with a number that could be the result", () => {
    for (let width = 10; width < 30; width++) {
      const [first] = broken(String.raw`0.5 - 2 \left(${SUM}\right)`, width);
      expect(first).toMatch(/^0\.5 - 2 /);
    }
  });
});

describe("a long product", () => {
  it("is broken at the signs of the sum that takes most of it", () => {
    const lines = broken(String.raw`\left(${SUM}\right) x y`, 20);
    for (const line of lines.slice(1)) expect(line).toMatch(/^\+/);
    expect(lines.at(-1)).toMatch(/x y$/);
  });

  it("keeps a slope together", () => {
    for (let width = 8; width < 24; width++) {
      const tex = String.raw`t_{1} t_{2} t_{3} t_{4} t_{5} a_{m} \left(1 - a_{m}\right) w_{1} w_{2} w_{3} w_{4}`;
      for (const line of broken(tex, width)) expect(line).not.toMatch(/^\\cdot \\left\(1 - a/);
    }
  });
});
