/** Fixed point beside decimals of many more digits, which share nothing with it but the table's rows. */
import { Decimal } from "decimal.js";
import { Fraction } from "fraction.js";
import { describe, expect, it } from "vitest";
import { FixedPointError } from "../../src/expression/operations/fixed-point.js";
import { operations } from "../../src/expression/operations/index.js";
import { logBesideOnes, normOfSquares } from "../../src/expression/operations/lowered.js";
import { decimalArithmetic } from "../../src/numeric/decimal.js";
import { FIXED_ROUNDOFF, fixedArithmetic as fixed } from "../../src/numeric/fixed.js";
import { random } from "../../src/numeric/prng.js";

const decimals = decimalArithmetic(120);
const D = Decimal.clone({ precision: 120 });
const ONE = new D(fixed.double(1).toString());

/** Relative to the value. */
function error(value: bigint, right: Decimal): number {
  const difference = new D(value.toString()).div(ONE).minus(right.toString()).abs();
  return right.isZero() ? difference.toNumber() : difference.div(right.abs()).toNumber();
}

/** Undefined where there is none. */
function valueOf(compute: () => bigint): bigint | undefined {
  try {
    return compute();
  } catch (error) {
    expect(error).toBeInstanceOf(FixedPointError);
    return undefined;
  }
}

const ORDINARY = [-2.3, -0.7, -0.1, 0.2, 0.8, 1.9, 3.4];
const generator = random(3);
const OTHERS = [
  0, 1, -1, 1e-9, -1e-9, 1e-30, -38.7, 38.7, 0.1234567890123456, 96.5, -96.5, 98765.4,
];
const DRAWN = Array.from(
  { length: 40 },
  () => generator.between(-1, 1) * 10 ** generator.between(-8, 2),
);

const rows = [...operations.values(), normOfSquares, logBesideOnes].filter(
  ({ fixed, byOrder }) => fixed ?? byOrder,
);

describe.each(rows.map((row) => [row.name, row] as const))("%s", (_, row) => {
  const operands = (x: number): number[] => row.operands.map((_, place) => (place === 0 ? x : 1.7));

  it("has the value that it has in decimals, or none", () => {
    for (const x of [...ORDINARY, ...OTHERS, ...DRAWN]) {
      const values = operands(x);
      const value = valueOf(() =>
        fixed.apply(
          row,
          values.map((one) => fixed.double(one)),
        ),
      );
      const right = decimals.apply(
        row,
        values.map((one) => decimals.double(one)),
      );
      if (value === undefined) continue;
      expect(error(value, right), `${row.name}(${values.join(", ")})`).toBeLessThan(FIXED_ROUNDOFF);
    }
  });

  it("has one for ordinary numbers", () => {
    const inside = ORDINARY.filter((x) => Number.isFinite(row.value(...operands(x))));
    expect(inside.length).toBeGreaterThan(3);
    for (const x of inside) {
      expect(
        valueOf(() =>
          fixed.apply(
            row,
            operands(x).map((one) => fixed.double(one)),
          ),
        ),
      ).toBeDefined();
    }
  });
});

it("reads doubles as the decimals that they are written as, fractions and constants", () => {
  for (const x of [0.1, -2.5e-7, 123456.789, 1e22, 7, -3, 2 ** 70, ...DRAWN]) {
    expect(error(fixed.double(x), decimals.double(x)), `${x}`).toBeLessThan(FIXED_ROUNDOFF);
  }
  for (const text of ["1/3", "-22/7", "5"]) {
    const fraction = new Fraction(text);
    expect(error(fixed.exact(fraction), decimals.exact(fraction)), text).toBeLessThan(
      FIXED_ROUNDOFF,
    );
  }
  for (const name of ["pi", "e"] as const) {
    expect(error(fixed.constant(name), decimals.constant(name)), name).toBeLessThan(FIXED_ROUNDOFF);
  }
});

it("adds, multiplies and takes whole powers", () => {
  for (const [k, x] of DRAWN.entries()) {
    const y = DRAWN[(k + 7) % DRAWN.length]!;
    const [a, b] = [fixed.double(x), fixed.double(y)];
    const [c, d] = [decimals.double(x), decimals.double(y)];
    expect(error(fixed.add(a, b), decimals.add(c, d))).toBeLessThan(FIXED_ROUNDOFF);
    expect(error(fixed.multiply(a, b), decimals.multiply(c, d))).toBeLessThan(FIXED_ROUNDOFF);
    for (const exponent of [-3, -1, 0, 1, 2, 3, 4]) {
      const power = fixed.integerPower(a, exponent);
      expect(error(power, decimals.integerPower(c, exponent)), `${x}^${exponent}`).toBeLessThan(
        FIXED_ROUNDOFF,
      );
    }
  }
});

describe("has no value", () => {
  const [small, third] = [fixed.double(1e-30), fixed.exact(new Fraction("1/3"))];
  const apply = (name: string, ...args: bigint[]): bigint =>
    fixed.apply(operations.get(name)!, args);
  const [one, tiny] = [fixed.double(1), fixed.double(1e-40)];
  it.each<[string, () => bigint]>([
    [
      "for what rounding left of 0",
      () => fixed.add(fixed.multiply(third, fixed.double(3)), fixed.double(-1)),
    ],
    ["for products too near to 0", () => fixed.multiply(small, small)],
    [
      "for products that are 0 to all digits",
      () => fixed.multiply(fixed.multiply(tiny, fixed.double(0.01)), tiny),
    ],
    ["for decimals too near to 0", () => fixed.double(1e-50)],
    ["for fractions too near to 0", () => fixed.exact(new Fraction(1n, 10n ** 60n))],
    ["for large products", () => fixed.multiply(fixed.double(1e40), fixed.double(-1e40))],
    ["for large sums", () => fixed.add(fixed.double(1e60), fixed.double(1e60))],
    ["where 0 is divided by", () => fixed.integerPower(0n, -1)],
    ["for large exponentials", () => apply("exp", fixed.double(101))],
    ["for exponentials too near to 0", () => apply("exp", fixed.double(-99))],
    ["for the logarithm of 0", () => apply("log", 0n)],
    ["for the root of what is negative", () => apply("sqrt", -one)],
    [
      "for a comparison of what rounding may have told apart",
      () => apply("<", fixed.multiply(third, fixed.double(3)), one),
    ],
    ["for functions without one", () => apply("erf", one)],
  ])("%s", (_, compute) => {
    expect(compute).toThrow(FixedPointError);
  });
});

it("keeps 0, and ties", () => {
  expect(fixed.multiply(0n, fixed.double(5))).toBe(0n);
  expect(fixed.add(fixed.double(0.1), fixed.double(-0.1))).toBe(0n);
  expect(fixed.apply(operations.get("==")!, [fixed.double(2), fixed.double(2)])).toBe(
    fixed.double(1),
  );
  expect(fixed.larger(fixed.double(1), fixed.double(2))).toBe(fixed.double(2));
  expect(fixed.smaller(fixed.double(1), fixed.double(2))).toBe(fixed.double(1));
});
