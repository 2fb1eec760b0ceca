import { describe, expect, it } from "vitest";
import { parseModel } from "../../src/language/model.js";
import { passages } from "../../src/render/document/passage.js";

const printed = (text: string): string =>
  passages(parseModel(text))
    .before.map((passage) => passage.toLatex())
    .join("\n");

describe("cases of a local derivative", () => {
  it("are written where one number is compared", () => {
    expect(printed("w = param(2)\na = relu(w)\nL = sum(a)")).toContain("\\begin{cases}");
  });

  it("are not written where each value of a summed index has its own", () => {
    const tex = printed("s = param()\nw = param(2)\na = sum(leakyrelu(w, slope = s))\nL = a^2");
    expect(tex).toMatch(/\\partial s\} &= \\sum_.*\\mathbf\{1\}/);
  });
});
