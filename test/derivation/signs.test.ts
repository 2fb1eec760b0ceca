import { describe, expect, it } from "vitest";
import type { Form } from "../../src/derivation/derive.js";
import { parseModel } from "../../src/language/model.js";
import { derive } from "../../src/render/derivation.js";

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

  it.each(["sum(sigmoid(z))", "sum(softplus(z) + sigmoid(z))", "sum(z.^2)"])(
    "are not where a statement has them, or nothing: %s",
    (statement) => {
      for (const form of ["index", "matrix"] as const) {
        expect(written(statement, form)).not.toMatch(SIGMOID);
      }
    },
  );
});
