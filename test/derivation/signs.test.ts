import { describe, expect, it } from "vitest";
import { operations } from "../../src/expression/operations/index.js";
import { erf } from "../../src/expression/operations/smooth.js";
import { localDerivatives } from "../../src/derivation/local.js";
import { Workbench } from "../../src/derivation/workbench.js";
import type { Form } from "../../src/derivation/derive.js";
import { parseModel } from "../../src/language/model.js";
import { functionText } from "../../src/language/sentence.js";
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
    expect(text).toContain("$`\\sigma(u) = 1/(1 + e^{-u})`$");
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
    ["silu", "\\operatorname{silu}(u) = u/(1 + e^{-u})"],
    ["softplus", "\\operatorname{softplus}(u) = \\ln(1 + e^{u})"],
    ["gelu", "\\operatorname{gelu}(u) = \\frac{1}{2} u(1 + \\operatorname{erf}(u/\\sqrt{2}))"],
    ["sigmoid", "\\sigma(u) = 1/(1 + e^{-u})"],
    ["relu", "\\operatorname{relu}(u) = \\max(0, u)"],
    ["leakyrelu", "\\operatorname{leakyrelu}(u, a) = \\max(0, u) + a \\min(0, u)"],
    ["elu", "\\operatorname{elu}(u, a) = \\max(0, u) + a(e^{\\min(0, u)} - 1)"],
    ["tanh", "\\tanh(u) = (e^{u} - e^{-u})/(e^{u} + e^{-u})"],
  ])("such as %s are defined once, in the forward pass", (name, definition) => {
    const model = parseModel(`w = param(3)\nz = ${name}(w)\nL = sum(${name}(z))`);
    const [forward, ...others] = passages(model).before.map((one) => one.toLatex());
    expect(forward!.split(definition)).toHaveLength(2);
    expect(others.join("")).not.toContain(definition);
    expect(derive(model, { wrt: "w", form: "index" }).toLatex()).not.toContain(definition);
  });

  it.each([
    ["maximum", "\\max(a, b)", "is the larger of the two"],
    ["minimum", "\\min(a, b)", "is the smaller of the two"],
    ["sign", "\\mathrm{sign}(u)", "is 1 for positive numbers, −1 for negative ones and 0 for 0"],
  ])("such as %s are told in words, once", (name, sign, words) => {
    const operands = name === "sign" ? "w" : "w, 1/2";
    const model = parseModel(
      `w = param(3)\nz = ${name}(${operands})\nL = sum(${name}(${operands}).^2 + z)`,
    );
    const [forward, ...others] = passages(model).before.map((one) => one.toMarkdown());
    expect(forward!.split(`$\`${sign}\`$ ${words}.`)).toHaveLength(2);
    expect(others.join("")).not.toContain(words);
  });

  it("are defined as what the table computes", () => {
    const values: Record<string, (x: number) => number> = {
      "σ(u) = 1/(1 + e⁻ᵘ)": (x) => 1 / (1 + Math.exp(-x)),
      "softplus(u) = ln(1 + eᵘ)": (x) => Math.log(1 + Math.exp(x)),
      "silu(u) = u/(1 + e⁻ᵘ)": (x) => x / (1 + Math.exp(-x)),
      "gelu(u) = u(1 + erf(u/√2))/2": (x) => (x * (1 + erf.value(x / Math.SQRT2))) / 2,
      "tanh(u) = (eᵘ − e⁻ᵘ)/(eᵘ + e⁻ᵘ)": (x) => 1 - 2 / (Math.exp(2 * x) + 1),
      "relu(u) = max(0, u)": (x) => Math.max(0, x),
      "leakyrelu(u, a) = max(0, u) + a min(0, u)": (x) => Math.max(x, 0) + 0.3 * Math.min(x, 0),
      "elu(u, a) = max(0, u) + a(e^min(0, u) − 1)": (x) =>
        Math.max(x, 0) + 0.3 * (Math.exp(Math.min(x, 0)) - 1),
    };
    const defined = [...operations.values()].flatMap((operation) =>
      operation.meaning?.equation && operation !== erf
        ? { operation, letters: operation.meaning.letters, equation: operation.meaning.equation }
        : [],
    );
    const textOf = (one: (typeof defined)[number]): string =>
      functionText({ ...one, kind: "function", operands: one.letters.length });
    expect(defined.map(textOf).sort()).toEqual(Object.keys(values).sort());
    for (const one of defined) {
      for (const x of [-1.7, -0.2, 0.4, 2.5]) {
        expect(one.operation.value(x, 0.3)).toBeCloseTo(values[textOf(one)]!(x), 12);
      }
    }
  });

  it.each([
    ["u = param(3)\nL = sum(sigmoid(u))", "\\sigma(v) = 1/(1 + e^{-v})"],
    ["U = param(3, 3)\nL = sum(sigmoid(U))", "\\sigma(v) = 1/(1 + e^{-v})"],
    ['U = input(3, "\\mathbf{u}_{v}")\nw = param(3)\nL = dot(sigmoid(w), U)', "\\sigma(s)"],
    ["u2 = param(3)\nv_out = input(3)\nL = dot(sigmoid(u2), v_out)", "\\sigma(s)"],
    ["a = param(3)\nL = sum(elu(a, 0.3))", "\\operatorname{elu}(u, v)"],
    ["u = param(3)\nL = sum(leakyrelu(u, 0.3))", "\\operatorname{leakyrelu}(v, a)"],
    ["s = param(3)\nL = sum(erf(s))", "\\int_{0}^{u} e^{-v^{2}} \\, \\mathrm{d}v"],
  ])("are written with letters that the model leaves free: %s", (text, formula) => {
    const [forward] = passages(parseModel(text)).before.map((one) => one.toLatex());
    expect(forward).toContain(formula);
  });
});

