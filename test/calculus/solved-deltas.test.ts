import { describe, expect, it } from "vitest";
import { parseModel } from "../../src/language/model.js";
import { derive } from "../../src/render/derivation.js";
import { passages } from "../../src/render/document/passage.js";

const convolution = (statement: string): string => `
x = input(6)
t = target(4)
k = param(3)
c = ${statement}
L = 1/2 * sum((c - t).^2)`;

const valid = convolution("k[1] * x[1:4] + k[2] * x[2:5] + k[3] * x[3:6]");

describe("the derivative by the entries of a kernel", () => {
  it("is one sum with the entry's index in it", () => {
    const { steps } = derive(parseModel(valid), { wrt: "k", form: "index" });
    expect(steps.at(-1)!.rhs).toBe("\\sum_{j=1}^{4} \\left(c_{j} - t_{j}\\right) x_{j + i - 1}");
    const local = passages(parseModel(valid)).before[1]!.toMarkdown();
    expect(local).toContain("&= x_{i + j - 1}");
  });

  it("is so for a kernel that is turned round", () => {
    const turned = convolution("k[1] * x[3:6] + k[2] * x[2:5] + k[3] * x[1:4]");
    const { steps } = derive(parseModel(turned), { wrt: "k", form: "index" });
    expect(steps.at(-1)!.rhs).toContain("x_{j - i + 3}");
  });

  const sum = (start: number): string =>
    `\\sum_{i=1}^{4} \\left(c_{i} - t_{i}\\right) x_{i${start > 1 ? ` + ${start - 1}` : ""}}`;

  it.each([
    ["not all entries are used", "k[1] * x[1:4] + k[2] * x[2:5]", [sum(1), sum(2), "0"]],
    [
      "the steps are not even",
      "k[1] * x[1:4] + k[2] * x[2:5] + k[3] * x[1:4]",
      [sum(1), sum(2), sum(1)],
    ],
    [
      "one entry has a factor of its own",
      "k[1] * x[1:4] + 2 * k[2] * x[2:5] + k[3] * x[3:6]",
      [sum(1), `2 ${sum(2)}`, sum(3)],
    ],
  ])("is told entry by entry where %s", (_, statement, entries) => {
    const { steps } = derive(parseModel(convolution(statement)), { wrt: "k", form: "index" });
    expect(steps.at(-1)!.lhs).toContain("k_{i}}");
    const last = steps.slice(-4, -1);
    expect(last.map(({ lhs }) => lhs.slice(-6))).toEqual(["k_{1}}", "k_{2}}", "k_{3}}"]);
    expect(last.map(({ rhs }) => rhs)).toEqual(entries);
  });

  it("has parts of one look in its matrix form", () => {
    const gated = `
      x = input(5)
      v = param(3)
      k = param(3)
      a = relu(k[1] * x[1:3] + k[2] * x[2:4] + k[3] * x[3:5])
      L = dot(v, a)`;
    const { steps } = derive(parseModel(gated), { wrt: "k", form: "matrix" });
    expect(steps.at(-1)!.rhs.match(/x_\{\d:\d\}\^\{\\top\}/g)).toHaveLength(3);
  });
});

describe("what uses every entry by two numbers", () => {
  it("is one term, as of a convolution that is written out entry by entry", () => {
    const windows = [1, 3, 5, 7].map((at) =>
      [0, 1, 2].map((step) => `K[${step + 1}] * x[${at + step}]`).join(" + "),
    );
    const model = parseModel(`
      x = input(9)
      t = target(4)
      K = param(3)
      z = [${windows.join(", ")}]
      L = sum((tanh(z) - t).^2)`);
    const local = passages(model).before[1]!.toMarkdown();
    expect(local).toContain(
      "\\frac{\\partial z_{i}}{\\partial K_{j}} &= x_{2i + j - 2} \\qquad i = 1, \\dots, 4,\\; j = 1, \\dots, 3",
    );
  });
});
