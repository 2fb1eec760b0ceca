import { backprop, check, parseModel, type Point } from "chainrule";
import { describe, expect, it } from "vitest";

describe("Whole numbers of few significant digits", () => {
  const model = parseModel(`m = size()
    X = input(m, 2)
    y = target(m)
    w = param(2)
    b = param()
    h = X * w + b
    L = sum((h - y).^2) / (2 * m) + 5 * sum(w.^2) / m`);
  const at: Point = {
    X: [[2104, 3], [1600, 3], [2400, 3], [1416, 2], [3000, 4], [1985, 4]], // prettier-ignore
    y: [399900, 329900, 369000, 232000, 539900, 299900],
    w: [110.5, -2300],
    b: 42000,
  };
  // derivatives of -217941412.75, -324953 and -96749.58
  const { w, b } = backprop(model, at).gradients as { w: number[]; b: number };
  const to = (digits: number, factor = 1) => ({
    w: w.map((one) => Number((factor * one).toPrecision(digits))),
    b: Number((factor * b).toPrecision(digits)),
  });

  it.each([3, 4, 5])("are read as rounded to %i", (digits) => {
    const { ok, checks } = check(model, to(digits), { at });
    expect(ok).toBe(true);
    expect(checks[0]!.digitsExpected).toBeLessThanOrEqual(digits);
  });

  it.each([3, 4, 5])("are refused where they differ in digits that were kept, of %i", (digits) => {
    expect(check(model, to(digits, 1 + 1.1 * 10 ** (1 - digits)), { at }).ok).toBe(false);
  });

  it("are exact where their zeros may be a chance", () => {
    const linear = parseModel("x = input(2)\nw = param(2)\nL = dot(w, x) + 0 * sum(w.^2)");
    const given = { x: [12000, 3400], w: [1, 2] };
    expect(check(linear, { w: [12000, 3400] }, { at: given }).ok).toBe(true);
    expect(check(linear, { w: [12000, 3401] }, { at: given }).ok).toBe(false);
  });

  it("are exact where a mistake explains them to all digits", () => {
    const penalized = parseModel(`N = size()
      X = input(N, 2)
      y = target(N)
      w = param(2)
      b = param()
      lambda = input()
      r = X * w + b - y
      L = sum(r.^2) / 2 + lambda / 2 * sum(w.^2)`);
    const houses: Point = {
      X: [[1200, 3], [1500, 4], [2000, 5], [1800, 4], [900, 2]], // prettier-ignore
      y: [250000, 310000, 420000, 390000, 180000],
      w: [150, 10000],
      b: 5000,
      lambda: 0.04,
    };
    const { gradients } = backprop(penalized, { ...houses, lambda: 0 });
    const { ok, checks } = check(penalized, gradients, { at: houses });
    expect(ok).toBe(false);
    const [w] = checks.filter((one) => !one.ok);
    expect(w!.diagnosis.map(({ cause, text }) => [cause, text])).toEqual([
      ["missing-term", "dw is the right gradient with one term left out: add lambda * w"],
    ]);
  });

  it("are no differences of the loss where one entry alone backs the step", () => {
    const linear = parseModel(`N = size()
      X = input(N, 3)
      y = target(N)
      w = param(3)
      b = param()
      L = mean((X * w + b - y).^2)`);
    const refused = Array.from({ length: 12 }, (_, k) => 100 + 5 * k).filter((perArea) => {
      const houses: Point = {
        X: [[2110, 3, 45], [1420, 2, 40], [1530, 3, 30], [860, 2, 36], [2450, 4, 12]], // prettier-ignore
        y: [460000, 230000, 315000, 180000, 510000],
        w: [perArea, 5000, -300],
        b: 15000,
      };
      const { w, b } = backprop(linear, houses).gradients as { w: number[]; b: number };
      const printed = (one: number): number => Number(one.toPrecision(4));
      const given = { w: w.map(printed), b: printed(b) };
      expect(check(linear, { ...given, b: 1.01 * given.b }, { at: houses }).ok).toBe(false);
      return !check(linear, given, { at: houses }).ok;
    });
    expect(refused).toEqual([]);
  });
});
