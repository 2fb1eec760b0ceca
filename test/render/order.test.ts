import { describe, expect, it } from "vitest";
import { parseModel } from "../../src/language/model.js";
import type { Point } from "../../src/language/point.js";
import { derive } from "../../src/render/derivation.js";

// How formulas are written, not whether they hold: that is read back in test/readback/.

const lines = (
  text: string,
  wrt: string,
  form: "index" | "matrix" | "scalar",
  at?: Point,
): string => derive(parseModel(text), { wrt, form, at }).toMarkdown();

describe("the order of terms and factors", () => {
  it("is that of the loss for its terms, with given scalars in front", () => {
    const ridge = `x = input(3, 2)
      t = target(3)
      lambda = input()
      w = param(2)
      r = x * w - t
      L = dot(r, r) + lambda * dot(w, w)`;
    expect(lines(ridge, "w", "index")).toContain(
      "\\sum_{j=1}^{3} \\delta_{j} x_{ji} + 2 \\lambda w_{i}",
    );
  });

  it("goes from the loss backwards in matrix lines", () => {
    const net = `x = input(2)
      t = target(3)
      W = param(3, 2)
      y = sigmoid(W * x)
      L = sum((y - t).^2)`;
    expect(lines(net, "W", "matrix")).toContain(
      "\\left(y - t\\right) \\odot y \\odot \\left(1 - y\\right)",
    );
  });
});

describe("numbers in place of names", () => {
  const text = `N = size()
    x = input(N)
    w = param()
    h = relu(w * x - 2)
    y = 0.5 * h
    L = mean(y .* h)`;
  const printed = lines(text, "w", "scalar", { x: [1, -3], w: -1.5 });

  it("have a dot before every number, also before (-3) and 1[z > 0]", () => {
    const numbers = printed.split("\n").filter((line) => /\[-?\d/.test(line));
    expect(numbers).not.toEqual([]);
    for (const line of numbers)
      expect(line).not.toMatch(/[\d)] (\\mathbf\{1\}|\\left\(-\d[\d.]*\\right\)|\d)/);
  });

  it("stand for sizes too", () => {
    const numbers = printed.split("\n").filter((line) => /\[-?\d/.test(line));
    for (const line of numbers) expect(line).not.toContain("N");
    expect(numbers.join("\n")).toContain("&= \\frac{1}{2} \\left(\\left(");
  });
});
