import { describe, expect, it } from "vitest";
import { operations } from "../../src/expression/operations/index.js";
import { erf } from "../../src/expression/operations/smooth.js";
import type { Form } from "../../src/derivation/derive.js";
import { parseModel } from "../../src/language/model.js";
import { derive } from "../../src/render/derivation.js";
import { passages } from "../../src/render/document/passage.js";

const SIGMOID = /is the sigmoid/gu;

describe("signs that no statement has", () => {
  const written = (statement: string, form: Form): string =>
    derive(parseModel(`x = input(3)\nw = param(3)\nz = w .* x\nL = ${statement}`), {
      wrt: "w",
      form,
    }).toMarkdown();

  it.each<[string, Form]>([
    ["sum(log(1 + exp(-z)))", "index"],
    ["sum(log(1 + exp(-z)))", "matrix"],
    ["sum(softplus(z))", "index"],
    ["sum(softplus(z))", "matrix"],
    ["sum(softplus(z))", "jacobian"],
  ])("such as σ are explained once: %s in %s form", (statement, form) => {
    const text = written(statement, form);
    expect(text).toContain("\\sigma\\left(");
    expect(text.match(SIGMOID)).toHaveLength(1);
    expect(text.indexOf("is the sigmoid")).toBeLessThan(text.indexOf("\\sigma\\left("));
    expect(text).toContain("$`\\sigma(x) = 1/(1 + e^{-x})`$");
  });

  it.each<[string, Form]>([
    ["sum(relu(z))", "index"],
    ["sum(relu(z))", "matrix"],
    ["sum(abs(z) .* (z > 1))", "index"],
  ])("such as 1[…] are explained once: %s in %s form", (statement, form) => {
    const text = written(statement, form);
    expect(text.match(/is 1 where the condition in the brackets holds/gu)).toHaveLength(1);
  });

  it.each(["sum(sigmoid(z))", "sum(softplus(z) + sigmoid(z))", "sum(z.^2)"])(
    "are not where a statement has them, or nothing: %s",
    (statement) => {
      for (const form of ["index", "matrix"] as const) {
        expect(written(statement, form)).not.toMatch(SIGMOID);
      }
    },
  );
});

describe("reductions of matrices", () => {
  const of = (statement: string): string[] =>
    passages(
      parseModel(`N = size()\nX = input(N, 3)\nW = param(3, 4)\n${statement}\nL = sum(S.^2)`),
    ).before.map((one) => one.toMarkdown());

  it.each([
    [
      "S = logsumexp(X*W, 2)",
      "rowlogsumexp is the logarithm of the sum of the exponentials of each row.",
    ],
    [
      "S = logsumexp(X*W, 1)",
      "collogsumexp is the logarithm of the sum of the exponentials of each column.",
    ],
    ["S = max(X*W, 2)", "rowmax is the largest entry of each row."],
  ])("are defined once, where they are written first: %s", (statement, definition) => {
    const [forward, ...others] = of(statement);
    expect(forward!.split(definition)).toHaveLength(2);
    expect(others.join("")).not.toContain(definition);
  });

  it("have the words of what runs over everything", () => {
    const model = parseModel("w = param(3)\na = 2*w\nL = logsumexp(a)");
    const text = passages(model).before.map((one) => one.toMarkdown());
    expect(text.join("")).not.toContain("logsumexp");
  });
});

describe("functions that not everybody knows", () => {
  it.each([
    ["silu", "\\operatorname{silu}(x) = x/(1 + e^{-x})"],
    ["softplus", "\\operatorname{softplus}(x) = \\ln(1 + e^{x})"],
    ["gelu", "\\operatorname{gelu}(x) = \\frac{1}{2} x(1 + \\operatorname{erf}(x/\\sqrt{2}))"],
    ["sigmoid", "\\sigma(x) = 1/(1 + e^{-x})"],
  ])("such as %s are defined once, in the forward pass", (name, definition) => {
    const model = parseModel(`w = param(3)\nz = ${name}(w)\nL = sum(${name}(z))`);
    const [forward, ...others] = passages(model).before.map((one) => one.toLatex());
    expect(forward!.split(definition)).toHaveLength(2);
    expect(others.join("")).not.toContain(definition);
    expect(derive(model, { wrt: "w", form: "index" }).toLatex()).not.toContain(definition);
  });

  it("are defined as what the table computes", () => {
    const values: Record<string, (x: number) => number> = {
      "σ(x) = 1/(1 + e⁻ˣ)": (x) => 1 / (1 + Math.exp(-x)),
      "softplus(x) = ln(1 + eˣ)": (x) => Math.log(1 + Math.exp(x)),
      "silu(x) = x/(1 + e⁻ˣ)": (x) => x / (1 + Math.exp(-x)),
      "gelu(x) = x(1 + erf(x/√2))/2": (x) => (x * (1 + erf.value(x / Math.SQRT2))) / 2,
      "leakyrelu(x, a) = max(x, 0) + a min(x, 0)": (x) => Math.max(x, 0) + 0.3 * Math.min(x, 0),
      "elu(x, a) = max(x, 0) + a(e^min(x, 0) − 1)": (x) =>
        Math.max(x, 0) + 0.3 * (Math.exp(Math.min(x, 0)) - 1),
    };
    const defined = [...operations.values()].filter((one) => one.meaning && one !== erf);
    expect(defined.map((one) => one.meaning!.text).sort()).toEqual(Object.keys(values).sort());
    for (const { meaning, value } of defined) {
      for (const x of [-1.7, -0.2, 0.4, 2.5]) {
        expect(value(x, 0.3)).toBeCloseTo(values[meaning!.text]!(x), 12);
      }
    }
  });
});

describe("signs between matrices", () => {
  const TEXT = `N = size()\nX = input(3, N)\nY = target(2, N)\nW = param(2, 3)\nP = softmax(W * X, 1)\n`;
  const of = (loss: string): readonly string[] =>
    derive(parseModel(`${TEXT}L = ${loss}`), { wrt: "W", form: "matrix" }).steps.map(
      ({ why }) => why,
    );
  const DIVIDES = "The sign ⊘ divides entry by entry.";
  const RAISES = "A power with ⊙ is taken entry by entry.";

  it("are named where they are written first, and once", () => {
    const whys = of("-1/N * sum(Y .* log(P))");
    expect(whys.filter((why) => why.includes(DIVIDES))).toHaveLength(1);
    expect(whys.find((why) => why.includes("⊘"))).toMatch(/are divided entry by entry/);
    const cubes = of("sum(sum(P, 2).^4)");
    expect(cubes.filter((why) => why.includes(RAISES))).toHaveLength(1);
    expect(cubes.join(" ")).not.toContain(DIVIDES);
  });

  it("have a sentence that fits what stands there", () => {
    const both = of("sum(Y .* P.^2 ./ (1 + P))").join(" ");
    expect(both).toContain("are multiplied and divided entry by entry");
    expect(of("1/N * sum(Y .* P)").join(" ")).not.toMatch(/divide/);
  });

  it("are not named where none is written: the inverse of a diagonal matrix", () => {
    const text = "X = input(3, 3)\nv = input(3)\nW = param(3, 3)\nL = sum(W .* X ./ v)";
    const { steps } = derive(parseModel(text), { wrt: "W", form: "matrix" });
    expect(steps.at(-1)!.rhs).toContain("^{-1}");
    expect(steps.map(({ why }) => why).join(" ")).not.toContain(DIVIDES);
  });
});
