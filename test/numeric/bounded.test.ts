import fc from "fast-check";
import { Decimal } from "decimal.js";
import { Fraction } from "fraction.js";
import { expect, it } from "vitest";
import { boundedArithmetic } from "../../src/numeric/bounded.js";
import { type Bounded, scaled, toDecimal } from "../../src/numeric/scaled.js";

// Few digits, so that every operation rounds.
const arithmetic = boundedArithmetic(8);

const fraction = (value: Decimal): Fraction => new Fraction(value.toFixed());

/** A short decimal with a bound that may be far larger than it. */
const numbers: fc.Arbitrary<Bounded> = fc
  .record({
    mantissa: fc.integer({ min: -(10 ** 7), max: 10 ** 7 }),
    error: fc.integer({ min: 0, max: 10 ** 4 }),
    power: fc.integer({ min: -9, max: 3 }),
  })
  .map(({ mantissa, error, power }) => ({
    ...scaled(BigInt(mantissa), -4),
    error: Math.log10(error) + power,
  }));

/** Both ends of the interval that a number stands for, exactly. */
function ends(one: Bounded): Fraction[] {
  const value = fraction(toDecimal(Decimal, one));
  const reach = fraction(new Decimal(10 ** one.error));
  return [value.sub(reach), value.add(reach)];
}

it.each([
  ["add", (a: Fraction, b: Fraction) => a.add(b)],
  ["multiply", (a: Fraction, b: Fraction) => a.mul(b)],
] as const)("%s: the bound holds what exact intervals do", (name, exact) => {
  fc.assert(
    fc.property(numbers, numbers, (a, b) => {
      const [low, high] = ends(arithmetic[name](a, b));
      // both are monotonic in each operand: the extremes are at the corners
      for (const x of ends(a)) {
        for (const y of ends(b)) {
          const corner = exact(x, y);
          expect(corner.gte(low!)).toBe(true);
          expect(corner.lte(high!)).toBe(true);
        }
      }
    }),
    { seed: 20, numRuns: 500 },
  );
});

it.each([-3, -2, -1, 2, 3, 5])(
  "power %i: the bound holds both ends of the interval",
  (exponent) => {
    fc.assert(
      fc.property(numbers, (base) => {
        const ranges = ends(base);
        const holdsZero = ranges[0]!.lte(0) && ranges[1]!.gte(0);
        const power = arithmetic.integerPower(base, exponent);
        if (exponent < 0 && (holdsZero || base.digits === 0n)) {
          expect(power.error).toBe(Infinity);
          return;
        }
        if (power.error === Infinity) return;
        const [low, high] = ends(power);
        for (const x of ranges) {
          expect(x.pow(exponent).gte(low!)).toBe(true);
          expect(x.pow(exponent).lte(high!)).toBe(true);
        }
      }),
      { seed: 21, numRuns: 300 },
    );
  },
);
