import { Fraction } from "fraction.js";
import { describe, expect, it } from "vitest";
import { simplify } from "../../src/calculus/simplify.js";
import { squareRoot } from "../../src/expression/operations/smooth.js";
import { Graph } from "../../src/expression/graph.js";
import { parseModel } from "../../src/language/model.js";
import { derive } from "../../src/render/derivation.js";

describe("a root of a number below a fraction line", () => {
  it.each([
    ["2", 2, "1"],
    ["6", 3, "2"],
    ["4/5", 2, "2/5"],
    ["-2/3", 2, "-1/3"],
  ])("stands above it where the number in front is divisible by it: %s/√%i", (front, n, left) => {
    const graph = new Graph();
    const root = graph.apply(squareRoot, graph.number(n));
    const fraction = graph.multiply(
      graph.number(new Fraction(front)),
      graph.integerPower(root, -1),
    );
    expect(simplify(graph, fraction)).toBe(graph.multiply(graph.number(new Fraction(left)), root));
  });

  it.each([
    ["1", 2],
    ["3", 2],
    ["1/2", 2],
    ["2/3", 3],
  ])("stays where it is not: %s/√%i", (front, n) => {
    const graph = new Graph();
    const root = graph.apply(squareRoot, graph.number(n));
    const fraction = graph.multiply(
      graph.number(new Fraction(front)),
      graph.integerPower(root, -1),
    );
    expect(simplify(graph, fraction)).toBe(fraction);
  });

  it("is a number with the others, in indices as in matrices", () => {
    const model = parseModel(`
      T = size()
      X = input(T, 3)
      W = param(3, 3)
      S = X * W * X' / sqrt(2)
      L = sum(S.^2) / T`);
    for (const form of ["index", "matrix", "jacobian"] as const) {
      const { steps } = derive(model, { wrt: "W", form });
      expect(steps.at(-1)!.rhs).toMatch(/^\\frac\{\\sqrt\{2\}\}\{T\} /);
    }
  });
});
