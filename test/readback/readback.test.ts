/** What the reader understands and refuses. */
import { describe, expect, it } from "vitest";
import { faultsOf } from "./readback.js";
import { ModelWorld } from "./world.js";

const text = `x = input(2)
W1 = param(2, 2)
V = param(2, 2)
a1 = sigmoid(W1 * x)
L = sum(a1.^2) + sum(V)`;
const point = {
  x: [1, -2],
  W1: [
    [0.5, 0.25],
    [-1, 2],
  ],
  V: [
    [1, 2],
    [3, 4],
  ],
};
const world = new ModelWorld(text, point, {});

const faults = (...rows: readonly string[]): string[] =>
  faultsOf(`\\begin{aligned}\n${rows.join(" \\\\\n")}\n\\end{aligned}`, world);

describe("a right equation", () => {
  it.each([
    [
      "by entries",
      "a^{(1)}_{i} &= \\sigma\\left(\\sum_{j=1}^{2} w^{(1)}_{ij} x_{j}\\right) \\qquad i = 1, 2",
    ],
    ["by matrices", "a^{(1)} &= \\sigma\\left(W^{(1)} x\\right)"],
    ["with a derivative of the loss", "\\frac{\\partial L}{\\partial a^{(1)}} &= 2 a^{(1)}"],
    [
      "with a local derivative",
      "\\frac{\\partial a^{(1)}_{1}}{\\partial w^{(1)}_{12}} &= a^{(1)}_{1} \\left(1 - a^{(1)}_{1}\\right) x_{2}",
    ],
    [
      "with a transpose",
      "\\frac{\\partial L}{\\partial W^{(1)}} &= \\left(2 a^{(1)} \\odot a^{(1)} \\odot \\left(1 - a^{(1)}\\right)\\right) x^{\\top}",
    ],
    [
      "with a Kronecker product",
      "\\operatorname{vec}\\left(V\\right)^{\\top} &= \\operatorname{vec}\\left(V\\right)^{\\top} \\left(I_{2} \\otimes I_{2}\\right)",
    ],
    [
      "with ones as long as needed",
      "\\frac{\\partial L}{\\partial V} &= \\mathbf{1} \\mathbf{1}^{\\top}",
    ],
    [
      "with cases",
      "x_{1} &= \\begin{cases} x_{2} & \\text{if } x_{1} < 0 \\\\ 1 & \\text{otherwise} \\end{cases}",
    ],
    ["with numbers written out", "V &= \\begin{bmatrix} 1 & 2 \\\\ 3 & 4 \\end{bmatrix}"],
    [
      "with a shape under a factor",
      "V x &= \\underbrace{V}_{2 \\times 2} \\underbrace{x}_{2 \\times 1}",
    ],
    ["with rounded numbers", "a^{(1)}_{1} &\\approx 0.5"],
    ["in several rows", "V_{1,:} x &= v_{11} x_{1} \\\\\n&\\quad {}+ v_{12} x_{2}"],
  ])("%s is read", (_, row) => {
    expect(faults(row)).toEqual([]);
  });
});

describe("a wrong equation", () => {
  it.each([
    ["a value", "x_{1} &= 2", "it is 1 and is printed as 2"],
    [
      "a value of an entry",
      "v_{ij} &= v_{ji} \\qquad i = 1, 2,\\; j = 1, 2",
      "it is 2 and is printed as 3",
    ],
    ["a shape", "x &= x^{\\top}", "2×1 is set equal to 1×2"],
    ["a product that does not conform", "x &= x x", "2×1 times 2×1"],
    ["a shape under a factor", "x &= \\underbrace{x}_{1 \\times 2}", "1×2 stands under 2×1"],
    ["an unknown symbol", "x_{1} &= q", "not understood"],
    ["an unknown command", "x_{1} &= \\foo", "not understood"],
    ["a double minus", "x_{1} &= 1 - -x_{2}", "not understood"],
    ["a loose end", "x_{1} &= \\ln x_{1} x_{2}", "a factor behind an open end"],
    ["⊙ beside a product", "x &= V x \\odot x", "a product beside hadamard without brackets"],
    ["an index out of range", "x_{1} &= x_{3}", "index 3 of 2, counted from 1"],
    [
      "an index that is used twice",
      "x_{1} &= \\sum_{i=1}^{2} \\sum_{i=1}^{2} x_{i}",
      "the index i is used twice",
    ],
    ["an index that is a quantity", "x_{1} &= \\sum_{x=1}^{2} 1", "the index x is a quantity too"],
    ["two relations", "x_{1} &= 1 = 1", "unread: = 1"],
  ])("with %s is found", (_, row, fault) => {
    expect(faults(row).join()).toContain(fault);
  });
});

describe("a printed 0", () => {
  const small = "1e-12";
  const tiny = new ModelWorld(
    `x = param(2)\nu = ${small} * x\nL = dot(u, u) + ${small} * sum(x)`,
    { x: [0.5, 0.25] },
    {},
  );
  const of = (row: string): string[] => faultsOf(`\\begin{aligned}\n${row}\n\\end{aligned}`, tiny);

  it("is judged by the numbers above it, however small", () => {
    expect(of("\\frac{\\partial L}{\\partial x} &= 0").join()).toContain("is printed as 0");
    const above = "\\frac{\\partial L}{\\partial u} &= 2 u \\\\\n";
    expect(of(`${above}\\frac{\\partial L}{\\partial x} &= 0`).join()).toContain("is printed as 0");
  });

  it("may be off by the rounding of the sum that it shortens", () => {
    const left = "\\frac{\\partial u_{1}}{\\partial x_{2}}";
    expect(of(`${left} &= 3 x_{1} - 6 x_{2} \\\\\n&= 0`)).toEqual([]);
  });
});
