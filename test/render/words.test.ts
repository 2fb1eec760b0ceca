import { derive, parseModel } from "chainrule";
import { expect, it } from "vitest";

it("names of several letters do not run into what stands beside them", () => {
  const model = parseModel(`
    X = input(3, 2)
    t = target(3)
    rate = input()
    w = param(2)
    L = sum((X * w - t).^2) + rate * sum(w.^2)`);
  const last = (form: "index" | "matrix"): string =>
    derive(model, { wrt: "w", form }).toJSON().steps.at(-1)!.rhs;
  expect(last("index")).toContain("\\mathrm{rate} \\, w_{i}");
  expect(last("matrix")).toContain("\\mathrm{rate} \\, w");
});

it("entries of E are not written with the letter of Euler's number", () => {
  const model = parseModel(`
    x = input(2)
    E = param(3, 2)
    L = sum(exp(E * x))`);
  const last = derive(model, { wrt: "E", form: "index" }).toJSON().steps.at(-1)!.rhs;
  expect(last).toMatch(/e\^\{\\sum_\{k=1\}\^\{2\} E_\{ik\} x_\{k\}\}/);
});
