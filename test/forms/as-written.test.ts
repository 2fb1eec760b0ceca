import { describe, expect, it } from "vitest";
import { parseModel } from "../../src/language/model.js";
import { derive } from "../../src/render/derivation.js";

const lines = (text: string, wrt: string): string[] =>
  derive(parseModel(text), { wrt, form: "matrix" }).steps.map(({ rhs }) => rhs);

describe("matrices as people write them", () => {
  it("have no transposed sum of rows: both terms are columns", () => {
    const all = lines(
      `N = size()
       X = input(N, 2)
       b = param(2)
       U = tanh(X + b')
       V = sin(X + b')
       L = sum(sum(U .* V))`,
      "b",
    );
    expect(
      all.some((line) =>
        /^\\left\([^^]*\\mathbf\{1\}\^\{\\top\}.*\\right\)\^\{\\top\}$/.test(line),
      ),
    ).toBe(false);
    const sum = all.find((line) => line.split("^{\\top} \\mathbf{1}").length === 3);
    expect(sum).toBeDefined();
  });

  it("have what stands below a root where it is squared", () => {
    const all = lines(
      `N = size()
       X = input(N, 2)
       t = target(N)
       w = param(2)
       v = param(2)
       H = X ./ sqrt(v' + 0.001)
       L = mean((H * w - t).^2)`,
      "v",
    );
    expect(all.join()).toContain("\\oslash \\left(v + 0.001\\right)");
    expect(all.join()).not.toMatch(/\\sqrt\{v \+ 0\.001\}(\\right\))?\^/);
  });
});
