import { describe, expect, it } from "vitest";
import { parseModel } from "../../src/language/model.js";
import { passages } from "../../src/render/document/passage.js";

describe("the forward pass", () => {
  it("says once what entries are that are defined one by one, and has them in one display", () => {
    const [forward] = passages(
      parseModel("a = param(3)\np = [a[1], a[2] * a[1], a[3] - a[1]]\nL = sum(p.^3)"),
    ).before;
    const text = forward!.toMarkdown();
    expect(text.match(/`p`\$, as the model defines it/gu)).toHaveLength(1);
    const display = text.split("```").find((one) => one.includes("p_{2} &="))!;
    expect(display.match(/p_\{\d\} &=/gu)).toHaveLength(3);
  });
});
