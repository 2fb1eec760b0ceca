/** Right gradients as programs print them are right, at all sizes; those that are wrong by a percent are not. */
import { backprop, check, parseModel, type Point, randomPoint } from "chainrule";
import { describe, expect, it, vi } from "vitest";
import { Company } from "../../src/check/claims/company.js";

const MODEL = parseModel(`
  N = size()
  X = input(N, 3)
  T = target(N, 2)
  C = input()
  W = param(3, 2)
  b = param(2)
  Y = tanh(X * W + b')
  L = C * sum((Y - T).^2) / (2 * N)`);

type Numbers = number | readonly Numbers[];

const each = (value: Numbers, change: (one: number) => number): Numbers =>
  typeof value === "number" ? change(value) : value.map((one) => each(one, change));

const significant = (digits: number) => (one: number) => Number(one.toPrecision(digits));
const decimals = (digits: number) => (one: number) => Number(one.toFixed(digits));
const upTo = (unit: number) => (one: number) => Math.round(one / unit) * unit;

/** The gradient at a random point, of a loss that is multiplied by a number. */
function printed(scale: number, seed: number, print: (one: number) => number, factor = 1) {
  const at: Point = { ...randomPoint(MODEL, { seed }), C: scale };
  const { gradients } = backprop(MODEL, at);
  const W = each(gradients["W"] as Numbers, (one) => print(factor * one));
  const b = each(gradients["b"] as Numbers, (one) => print(factor * one));
  return check(MODEL, { W, b }, { at });
}

describe.each([
  ["3 significant digits", significant(3), [1e-6, 2e3, 3e4, 1e12]],
  ["4 significant digits", significant(4), [1e-6, 2e3, 3e4, 1e12]],
  ["5 significant digits", significant(5), [1e-6, 3e5, 1e12]],
  ["2 decimals", decimals(2), [2e2, 1e7]],
  ["whole numbers", Math.round, [2e3, 1e7]],
  ["hundreds", upTo(100), [2e5, 3e6]],
  ["tens", upTo(10), [1e6, 2e9]],
  ["8 significant digits", significant(8), [1, 2e9]],
  ["4 significant digits, in singles", (one: number) => Math.fround(significant(4)(one)), [1, 2e9]],
  ["whole numbers, rounded down", Math.floor, [2e4, 3e5]],
  ["2 decimals, rounded down", (one: number) => Math.floor(100 * one) / 100, [3, 2e2]],
  ["1 decimal, rounded up", (one: number) => Math.ceil(10 * one) / 10, [2e2, 2e3]],
] as const)("gradients in %s", (_, print, scales) => {
  it.each(scales)("of size %d", (scale) => {
    for (const seed of [1, 2]) {
      const { ok, checks } = printed(scale, seed, print);
      expect(ok, `seed ${seed}: ${checks.map((one) => JSON.stringify(one)).join()}`).toBe(true);
    }
    for (const factor of [1.01, 0.99, 32 / 31]) {
      expect(printed(scale, 1, print, factor).ok, `times ${factor}`).toBe(false);
    }
  });
});

it("says on which side numbers lie that were rounded to one side", () => {
  const { checks } = printed(3, 1, (one) => Math.floor(100 * one) / 100);
  expect(checks.map(({ precision }) => precision)).toContain("2 decimals, rounded down");
});

it("reads the digits of claims once for all of them", () => {
  const claims = Array.from({ length: 20 }, (_, claim) => {
    const entries = Float64Array.from({ length: 100 }, (_, k) => decimals(4)(Math.sin(claim + k)));
    return { entries, isSingle: false };
  });
  const company = new Company(claims);
  const read = vi.spyOn(Float64Array.prototype, "filter");
  for (const one of claims) expect(company.precisionOf(one).text).toBe("4 decimals");
  // once for the digits of a claim, and a few times for what does not depend on the others
  expect(read.mock.calls.length).toBeLessThanOrEqual(4 * claims.length);
  read.mockRestore();
});
