import { expect, it } from "vitest";
import { parseModel } from "../../src/language/model.js";
import { derive } from "../../src/render/derivation.js";

it("names the conventions of what stands between two quantities, and no others", () => {
  const model = parseModel(`
    x = input(3)
    t = target(2)
    W = param(2, 3)
    y = W * x
    L = sum((y - t).^2) + sum(abs(W))
  `);
  const whys = (wrt: string, form: "paths" | "index"): string =>
    derive(model, { wrt, form })
      .steps.map(({ why }) => why)
      .join(" ");
  expect(whys("y", "index")).not.toContain("By convention");
  expect(whys("y[1]", "paths")).not.toContain("By convention");
  expect(whys("W", "index")).toContain("By convention |·|′ at 0 is 0.");
  expect(whys("W[1,1]", "paths")).toContain("By convention |·|′ at 0 is 0.");
});

it("says the number of a slope and not the operand's name", () => {
  const model = parseModel("w = param(2)\na = leakyrelu(w, 0.1)\nb = elu(w)\nL = sum(a + b)");
  const whys = derive(model, { wrt: "w", form: "index" }).steps.map(({ why }) => why);
  expect(whys.join(" ")).toContain("By convention leakyrelu′(0) = 0.1. By convention elu′(0) = 1.");
});

it("says nothing of a kink where the function around it has no value", () => {
  const whys = (body: string): string =>
    derive(parseModel(`w = param(2)\nL = sum(${body})`), { wrt: "w", form: "index" })
      .steps.map(({ why }) => why)
      .join(" ");
  expect(whys("log(abs(1 + 2 * w))")).not.toContain("By convention");
  expect(whys("1 ./ abs(w)")).not.toContain("By convention");
  expect(whys("log(1 + abs(w))")).toContain("By convention |·|′ at 0 is 0.");
});

it("says nothing of a kink that a square takes away", () => {
  const whys = (body: string): string =>
    derive(parseModel(`w = param(2)\nL = ${body}`), { wrt: "w", form: "index" })
      .steps.map(({ why }) => why)
      .join(" ");
  for (const smooth of ["norm(w)^2", "sum(relu(w).^2)", "3 * norm(w)^4 + sum(abs(w).^3)"]) {
    expect(whys(smooth), smooth).not.toContain("By convention");
  }
  const kinks = [
    "norm(w)",
    "norm(w)^2 + norm(w)",
    "sum(relu(w))",
    "sum(abs(w) .* relu(w + 1))",
    "sum(step(w).^2)",
  ];
  for (const kinked of kinks) expect(whys(kinked), kinked).toContain("By convention");
});
