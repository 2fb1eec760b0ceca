import { describe, expect, it } from "vitest";
import { parseModel } from "../../src/language/model.js";
import { derive } from "../../src/render/derivation.js";
import { passages } from "../../src/render/document/passage.js";

const printed = (text: string): string =>
  passages(parseModel(text))
    .before.map((passage) => passage.toLatex())
    .join("\n");

const last = (text: string, wrt: string, form: "index" | "matrix"): string =>
  derive(parseModel(text), { wrt, form }).steps.at(-1)!.rhs;

describe("cases of a local derivative", () => {
  it("are written where one number is compared", () => {
    expect(printed("w = param(2)\na = relu(w)\nL = sum(a)")).toContain("\\begin{cases}");
  });

  it("leave out the kink where the derivative has no value there", () => {
    const tex = printed("w = param(2)\na = 1 ./ abs(w)\nL = sum(a)");
    expect(tex).toContain("{w_{i}}^{2}} & w_{i} > 0 \\\\ ");
    expect(tex).not.toContain("w_{i} = 0");
    expect(printed("w = param(2)\na = abs(w)\nL = sum(a)")).toContain("0 & w_{i} = 0");
  });

  it("are not written of ln|u|, whose derivative is 1/u on both sides", () => {
    expect(last("w = param(2)\nL = sum(log(abs(w)))", "w", "index")).toBe("\\frac{1}{w_{i}}");
    expect(last("w = param(2)\nL = sum(abs(w).^3)", "w", "index")).toBe(
      "3 \\left|w_{i}\\right| w_{i}",
    );
  });

  it("are not written where each value of a summed index has its own", () => {
    const tex = printed("s = param()\nw = param(2)\na = sum(leakyrelu(w, slope = s))\nL = a^2");
    expect(tex).toMatch(/\\partial s\} &= \\sum_.*\\mathbf\{1\}/);
  });
});

describe("a piecewise factor in a line", () => {
  it("has each case once, with its number, the larger operand first", () => {
    const leaky = "w = param(2)\na = leakyrelu(w, 0.1)\nL = sum(a)";
    expect(last(leaky, "w", "index")).toBe(
      "\\mathbf{1}\\left[w_{i} > 0\\right] + 0.1 \\cdot \\mathbf{1}\\left[w_{i} \\le 0\\right]",
    );
    expect(last(leaky, "w", "matrix")).toBe(
      "\\mathbf{1}\\left[w > 0\\right] + 0.1 \\cdot \\mathbf{1}\\left[w \\le 0\\right]",
    );
  });

  it("compares two operands in one order", () => {
    const prelu = "a = param()\nw = param(2)\nh = maximum(w, a * w)\nL = sum(h)";
    expect(last(prelu, "w", "index")).toBe(
      "\\mathbf{1}\\left[w_{i} > a w_{i}\\right] + \\mathbf{1}\\left[w_{i} < a w_{i}\\right] a" +
        " + \\frac{1}{2} \\mathbf{1}\\left[w_{i} = a w_{i}\\right] \\left(a + 1\\right)",
    );
  });

  it.each([
    ["relu(-w)", "-\\mathbf{1}\\left[w_{i} < 0\\right]"],
    ["relu(1 - 2*w)", "-2 \\cdot \\mathbf{1}\\left[w_{i} < \\frac{1}{2}\\right]"],
    ["relu(t - w)", "-\\mathbf{1}\\left[t_{i} > w_{i}\\right]"],
    ["relu(w)", "\\mathbf{1}\\left[w_{i} > 0\\right]"],
    ["relu(w + t)", "\\mathbf{1}\\left[w_{i} + t_{i} > 0\\right]"],
  ])("is solved for what is compared: %s", (body, derivative) => {
    const model = `t = target(2)\nw = param(2)\na = ${body}\nL = sum(a)`;
    expect(last(model, "w", "index")).toBe(derivative);
  });

  it("has numbers of one kind in its cases", () => {
    const pinball = "t = target(2)\nw = param(2)\nL = sum(maximum(0.3 * (t - w), -0.7 * (t - w)))";
    expect(last(pinball, "w", "matrix")).toBe(
      "-\\left(0.3 \\cdot \\mathbf{1}\\left[t > w\\right] - 0.7 \\cdot \\mathbf{1}\\left[t < w\\right]" +
        " - 0.2 \\cdot \\mathbf{1}\\left[t = w\\right]\\right)",
    );
    expect(printed(pinball)).toContain("-0.3 & t_{i} > w_{i} \\\\ 0.2 & t_{i} = w_{i} \\\\ 0.7 &");
  });

  it("compares with 0 where the difference is one term", () => {
    const pinball =
      "s = input()\nt = target(2)\nw = param(2)\nr = t - w\nL = sum(maximum(s * r, (s - 1) * r))";
    expect(last(pinball, "r", "matrix")).toBe(
      "s \\mathbf{1}\\left[r > 0\\right] + \\left(s - 1\\right) \\mathbf{1}\\left[r < 0\\right]" +
        " + \\left(s - \\frac{1}{2}\\right) \\mathbf{1}\\left[r = 0\\right]",
    );
  });
});
