import { Decimal } from "decimal.js";
import fc from "fast-check";
import { Fraction } from "fraction.js";
import { expect, it } from "vitest";
import {
  type Bounded,
  fromDecimal,
  fromDouble,
  order,
  product,
  quotient,
  type Scaled,
  scaled,
  sum,
  toDecimal,
  toNumber,
} from "../../src/numeric/scaled.js";

const PRECISION = 12;

/** Numbers of up to so many digits and spare ones, near to each other and far apart. */
const numbers: fc.Arbitrary<Scaled> = fc
  .record({
    digits: fc.bigInt({ min: -(10n ** 22n), max: 10n ** 22n }),
    exponent: fc.integer({ min: -60, max: 40 }),
  })
  .map(({ digits, exponent }) => scaled(digits, exponent));

const exactly = ({ digits, exponent }: Scaled): Fraction =>
  new Fraction(digits).mul(new Fraction(10).pow(exponent));

const distance = (a: Fraction, b: Fraction): Fraction => a.sub(b).abs();

it.each([
  ["sum", sum, (a: Fraction, b: Fraction) => a.add(b)],
  ["product", product, (a: Fraction, b: Fraction) => a.mul(b)],
  ["quotient", quotient, (a: Fraction, b: Fraction) => a.div(b)],
] as const)("%s: what is cut off is within the bound, and in the last digits", (_, ours, exact) => {
  fc.assert(
    fc.property(numbers, numbers, (a, b) => {
      fc.pre(b.digits !== 0n);
      const result: Bounded = ours(a, b, PRECISION);
      const off = distance(exact(exactly(a), exactly(b)), exactly(result));
      expect(off.valueOf()).toBeLessThanOrEqual(1.001 * 10 ** result.error);
      if (result.digits === 0n) return;
      expect(result.log).toBeCloseTo(Math.log10(exactly(result).abs().valueOf()), 9);
      // so many digits are right
      expect(result.error).toBeLessThan(result.log - PRECISION + 1.001);
    }),
    { seed: 30, numRuns: 1000 },
  );
});

it("keeps decimals and doubles as they are written", () => {
  const doubles = fc.double({ noNaN: true, noDefaultInfinity: true });
  fc.assert(
    fc.property(doubles, (value) => {
      const own = fromDouble(value);
      expect(toDecimal(Decimal, own).eq(new Decimal(value))).toBe(true);
      expect(toNumber(own)).toBe(value === 0 ? 0 : value);
      const again = fromDecimal(new Decimal(value));
      expect(order(own, again, 40)).toBe(0);
    }),
    { seed: 31, numRuns: 1000 },
  );
});

it("orders numbers, and what is not finite, as doubles do", () => {
  const values = [-Infinity, -1e300, -2, -1e-300, 0, 1e-300, 0.1, 2, Infinity];
  for (const a of values) {
    for (const b of values) {
      const expected = a === b && !Number.isFinite(a) ? NaN : Math.sign(a - b);
      expect(order(fromDouble(a), fromDouble(b), PRECISION)).toBe(expected);
    }
  }
});

it("has infinities and what is no number", () => {
  const [zero, one, infinite] = [0, 1, Infinity].map(fromDouble);
  expect(toNumber(quotient(one!, zero!, PRECISION))).toBe(Infinity);
  expect(quotient(one!, infinite!, PRECISION)).toMatchObject({ digits: 0n, log: -Infinity });
  expect(toNumber(sum(infinite!, one!, PRECISION))).toBe(Infinity);
  expect(toNumber(product(infinite!, zero!, PRECISION))).toBeNaN();
});
