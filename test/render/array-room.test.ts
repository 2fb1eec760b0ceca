import { describe, expect, it } from "vitest";
import { derive, parseModel } from "chainrule";
import { passages } from "../../src/render/document/passage.js";

/** A cell with gates, whose names have numbers, so that its entries are long. */
const CELL = `
  x_1 = input(2)
  h_0 = input(3)
  t = target(3)
  W_r = param(3, 2)
  U_r = param(3, 3)
  W_g = param(3, 2)
  U_g = param(3, 3)
  r_1 = sigmoid(W_r * x_1 + U_r * h_0)
  g_1 = tanh(W_g * x_1 + U_g * (r_1 .* h_0))
  E = sum((g_1 - t).^2)`;

describe("a list of entries that is wider than a line", () => {
  it.each([0, 1] as const)("is left out, indices from %i", (indexBase) => {
    const model = parseModel(CELL);
    const notation = { indexBase };
    const written = [
      ...passages(model, { notation }).before,
      ...model.params.map(({ name }) => derive(model, { wrt: name, form: "matrix", notation })),
    ].flatMap((one) => [one.toLatex(), one.toMarkdown()]);
    for (const text of written) expect(text).not.toContain("smallmatrix");
  });

  it("stands where it has room", () => {
    const model = parseModel(CELL.replaceAll(/_\w/g, (name) => name.slice(1)));
    const text = derive(model, { wrt: "x1", form: "matrix" }).toMarkdown();
    expect(text).toContain("entry by entry");
  });
});
