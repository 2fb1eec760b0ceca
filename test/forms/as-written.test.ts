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

  it("have the sums of statements in their order, in the last line as in all others", () => {
    const hinge = lines(
      `a = input(4)
       W = param(3, 4)
       m = input()
       u = W * a
       p = dot(u, u) / norm(u)
       q = sum(u) / norm(u)
       L = relu(m - p + q)`,
      "W",
    );
    expect(hinge.at(-1)).toContain("\\mathbf{1}\\left[m - p + q > 0\\right]");
    const root = lines(
      "x = input(3)\nt = target()\nw = param(3)\np = dot(w, x)\nL = sqrt(1 + (p - t)^2) - 1",
      "w",
    );
    expect(root.at(-1)).toContain("\\sqrt{1 + \\left(p - t\\right)^{2}}");
  });

  it("keep the scalar of a sum before its brackets where it goes into another sum", () => {
    const all = lines(
      `N = size()
       X = input(4, N)
       W = param(3, 4)
       b = param(3)
       rho = input()
       beta = input()
       H = sigmoid(W * X + b)
       R = W' * H
       q = mean(H, 2)
       K = sum(rho * log(rho ./ q) + (1 - rho) * log((1 - rho) ./ (1 - q)))
       L = 1/(2*N) * sum((R - X).^2) + beta * K`,
      "W",
    );
    expect(all.at(-1)).toContain("\\beta \\left(\\left(1 - \\rho\\right)");
    expect(all.at(-1)!.split("\\beta")).toHaveLength(2);
  });
});
