import { Fraction } from "fraction.js";
import { expect, it } from "vitest";
import { parseModel } from "../../src/language/model.js";
import { derive } from "../../src/render/derivation.js";
import { FRACTIONS } from "../../src/render/notation/fraction.js";

const ten = (exponent: number): Fraction => new Fraction(10).pow(exponent);

it.each([
  [new Fraction("0.1"), "0.1"],
  [new Fraction("-0.05"), "-0.05"],
  [new Fraction("0.044715"), "0.044715"],
  [new Fraction("0.000001"), "0.000001"],
  [new Fraction(1, 3), "\\frac{1}{3}"],
  [new Fraction(1, 2), "\\frac{1}{2}"],
  [new Fraction(3, 16), "\\frac{3}{16}"],
  [new Fraction(1, 64), "\\frac{1}{64}"],
  [new Fraction(1, 128), "0.0078125"],
  [new Fraction(1, 40), "0.025"],
  [new Fraction(123456789), "123456789"],
  [new Fraction("12345678901234567890"), "12345678901234567890"],
  [ten(8), "100000000"],
  [ten(10), "10^{10}"],
  [ten(-12), "10^{-12}"],
  [ten(-20).mul(2), "2 \\cdot 10^{-20}"],
  [ten(-20).mul(-15), "-1.5 \\cdot 10^{-19}"],
  [ten(11).mul(25), "2.5 \\cdot 10^{12}"],
])("writes %s as a person does", (value, tex) => {
  expect(FRACTIONS.latex(value).tex).toBe(tex);
});

it("divides by what the author divides by, however often", () => {
  const model = parseModel(`
    x = input(3)
    V = param(4, 3)
    W = param(2, 4)
    h = tanh(V * x) / 0.8
    y = tanh(W * h) / 0.8
    L = sum(y.^2)`);
  for (const form of ["index", "matrix"] as const) {
    const { steps } = derive(model, { wrt: "V", form });
    const lines = steps.map(({ rhs }) => rhs).join("\n");
    expect(lines).toContain("\\frac{1}{0.8}");
    expect(steps.at(-1)!.rhs).toMatch(/^\\frac\{2\}\{0\.8\^\{2\}\}/);
    expect(lines).not.toMatch(/\\frac\{\d+\}\{(4|8|16)\}/);
  }
});

it.each([
  ["0.01 * mean(c.^2)", "\\frac{0.02 c_{n}}{N}", "\\frac{0.02}{N} c"],
  ["0.1 * sum(c.^2) + mean(c)", "0.2 c_{n} + \\frac{1}{N}", "0.2 c + \\frac{1}{N} \\mathbf{1}"],
  ["sum(c.^2) / (100 * N)", "\\frac{c_{n}}{50 N}", "\\frac{1}{50 N} c"],
])("has the numbers of %s as the model has them, over a size too", (loss, index, matrix) => {
  const model = parseModel(`
    N = size()
    c = param(N)
    L = ${loss}`);
  const last = (form: "index" | "matrix"): string =>
    derive(model, { wrt: "c", form }).steps.at(-1)!.rhs;
  expect([last("index"), last("matrix")]).toEqual([index, matrix]);
});

it("stands beside a share of exponentials, not below it", () => {
  const model = parseModel(`x = input()
mu = param(3)
s = param(3)
l = -(x - mu).^2 ./ (2*s.^2)
L = -logsumexp(l)`);
  const last = derive(model, { wrt: "mu", form: "index" }).steps.at(-1)!.rhs;
  expect(last).toContain("\\frac{1}{{s_{i}}^{2}} \\frac{e^{l_{i}}}{\\sum_{j=1}^{3} e^{l_{j}}}");
});

it("keeps decimals beyond 1 and those that are a statement of their own, and writes ½ else", () => {
  const lines = (text: string): string =>
    derive(parseModel(text), { wrt: "w", form: "index" })
      .steps.map(({ rhs }) => rhs)
      .join("\n");
  const model = (first: string, factor: string): string => `
    x = input(3)
    w = param(3)
    ${first}
    L = ${factor} * sum(x .* w.^3)`;
  expect(lines(model("c = 1", "1.5"))).toContain("4.5");
  expect(lines(model("c = 1", "2.5 * exp(w[1])"))).toContain("2.5 ");
  expect(lines(model("c = 0.25", "0.25 * exp(w[1])"))).toContain("0.25 ");
  expect(lines(model("c = 1", "0.25 * exp(w[1])"))).toContain("\\frac{1}{4} ");
});
