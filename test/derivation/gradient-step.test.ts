import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { rateName } from "../../src/derivation/rate.js";
import { parseModel } from "../../src/language/model.js";
import type { Point } from "../../src/language/point.js";
import { passages } from "../../src/render/document/passage.js";

const examples = fileURLToPath(new URL("../../examples/", import.meta.url));
const read = (name: string): string => readFileSync(`${examples}${name}`, "utf8");

describe("a gradient step", () => {
  it("lowers the loss, by the gradient of the backprop", () => {
    const model = parseModel(read("sigmoid-2-3-2.model"));
    const at = JSON.parse(read("sigmoid-2-3-2.point.json")) as Point;
    const [step] = passages(model, { at }).after;
    const text = step!.toMarkdown();
    expect(text).toContain("\\leftarrow");
    const [, before, after] =
      /\\mathrm\{MSE\}\\text\{ before\} &\\approx ([\d.]+) \\\\\s+.*after\} &\\approx ([\d.]+)/.exec(
        text,
      )!;
    expect(Number(after)).toBeLessThan(Number(before));
  });

  it("of one number has its numbers", () => {
    const model = parseModel("x = input()\nb = param()\nW = param(2)\nL = (b - x)^2 + sum(W.^2)");
    const at = { x: 1, b: 3, W: [0.7, 1.2345678] };
    const [step] = passages(model, { at }).after;
    const text = step!.toLatex();
    expect(text).toContain("\\mu &= 0.1\n");
    expect(text).toContain("\\partial b} \\\\\n &= 3 - 0.1 \\cdot 4 \\\\\n &= 2.6");
    expect(text).toContain(
      "{} - \\mu \\underbrace{\\frac{\\partial L}{\\partial W}}_{2 \\times 1} \\\\\n",
    );
    expect(text).toContain("= \\begin{bmatrix} W_{1} - \\mu \\frac{\\partial L}{\\partial W_{1}} ");
    expect(text).toContain("&\\approx \\begin{bmatrix} 0.56 \\\\ 0.9876542 \\end{bmatrix}");
  });

  it("has the rate and the name that are asked for, and tells of a loss that rises", () => {
    const model = parseModel("w = param()\nL = w^2");
    const stepOf = (rate?: number, name?: string): string =>
      passages(model, {
        at: { w: 3 },
        rate,
        notation: name === undefined ? {} : { rate: name },
      }).after[0]!.toLatex();
    const text = stepOf(0.25, "eta");
    expect(text).toContain("\\eta &= 0.25");
    const toy = parseModel("x = input()\nw = param()\nL = (w * x)^2");
    const [ofNumbers] = passages(toy, { at: { x: 2, w: 3 } }).after;
    expect(ofNumbers!.toLatex()).toContain("w - \\mu \\frac{\\partial L}{\\partial w}");
    expect(text).toContain(
      "w - \\eta \\frac{\\partial L}{\\partial w} \\\\\n &= 3 - 0.25 \\cdot 6",
    );
    expect(text).toContain("L\\text{ before} &= 9");
    expect(text).toContain("L\\text{ after} &= 2.25");
    expect(text).not.toContain("rises");
    expect(stepOf(2)).toContain("It rises");
    expect(() => stepOf(1e200)).toThrow("the loss is not finite after a gradient step");
  });

  it("may lead to an optimum that no decimal is, where nothing is left of the loss", () => {
    const model = parseModel("w = param()\nL = 5 * (w - 1/3)^2");
    const text = passages(model, { at: { w: 0 } }).after[0]!.toLatex();
    expect(text).toContain("&\\approx 0.3333333");
    expect(text).toMatch(/after\} &\\approx (0|\d\.\d+ \\cdot 10\^\{-3\d\})/);
    const decimal = parseModel("w = param()\nL = 5 * (w - 1/5)^2");
    expect(passages(decimal, { at: { w: 0 } }).after[0]!.toLatex()).toContain("after} &= 0");
  });

  it("of 0 is said to be one: nothing moves", () => {
    // every unit of the layer is off
    const model = parseModel("x = input(2)\nW = param(2, 2)\nv = param(2)\nL = dot(v, relu(W*x))");
    const W = [
      [-1, -2],
      [-3, -1],
    ];
    const stepAt = (at: Point, wrt?: string[]): string =>
      passages(model, { at, ...(wrt && { wrt }) }).after[0]!.toMarkdown();
    const still = "nothing moves, and the loss stays as it is";
    const dead = stepAt({ x: [1, 2], W, v: [0.5, 3] });
    expect(dead).toContain(still);
    expect(dead).toMatch(/L\\text\{ before\} &= 0 [^]*L\\text\{ after\} &= 0\n/);
    expect(stepAt({ x: [1, 2], W: [W[0]!, [3, 1]], v: [0.5, 3] })).not.toContain(still);
    // W alone has no derivative where v is 0
    const alive = { x: [1, 2], W: [W[0]!, [3, 1]], v: [0, 0] };
    expect(stepAt(alive, ["W"])).toContain(still);
    expect(stepAt(alive)).not.toContain(still);
  });

  it("calls the rate nothing that the model has", () => {
    const named = (text: string, name?: string): string => rateName(parseModel(text), name);
    expect(named("w = param()\nL = w^2")).toBe("mu");
    expect(named('W_mu = param()\neta = param()\nc = param("\\alpha")\nL = W_mu + eta + c')).toBe(
      "rho",
    );
    expect(named("μ = param()\nL = μ^2")).toBe("eta");
    const clash = /the model has a quantity that is written as/;
    expect(() => named("w = param()\nL = w^2", "w")).toThrow(clash);
    expect(() => named("η = param()\nL = η^2", "eta")).toThrow(clash);
    expect(() => named('w = param("\\eta")\nL = w^2', "η")).toThrow(clash);
    for (const meant of ["e", "pi", "π", "d", "delta", "δ", "sigma"]) {
      expect(() => named("w = param()\nL = w^2", meant)).toThrow(`${meant} is `);
    }
    expect(() => named("w = param()\nL = w^2", "\\input{x}")).toThrow("is no name for a rate");
  });

  it("has its indices in other letters than the rate", () => {
    const model = parseModel("w = param(2)\nL = sum(w.^2)");
    const at = { w: [1, 2] };
    const text = passages(model, { at, notation: { rate: "i" } }).after[0]!.toLatex();
    expect(text).toContain("w_{j} - i \\frac{\\partial L}{\\partial w_{j}}");
    const usual = passages(model, { at }).after[0]!.toLatex();
    expect(usual).toContain("w_{i} - \\mu \\frac{\\partial L}{\\partial w_{i}}");
  });

  it("is not taken where the gradient is not finite, or without a point", () => {
    const model = parseModel("w = param()\nL = sqrt(w)");
    expect(passages(model, { at: { w: 0 } }).after).toEqual([]);
    expect(passages(model).after).toEqual([]);
  });
});