describe("a quotient of exponentials", () => {
  const QUOTIENT = "The quotient is a sigmoid: eᵘ/(1 + eᵘ) = σ(u).";
  const model = parseModel(
    "x = input(3)\nw = param(3)\nt = target()\ny = dot(w, x)\nL = log(1 + exp(-t*y))",
  );

  it.each<Form>(["index", "matrix", "jacobian"])(
    "is written before it is a sigmoid, with the reason: %s form",
    (form) => {
      const { steps } = derive(model, { wrt: "y", form });
      const place = steps.findIndex(({ why }) => why.includes(QUOTIENT));
      expect(steps[place]!.rhs).toBe("-t \\sigma\\left(-t y\\right)");
      expect(steps[place - 1]!.rhs).toBe("-\\frac{t e^{-t y}}{1 + e^{-t y}}");
    },
  );

  it("is so among the local derivatives too, entry by entry", () => {
    const batch = parseModel("z = param(3)\ns = log(1 + exp(z))\nL = sum(s)");
    const { steps } = localDerivatives(new Workbench(batch, undefined));
    const [quotient, sigmoid] = steps;
    expect(quotient!.right).not.toEqual(sigmoid!.right);
    expect(sigmoid!.why.text).toContain(QUOTIENT);
    expect(derive(batch, { wrt: "z", form: "index" }).toMarkdown()).not.toContain("quotient");
  });

  it("is none where the model has the sigmoid", () => {
    const softplus = parseModel("w = param(3)\ny = sum(w)\nL = softplus(-y)");
    expect(derive(softplus, { wrt: "w", form: "index" }).toMarkdown()).not.toContain("quotient");
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

describe("slices", () => {
  it("are told to have their last entry, once, and only where there are some", () => {
    const told = (body: string): number => {
      const model = parseModel(`x = input(4)\nw = param()\nz = ${body}\nL = sum(z.^2)`);
      const [forward] = passages(model, { notation: { indexBase: 0 } }).before;
      return forward!.toMarkdown().split("A slice names its first and its last entry").length - 1;
    };
    expect(told("w * x[1:3] + x[2:4]")).toBe(1);
    expect(told("w * x")).toBe(0);
    expect(told("w * x[1:4]")).toBe(0);
  });
});
