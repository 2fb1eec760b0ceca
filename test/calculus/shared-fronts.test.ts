import { describe, expect, it } from "vitest";
import { parseModel } from "../../src/language/model.js";
import { derive } from "../../src/render/derivation.js";

const last = (text: string, wrt: string): string =>
  derive(parseModel(text), { wrt, form: "index" }).steps.at(-1)!.rhs;

/** ∂L/∂w is the sum of these terms of given scalars and w. */
const ofTerms = (terms: string): string => `
  a = input()
  b = input()
  c = input()
  d = input()
  w = param()
  L = ${terms}`;

describe("terms of a sum that share factors", () => {
  it.each([
    ["16*a*w/d - 16*b*w/d + c*w", "\\frac{16 \\left(a - b\\right)}{d} + c"],
    ["a*b*w + a*c*w + d*w", "\\left(b + c\\right) a + d"],
    ["a*b*w/d + c*w - a*w/d*c", "\\frac{\\left(b - c\\right) a}{d} + c"],
  ])("%s by w", (terms, derivative) => {
    expect(last(ofTerms(terms), "w")).toBe(derivative);
  });

  it.each([
    ["would leave a 1 in the brackets", "a*w + a*b*w + c*w", "a + a b + c"],
    ["have a number alone in common", "2*a*w - 2*b*w + c*w", "2 a + c - 2 b"],
    [
      "would leave fractions in the brackets",
      "a*w/(b*c) - w*a^2/b^2 + d*w",
      "\\frac{a}{b c} + d - \\frac{{a}^{2}}{{b}^{2}}",
    ],
  ])("are left as they are where they %s", (_, terms, derivative) => {
    expect(last(ofTerms(terms), "w")).toBe(derivative);
  });

  it("have what is one number for all entries in front, and no fraction in the brackets", () => {
    const normalised = `
      x = input(4)
      t = target(4)
      w = param(4)
      r = w .* x
      m = mean(r)
      v = mean((r - m).^2)
      n = (r - m) / sqrt(v + 1/10)
      L = 1/2 * sum((n - t).^2)`;
    expect(last(normalised, "w")).toMatch(
      /^\\frac\{1\}\{\\sqrt\{v \+ 0\.1\}\} \\left\(.*\\right\) x_\{i\}$/,
    );
    expect(last(normalised, "w").split("\\sqrt")).toHaveLength(2);
  });
});
