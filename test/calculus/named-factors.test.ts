import { describe, expect, it } from "vitest";
import { parseModel } from "../../src/language/model.js";
import { derive } from "../../src/render/derivation.js";

function lines(text: string, wrt: string, form: "index" | "paths" = "index"): string[] {
  return derive(parseModel(text), { wrt, form }).steps.map(({ rhs }) => rhs);
}

const SOFTMAX = `
t = target(3)
z = param(3)
p = exp(z) / sum(exp(z))
L = -sum(t .* log(p))`;

describe("a definition that is a product", () => {
  it("is named before a sum and inside it", () => {
    expect(lines(SOFTMAX, "z").slice(-2)).toEqual([
      "\\left(\\frac{\\partial L}{\\partial p_{i}} - \\sum_{j=1}^{3} \\frac{\\partial L}{\\partial p_{j}} p_{j}\\right) p_{i}",
      "p_{i} \\sum_{j=1}^{3} t_{j} - t_{i}",
    ]);
  });

  it("is named twice in one product", () => {
    const right = lines(SOFTMAX, "z[1]", "paths");
    expect(right).toContain("p_{1} \\left(1 - p_{1}\\right)");
    expect(right).toContain("-p_{1} p_{2}");
  });

  it("is not taken for another axis", () => {
    const text = `
x = input(2)
w = param(2)
q = w .* x
L = sum(q)^2 + w[1] * x[2]`;
    expect(lines(text, "w").slice(-3)).toEqual([
      "2 x_{1} \\sum_{i=1}^{2} q_{i} + x_{2}",
      "2 x_{2} \\sum_{i=1}^{2} q_{i}",
      "2 x_{i} \\sum_{j=1}^{2} q_{j} + \\mathbf{1}\\left[i = 1\\right] x_{2}",
    ]);
  });
});
