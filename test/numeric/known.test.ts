import { Fraction } from "fraction.js";
import { describe, expect, it } from "vitest";
import { operations } from "../../src/expression/operations/index.js";
import { type Known, known, knownArithmetic } from "../../src/numeric/known.js";
import { numberLatex } from "../../src/render/formula/numbers.js";

const { add, apply, double, exact, integerPower, multiply } = knownArithmetic;
const tanh = (x: Known): Known => apply(operations.get("tanh")!, [x]);

describe("numbers that are known exactly", () => {
  it("are what decimals add up to, and not what doubles do", () => {
    const sum = add(add(double(0.3), double(-0.1)), double(-0.2));
    expect(0.3 - 0.1 - 0.2).not.toBe(0);
    expect(sum).toEqual({ value: 0, fraction: new Fraction(0) });
    const product = multiply(double(0.1), integerPower(double(3), -1));
    expect(product.fraction).toEqual(new Fraction(1, 30));
  });

  it("end where the rational numbers do, but for what is multiplied by 0", () => {
    const irrational = tanh(double(20));
    expect(irrational).toEqual({ value: 1 });
    expect(add(irrational, double(1))).toEqual({ value: 2 });
    expect(multiply(double(0), irrational).fraction).toEqual(new Fraction(0));
    expect(tanh(double(0)).fraction).toEqual(new Fraction(0));
    expect(integerPower(double(0), -1)).toEqual({ value: Infinity });
  });

  it("end where fractions take long to reduce", () => {
    const seventeen = double(0.12345678901234568);
    const powers = Array.from({ length: 20 }, (_, k) => integerPower(seventeen, k + 1));
    const bits = powers.flatMap(({ fraction }) => fraction?.d.toString(2).length ?? []);
    expect(Math.max(...bits)).toBeLessThanOrEqual(257);
    expect(bits.length).toBeGreaterThanOrEqual(3);
    expect(powers[19]!.value).toBeCloseTo(0.12345678901234568 ** 20, 30);
  });

  it("come back where an operation is constant around what is not known", () => {
    const [above, below] = [tanh(double(1)), tanh(double(-1))];
    const relu = operations.get("relu")!;
    expect(apply(relu, [below]).fraction).toEqual(new Fraction(0));
    expect(apply(relu, [above]).fraction).toBeUndefined();
    const greater = operations.get(">")!;
    expect(apply(greater, [above, double(0)]).fraction).toEqual(new Fraction(1));
    expect(apply(greater, [double(0), above]).fraction).toEqual(new Fraction(0));
  });
});

describe("a number in a line", () => {
  const isRounded = (one: Known): boolean => numberLatex(one).isRounded;

  it("is exact if it has no more digits than are shown, however it was computed", () => {
    expect(isRounded(double(7.93))).toBe(false);
    expect(isRounded(known(7.929999999999999, new Fraction(793, 100)))).toBe(false);
    expect(isRounded(known(0.1 + 2e-14, new Fraction(1, 10)))).toBe(false);
    expect(isRounded(exact(new Fraction(1, 3)))).toBe(true);
    expect(isRounded(double(1.23456789))).toBe(true);
    expect(isRounded(double(1e-20))).toBe(false);
  });

  it("is rounded where nothing is known of it, even if its double is short", () => {
    expect(isRounded({ value: 1 })).toBe(true);
    expect(isRounded({ value: Infinity })).toBe(false);
  });
});
