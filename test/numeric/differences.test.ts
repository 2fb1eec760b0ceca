import { describe, expect, it } from "vitest";
import { parseModel } from "../../src/index.js";
import { differences } from "../../src/numeric/differences.js";

const first = (text: string, a: number) =>
  differences(parseModel(`a = param()\n${text}`), { a }).parameters[0]!.differences[0]!;

describe("differences", () => {
  it.each([
    ["L = a^3", 2, 12],
    ["L = exp(a)", 1, Math.E],
    ["L = sin(1000 * a)", 0.3, 1000 * Math.cos(300)],
    ["L = log(a)", 1e-6, 1e6],
    ["L = sqrt(a)", 1e-3, 0.5 / Math.sqrt(1e-3)],
    ["L = sigmoid(50 * a)", 0.1, 50 / (2 + 2 * Math.cosh(5))],
    ["L = 1e6 + a^2", 3, 6],
    ["L = a^2", 1e5, 2e5],
    ["L = 0 * a + 7", 1, 0],
  ])("%s at %d: the error is within its estimate", (text, a, expected) => {
    const { value, error, isKink } = first(text, a);
    expect(isKink).toBe(false);
    expect(Math.abs(value - expected)).toBeLessThanOrEqual(4 * error + 1e-15 * Math.abs(expected));
    expect(error).toBeLessThanOrEqual(1e-5 * Math.max(1, Math.abs(expected)));
  });

  it.each([
    ["L = abs(a)", 0, true],
    ["L = relu(a - 1)", 1, true],
    ["L = maximum(a, 2 * a)", 0, true],
    ["L = abs(a)", 0.25, false],
    ["L = abs(a)", 1e-5, false],
    ["L = a * abs(a)", 0, false],
  ])("%s at %d is a kink: %s", (text, a, isKink) => {
    expect(first(text, a).isKink).toBe(isKink);
  });

  it("see beside a kink the slope on their side of it", () => {
    const { value, error } = first("L = abs(a)", 1e-5);
    expect(Math.abs(value - 1)).toBeLessThanOrEqual(4 * error);
    expect(error).toBeLessThan(1e-6);
  });

  it("take all entries of small models, and some of each parameter of large ones", () => {
    const small = parseModel("W = param(5, 4)\nb = param(3)\nL = sum(W.^2) + sum(b)");
    const point = { W: Array.from({ length: 5 }, () => [1, 2, 3, 4]), b: [1, 2, 3] };
    const all = differences(small, point).parameters;
    expect(all.map(({ total, positions }) => [total, positions.length])).toEqual([
      [20, 20],
      [3, 3],
    ]);
    const few = differences(small, point, { maxWork: 8000, seed: 2 }).parameters;
    expect(few.map(({ positions }) => positions.length)).toEqual([13, 3]);
    for (const [k, position] of few[0]!.positions.entries()) {
      const expected = 2 * ((position % 4) + 1);
      expect(few[0]!.differences[k]!.value).toBeCloseTo(expected, 8);
    }
    const again = differences(small, point, { maxWork: 8000, seed: 2 }).parameters;
    expect(again[0]!.positions).toEqual(few[0]!.positions);
    const least = differences(small, point, { maxWork: 1 }).parameters;
    expect(least.map(({ positions }) => positions.length)).toEqual([1, 1]);
  });
});
