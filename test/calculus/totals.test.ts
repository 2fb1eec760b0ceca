import { expect, it } from "vitest";
import { parseModel } from "../../src/language/model.js";
import { derive } from "../../src/render/derivation.js";

const weighted = (loss: string): string => `
  N = size()
  X = input(N, 2)
  y = target(N)
  c = input(N)
  w = param(2)
  p = sigmoid(X * w)
  L = ${loss}`;

const rightSides = (loss: string): string[] =>
  derive(parseModel(weighted(loss)), { wrt: "w", form: "index" }).steps.map(({ rhs }) => rhs);

it("has the total of the weights in front, as the size of a mean", () => {
  const [first] = rightSides("sum(c .* (p - y).^2) / sum(c)");
  expect(first).toBe("\\frac{2}{\\sum_{i=1}^{N} c_{i}} c_{n} \\left(p_{n} - y_{n}\\right)");
});

it("has it once in front of a sum of terms over it", () => {
  const loss = "-sum(c .* (y .* log(p) + (1 - y) .* log(1 - p))) / sum(c)";
  const [first, ...rest] = rightSides(loss);
  expect(first).toMatch(/^\\frac\{1\}\{\\sum_\{i=1\}\^\{N\} c_\{i\}\} c_\{n\} \\left\(\\frac/);
  expect(rest.at(-1)).toBe(
    "\\frac{1}{\\sum_{n=1}^{N} c_{n}} \\sum_{n=1}^{N} c_{n} \\left(p_{n} - y_{n}\\right) x_{ni}",
  );
});

it("has the total of a mask of rows and columns in front, too", () => {
  const model = parseModel(`
    N = size()
    X = input(N, 3)
    Y = target(N, 2)
    M = input(N, 2)
    W = param(3, 2)
    P = X * W
    L = sum(sum(M .* (P - Y).^2)) / sum(M)`);
  const { steps } = derive(model, { wrt: "W", form: "index" });
  expect(steps[1]!.rhs).toMatch(
    /^\\frac\{2\}\{\\sum_\{\w=1\}\^\{\w\} \\sum_\{\w=1\}\^\{\w\} m_\{\w\w\}\} m_\{ni\}/,
  );
});

it("leaves e^u above the sum of all of them", () => {
  const softmax = parseModel(`
    z = param(3)
    t = target(3)
    L = sum(t .* exp(z)) / sum(exp(z))`);
  const { steps } = derive(softmax, { wrt: "z", form: "index" });
  expect(steps.at(-1)!.rhs).not.toContain("\\frac{1}{\\sum");
});

it("has a factor of all entries above it", () => {
  const model = parseModel(`
    N = size()
    x = input(N)
    c = input(N)
    w = param()
    s = param()
    p = exp(s) * w * x
    L = sum(c .* p.^2) / sum(c)`);
  const { steps } = derive(model, { wrt: "w", form: "index" });
  expect(steps.at(-1)!.rhs).toBe(
    "\\frac{2 e^{s}}{\\sum_{n=1}^{N} c_{n}} \\sum_{n=1}^{N} c_{n} p_{n} x_{n}",
  );
  const matrix = derive(model, { wrt: "w", form: "matrix" }).steps.map(({ rhs }) => rhs);
  expect(matrix).toContain("e^{s} x^{\\top} \\frac{\\partial L}{\\partial p}");
});
