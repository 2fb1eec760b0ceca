import { describe, expect, it } from "vitest";
import { localDerivatives } from "../../src/derivation/local.js";
import { Workbench } from "../../src/derivation/workbench.js";
import { parseModel } from "../../src/language/model.js";
import { passages } from "../../src/render/document/passage.js";

const BATCH = parseModel(`
  N = size()
  X = input(2, N)
  T = target(2, N)
  W1 = param(3, 2)
  W2 = param(2, 3)
  Z1 = W1 * X
  A1 = tanh(Z1)
  Z2 = W2 * A1
  L = sum((T - Z2).^2) / N
`);

describe("the local derivatives", () => {
  it("begin where the forward pass begins", () => {
    const { steps } = localDerivatives(new Workbench(BATCH, undefined));
    const numerators = steps.flatMap(({ left }) =>
      left.kind === "scalar" && left.expression.kind === "reference"
        ? [left.expression.quantity.numerator!.name]
        : [],
    );
    expect([...new Set(numerators)]).toEqual(["Z1", "A1", "Z2", "L"]);
  });

  it("name their indices as they are read", () => {
    const text = passages(BATCH)
      .before.find(({ title }) => title === "The local derivatives")!
      .toMarkdown();
    expect(text).toContain(
      "\\frac{\\partial z^{(1)}_{in}}{\\partial w^{(1)}_{ij}} &= x_{jn} \\qquad i = 1, \\dots, 3",
    );
  });

  it("are conventions at kinks, where differences say nothing: units that are all off before a layer without biases", () => {
    const model = parseModel(`
      N = size()
      X = input(2, N)
      Y = target(1, N)
      W1 = param(3, 2)
      W2 = param(2, 3)
      W3 = param(1, 2)
      A1 = relu(W1 * X)
      A2 = relu(W2 * A1)
      L = sum((W3 * A2 - Y).^2) / N`);
    for (const seed of [1, 2, 3, 4, 5]) {
      const { steps } = localDerivatives(new Workbench(model, undefined, seed));
      expect(steps.every(({ check }) => check.points > 0)).toBe(true);
    }
  });
});
