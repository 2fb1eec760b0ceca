import { describe, expect, it } from "vitest";
import type { Form } from "../../src/derivation/derive.js";
import { parseModel } from "../../src/language/model.js";
import { derive } from "../../src/render/derivation.js";
import { passages } from "../../src/render/document/passage.js";

/** What is printed of the statements. */
const forward = (text: string): string => passages(parseModel(text)).before[0]!.toMarkdown();

const derived = (text: string, wrt: string, form: Form): string =>
  derive(parseModel(text), { wrt, form }).toMarkdown();

describe("a statement", () => {
  it.each([
    ["d1 - d2 + m", "d^{(1)} - d^{(2)} + m"],
    ["m - d2 + d1", "m - d^{(2)} + d^{(1)}"],
    ["-(d2 - m) + d1", "-\\left(d^{(2)} - m\\right) + d^{(1)}"],
    ["1 + d1 - m^2 - exp(d1)", "1 + d^{(1)} - m^{2} - e^{d^{(1)}}"],
    ["d1 - 2 + m", "d^{(1)} - 2 + m"],
    ["m * d1 + (1 - m) * (1 - d1)", "m d^{(1)} + \\left(1 - m\\right) \\left(1 - d^{(1)}\\right)"],
    ["(1 - m) * (1 - d1) + m * d1", "\\left(1 - m\\right) \\left(1 - d^{(1)}\\right) + m d^{(1)}"],
  ])("%s has its sums as its author wrote them", (body, printed) => {
    const given = "d1 = input()\nd2 = input()\nm = param()";
    const text = `${given}\ny = ${body}\nL = y^2 + 0 * d1 * d2`;
    expect(forward(text).replaceAll(/[{}]/g, "")).toContain(
      `y &= ${printed.replaceAll(/[{}]/g, "")}`,
    );
  });

  it("has them so in matrices too", () => {
    const text = `y = target(3)
      p = param(3)
      q = (1 - y) .* (1 - p) + y .* p
      L = sum(q)`;
    const [entries, whole] = forward(text).match(/q(_\{i\}|\}_\{3 \\times 1\}) &= .*/g)!;
    for (const line of [entries, whole!]) {
      const [bracket, product] = [line.indexOf("1 - p"), line.lastIndexOf("p")];
      expect(bracket).toBeGreaterThan(0);
      expect(bracket).toBeLessThan(product - 4);
    }
  });

  it("has the factors of its products as its author wrote them, also those of one quantity", () => {
    const focal = (body: string): string =>
      forward(`q = param(3)\ng = input("\\gamma")\nL = -sum(${body})`);
    expect(focal("(1 - q).^g .* log(q)")).toContain(
      "\\left(1 - q_{i}\\right)^{\\gamma} \\ln q_{i}",
    );
    expect(focal("log(q) .* (1 - q).^g")).toContain(
      "\\left(\\ln q_{i}\\right) \\left(1 - q_{i}\\right)^{\\gamma}",
    );
  });

  it.each([
    ["p .* log(p)", "p_{i} \\ln p_{i}", "p \\odot \\ln p"],
    ["log(p) .* p", "\\left(\\ln p_{i}\\right) p_{i}", "\\ln p \\odot p"],
  ])("%s has a quantity and a function of it as they are written", (body, entries, whole) => {
    const text = forward(`p = param(3)\nq = ${body}\nL = sum(q)`);
    expect(text).toContain(entries);
    expect(text.replaceAll(/\\underbrace|_\{3 \\times 1\}|[{} ]/g, "")).toContain(
      whole.replaceAll(/[{} ]/g, ""),
    );
  });

  it("has its unnamed parts in their places", () => {
    const text = `x = input(4)
      k = param(2)
      b = param()
      z = concat(k' * x[1:2], k' * x[3:4]) + b
      L = sum(z.^2)`;
    expect(forward(text)).toContain("\\left(u_{1}\\right)_{i} + b");
  });
});

describe("what a statement says", () => {
  const CELL = `x = input(2)
    h = input(3)
    t = target(3)
    U = param(3, 3)
    W = param(3, 2)
    z = sigmoid(W * x + U * h)
    r = z .* h
    c = tanh(W * x + U * r)
    L = 1/2 * sum((c - t).^2)`;

  it("looks alike in derivatives", () => {
    for (const form of ["index", "paths", "matrix"] as const) {
      const text = derived(CELL, form === "paths" ? "W[1,1]" : "W", form);
      const slopes = text.match(/\\(?:sigma|tanh)'\\left\((?:[^\\]|\\(?!right))*/g) ?? [];
      for (const slope of slopes)
        expect(slope).toMatch(/\(\\sum_\{k=1\}\^\{2\} w_\{\wk\} x_\{k\} \+/);
      if (form === "index") expect(slopes.length).toBeGreaterThan(1);
    }
  });

  it("has a product in the order of the statement, also inside of sums of derivatives", () => {
    const text = `P = input(4, 2)
      Q = input(3, 2)
      tau = param()
      S = P * Q' / tau + 1
      L = sum(S.^3)`;
    const index = derived(text, "tau", "index");
    expect(index).toMatch(/p_\{\w\w\} q_\{\w\w\}/);
    expect(index).not.toMatch(/q_\{\w\w\} p_\{\w\w\}/);
  });
});

describe("a matrix and its transpose", () => {
  const text = "x = param(3)\nA = input(3, 3)\nL = dot(x, A * x)";

  it("stand in one order in all entries and in matrices", () => {
    const index = derived(text, "x", "index");
    expect(index).toContain("\\sum_{j=1}^{3} a_{ij} x_{j} + \\sum_{j=1}^{3} a_{ji} x_{j}");
    for (const entry of ["1", "2", "3"]) {
      expect(derived(text, `x[${entry}]`, "scalar")).toContain(
        `\\sum_{i=1}^{3} a_{${entry}i} x_{i} + \\sum_{i=1}^{3} a_{i${entry}} x_{i}`,
      );
    }
    expect(derived(text, "x", "matrix")).toMatch(/A(?:\}_\{3 \\times 3\})?.* \+ .*A\^\{\\top\}/);
  });
});
