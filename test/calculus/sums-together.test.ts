import { describe, expect, it } from "vitest";
import { parseModel } from "../../src/language/model.js";
import { derive } from "../../src/render/derivation.js";

const last = (text: string, wrt: string, form: "index" | "matrix" = "index"): string =>
  derive(parseModel(text), { wrt, form }).steps.at(-1)!.rhs;

describe("sums over the same places that share factors", () => {
  it("are one sum: the attention of a head", () => {
    const attention = `
      X = input(3, 2)
      T = target(3, 2)
      S = param(3, 3)
      V = param(3, 2)
      A = softmax(S, 2)
      O = A * V
      L = 1/2 * sum((O - T).^2)`;
    expect(last(attention, "S")).toBe(
      "a_{ij} \\sum_{k=1}^{2} \\left(o_{ik} - t_{ik}\\right) \\left(v_{jk} - o_{ik}\\right)",
    );
  });

  const weighted = (loss: string): string => `
    N = size()
    a = input(N)
    b = input(N)
    c = input(N)
    w = param()
    L = ${loss}`;

  it.each([
    ["w * (sum(a .* b) - sum(a .* c))", "\\sum_{n=1}^{N} a_{n} \\left(b_{n} - c_{n}\\right)"],
    ["w * (sum(a .* b) - sum(a))", "\\sum_{n=1}^{N} a_{n} \\left(b_{n} - 1\\right)"],
    ["w * (sum(a .* b) - 2 * sum(a .* c))", undefined],
    ["w * (sum(a .* b) - sum(c))", undefined],
  ])("are one where they have the same in front: %s", (loss, together) => {
    const derivative = last(weighted(loss), "w");
    if (together === undefined) expect(derivative.split("\\sum")).toHaveLength(3);
    else expect(derivative).toBe(together);
  });

  it("stay apart as products of derivatives of a chain", () => {
    const twice = `
      x = input(3)
      w = param(3)
      s = param()
      z = w .* x + s
      q = exp(s)
      y = z .* x + s * q
      L = sum(y.^2)`;
    const { steps } = derive(parseModel(twice), { wrt: "s", form: "index" });
    const chain = steps.find(
      ({ lhs, rule }) => lhs.endsWith("s}") && rule === "local derivatives",
    )!;
    expect(chain.rhs.split("\\sum").length).toBeGreaterThan(2);
  });
});

describe("what is divided by a size", () => {
  it("is so term by term where a term has that size as a factor", () => {
    const mixture = `
      N = size()
      E = input(N, 3)
      a = param(3)
      w = logsoftmax(a)
      F = E + w'
      l = logsumexp(F, 2)
      L = -mean(l)`;
    const { steps } = derive(parseModel(mixture), { wrt: "a", form: "index" });
    expect(steps.at(-1)!.rhs).toBe("e^{w_{i}} - \\frac{1}{N} \\sum_{n=1}^{N} e^{f_{ni} - l_{n}}");
    expect(steps.at(-1)!.why).toContain("With the definition of l these exponentials add up to 1.");
  });
});
