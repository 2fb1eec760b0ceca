/** The values of indices in lines that hold for several layers. */
import { describe, expect, it } from "vitest";
import { parseModel } from "../../src/language/model.js";
import { passages } from "../../src/render/document/passage.js";
import type { NotationOptions } from "../../src/render/notation/notation.js";
import { modelOf } from "../support/systems.js";

const general = (model: ReturnType<typeof parseModel>, notation?: NotationOptions): string =>
  passages(model, { notation })
    .before.find(({ title }) => title === "The layers in general")!
    .toMarkdown();

/** A net of some widths, columns or rows, with biases. */
function netOf(widths: readonly number[], isRow: boolean): string {
  const layers = widths.slice(1).map((to, place) => {
    const [from, l] = [widths[place]!, place + 1];
    const before = place === 0 ? "x" : `a${place}`;
    return isRow
      ? `W${l} = param(${from}, ${to})\nb${l} = param(1, ${to})\nz${l} = ${before} * W${l} + b${l}\na${l} = tanh(z${l})`
      : `W${l} = param(${to}, ${from})\nb${l} = param(${to})\nz${l} = W${l} * ${before} + b${l}\na${l} = tanh(z${l})`;
  });
  const x = isRow ? `1, ${widths[0]!}` : `${widths[0]!}`;
  return `x = input(${x})\n${layers.join("\n")}\nL = sum(a${layers.length}.^2)`;
}

describe("indices of all layers", () => {
  it.each([
    [[2, 3, 4, 5], false],
    [[2, 3, 4, 5], true],
    [[3, 3, 3, 3], false],
    [[4, 4, 2], true],
  ])("run through the units of %j, rows: %s", (widths, isRow) => {
    const text = general(parseModel(netOf(widths, isRow)));
    expect(text).toContain("\\sum_{j=1}^{n_{l-1}}");
    expect(text).toContain("i = 1, \\dots, n_{l}");
    for (const [layer, width] of widths.entries()) {
      expect(text).toContain(`$\`n_{${layer}} = ${width}\`$`);
    }
    expect(text).not.toMatch(/\\sum_\{[a-z]\}/u);
    expect(text).not.toContain("whole axis");
  });

  it("do so beside a penalty on the weights", () => {
    const text = netOf([2, 3, 4], false).replace(
      /L = (.*)$/u,
      "R = sum(W1.^2) + sum(W2.^2)\nL = $1 + R",
    );
    expect(general(parseModel(text))).toContain("\\sum_{j=1}^{n_{l-1}} w^{(l)}_{ij}");
  });

  it("are left open where layers do not say how many units they have", () => {
    const recurrent = netOf([2, 3, 4], false).replace(
      "z1 = W1 * x",
      "U1 = param(3, 3)\nv = input(3)\nz1 = W1 * x + U1 * v",
    );
    expect(general(parseModel(recurrent))).toContain("whole axis");
  });

  it("are counted from the notation's first one", () => {
    const text = general(modelOf("sigmoid-2-3-2"), { indexBase: 0 });
    expect(text).toContain("\\sum_{j=0}^{n_{l-1} - 1} w^{(l)}_{ij} a^{(l-1)}_{j}");
    expect(text).toContain("i = 0, \\dots, n_{l} - 1");
  });

  it("have another letter for their number where n is taken, and run along a batch as always", () => {
    const text = general(modelOf("batch-3-4-4-2"), { layers: "subscript" });
    expect(text).toContain("\\sum_{j=1}^{m_{l-1}}");
    expect(text).toContain("\\sum_{n=1}^{N}");
    expect(text).toContain("$`m_{3} = 2`$");
    expect(text).not.toMatch(/\\sum_\{[a-z]\}/u);
  });
});
