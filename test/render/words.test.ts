import { derive, parseModel } from "chainrule";
import { expect, it } from "vitest";

it("names of several letters do not run into what stands beside them", () => {
  const model = parseModel(`
    X = input(3, 2)
    t = target(3)
    lam = input()
    w = param(2)
    L = sum((X * w - t).^2) + lam * sum(w.^2)`);
  const last = (form: "index" | "matrix"): string =>
    derive(model, { wrt: "w", form }).toJSON().steps.at(-1)!.rhs;
  expect(last("index")).toContain("\\mathrm{lam} \\, w_{i}");
  expect(last("matrix")).toContain("\\mathrm{lam} \\, w");
});
