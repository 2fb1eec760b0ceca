import { Fraction } from "fraction.js";
import { describe, expect, it } from "vitest";
import { rationalPower } from "../../src/expression/operations/special.js";

describe("rationalPower", () => {
  const half = new Fraction(1, 2);

  it("finds roots of long fractions, and that there is none", () => {
    const long = new Fraction(12345678901234567890123456789n, 98765432109876543210987654321n);
    expect(rationalPower(long.mul(long), half)!.equals(long)).toBe(true);
    expect(rationalPower(long, half)).toBeUndefined();
    expect(rationalPower(long.mul(long).add(new Fraction(1n, 10n ** 60n)), half)).toBeUndefined();
  });

  it("takes any rational exponent", () => {
    const cases: [string, string, string | undefined][] = [
      ["8/27", "2/3", "4/9"],
      ["8/27", "-1/3", "3/2"],
      ["0", "1/2", "0"],
      ["1", "1/5", "1"],
      ["2", "1/2", undefined],
      ["-8", "1/3", undefined],
      ["-2/3", "3", "-8/27"],
    ];
    for (const [base, exponent, expected] of cases) {
      const power = rationalPower(new Fraction(base), new Fraction(exponent));
      expect(power?.toFraction(), `${base}^${exponent}`).toBe(expected);
    }
  });
});
