/** The layers in general beside penalties that have names. */
import { describe, expect, it } from "vitest";
import { deltasOf } from "../../src/derivation/layers.js";
import { parseModel } from "../../src/language/model.js";
import { passages } from "../../src/render/document/passage.js";

const net = (penalty: string): string => `
  N  = size()
  X  = input(N, 3)
  Y  = target(N, 2)
  lam = input()
  W1 = param(3, 4)
  b1 = param(4)
  W2 = param(4, 2)
  b2 = param(2)
  Z1 = X * W1 + b1'
  H1 = tanh(Z1)
  Z2 = H1 * W2 + b2'
  E  = sum((Z2 - Y).^2) / N
  ${penalty}`;

const PENALTIES = [
  "R = lam / 2 * (sum(W1.^2) + sum(W2.^2))\nJ = E + R",
  "R = 0.1 * sum(W1.^2) + 0.1 * sum(W2.^2)\nJ = E + R",
  "half = lam / 2\nR = half * (sum(W1.^2) + sum(W2.^2))\nJ = E + R",
  "S = sum(W1.^2) + sum(W2.^2)\nR = lam * S\nJ = E + R",
  "S = sum(W1.^2)\nR = lam * (S + sum(W2.^2))\nJ = E + R",
  "J = E + lam * (sum(W1.^2) + sum(W2.^2))",
];

/** The lines of the layers in general. */
function general(text: string): readonly string[] {
  const part = passages(parseModel(text)).before.find(
    ({ title }) => title === "The layers in general",
  )!;
  return part.toLatex().split("\n");
}

describe("a penalty on the weights", () => {
  it.each(PENALTIES)("leaves δ to what data go into: %s", (penalty) => {
    const deltas = deltasOf(parseModel(net(penalty)), undefined);
    expect([...deltas].map(([{ name }, layer]) => [name, layer])).toEqual([
      ["Z1", "1"],
      ["Z2", "2"],
    ]);
  });

  it("is no layer where only numbers are data: λ may then be one of them", () => {
    const model = parseModel(
      "x = input()\nlam = input()\nw1 = param()\nw2 = param()\nz1 = w1 * x\nz2 = lam * w2\nL = z1 * z2",
    );
    expect([...deltasOf(model, undefined).keys()].map(({ name }) => name)).toEqual(["z1", "z2"]);
  });

  it.each(PENALTIES.slice(0, 4))(
    "has the chain rule before its local derivatives: %s",
    (penalty) => {
      const lines = general(net(penalty));
      const first = lines.findIndex((line) =>
        /^\\frac\{\\partial J\}\{\\partial w\^\{\(l\)\}_\{ij\}\} &=/.test(line),
      );
      const [chain, local] = lines.slice(first, first + 2);
      const ways =
        "\\delta^{(l)}_{nj} \\frac{\\partial z^{(l)}_{nj}}{\\partial w^{(l)}_{ij}} + \\frac{\\partial J}{\\partial ";
      expect(chain).toContain(ways);
      // one display: the range stands behind the last of its lines, with the input that layer 1 has
      expect(chain).not.toContain("\\qquad");
      expect(local).toMatch(
        /^ &= \\sum_\{n=1\}\^\{N\} \\delta\^\{\(l\)\}_\{nj\} h\^\{\(l-1\)\}_\{ni\}(?: \+|$| \\\\)/,
      );
      const range = lines.slice(first).find((line) => line.includes("\\qquad"));
      expect(range).toMatch(/\\qquad l = 1, 2,\\; H\^\{\(0\)\} = X,\\; i = 1, \\dots, m_\{l-1\}/);
    },
  );
});

describe("the order of the layers in general", () => {
  const deep = `
    x = input(2)
    t = target(2)
    W1 = param(3, 2)
    W2 = param(3, 3)
    W3 = param(2, 3)
    z1 = W1 * x
    a1 = sigmoid(z1)
    z2 = W2 * a1
    a2 = sigmoid(z2)
    z3 = W3 * a2
    a3 = sigmoid(z3)
    E = 1/2 * sum((t - a3).^2) + 0.1 * (sum(W1.^2) + sum(W2.^2) + sum(W3.^2))`;

  it("is that of the backward pass: δ of the last layer, ∂E/∂a, then δ of the others", () => {
    const lines = general(deep);
    const places = [
      "\\delta^{(l)}_{i} &= \\frac{\\partial E}",
      "\\delta^{(L)}_{i} &= -\\left(t_{i} - a^{(L)}_{i}\\right)",
      "\\frac{\\partial E}{\\partial a^{(l-1)}_{i}} &= ",
      "\\delta^{(l-1)}_{i} &= \\sum_{j=1}^{n_{l}} \\delta^{(l)}_{j}",
      "\\frac{\\partial E}{\\partial w^{(l)}_{ij}} &= ",
    ].map((start) => lines.findIndex((line) => line.startsWith(start)));
    expect(places).not.toContain(-1);
    expect(places).toEqual(places.toSorted((a, b) => a - b));
  });

  it("tells what ∂⁺ is without the layer in which it was found", () => {
    const text = general(deep).join(" ");
    expect(text).toContain("means the direct part: what enters the definition itself");
  });
});

describe("what is written of all layers", () => {
  const text = (model: string): string =>
    passages(parseModel(model))
      .before.find(({ title }) => title === "The layers in general")!
      .toMarkdown();

  it("has the letters that entries have in single layers: A beside a vector a", () => {
    const general = text(`
      x = input(3)
      t = target(2)
      A1 = param(3, 3)
      A2 = param(2, 3)
      z1 = A1 * x
      a1 = tanh(z1)
      z2 = A2 * a1
      a2 = tanh(z2)
      L = 1/2 * sum((a2 - t).^2)`);
    expect(general).toContain("A^{(l)}_{ij} a^{(l-1)}_{j}");
    expect(general).not.toContain("a^{(l)}_{ij}");
  });

  it("does not call all layers the last one, where each has a loss", () => {
    const layers = [1, 2].map(
      (l) => `
      W${l} = param(3, 3)
      y${l} = sigmoid(W${l} * ${l === 1 ? "x" : "y1"})
      t${l} = target(3)
      E${l} = 1/2 * sum((y${l} - t${l}).^2)`,
    );
    const general = text(`x = input(3)${layers.join("")}\nE = E1 + E2`);
    expect(general).toContain("\n\nThe derivative of the loss.");
    expect(general).not.toContain("The last layer");
  });
});
