/** Exponentials and logarithms of decimals beside those of decimal.js, which share nothing with them. */
import { Decimal } from "decimal.js";
import { describe, expect, it } from "vitest";
import { expDecimal, lnDecimal } from "../../src/expression/operations/exponential.js";
import { tanhDecimal } from "../../src/expression/operations/special.js";
import { random } from "../../src/numeric/prng.js";

const RANGE = { minE: -9e15, maxE: 9e15 };

type Unary = (D: typeof Decimal, x: Decimal) => Decimal;

/** Units of the last digit that a function is off. */
function error(f: Unary, oracle: Unary, digits: number, x: string): number {
  const D = Decimal.clone({ precision: digits, ...RANGE });
  const Wide = Decimal.clone({ precision: digits + 25, ...RANGE });
  const own = f(D, new D(x));
  const right = oracle(Wide, new Wide(x));
  if (!right.isFinite() || right.isZero()) return own.eq(right) ? 0 : Infinity;
  const unit = new Wide(10).pow(right.e - digits + 1);
  return new Wide(own.toString()).minus(right).abs().div(unit).toNumber();
}

/** Numbers of all sizes that a function is asked for, of so many digits. */
function drawn(digits: number, seed: number, exponents: readonly [number, number]): string[] {
  const generator = random(seed);
  return Array.from({ length: 25 }, () => {
    const [low, high] = exponents;
    const exponent = low + Math.floor(generator.between(0, 1) * (high - low + 1));
    const mantissa = Array.from({ length: digits }, () => Math.floor(generator.between(0, 10)));
    return `${1 + Math.floor(generator.between(0, 9))}.${mantissa.join("")}e${exponent}`;
  });
}

describe.each([7, 40, 50, 120, 360])("with %i digits", (digits) => {
  it("e^x is right to the last digit, near 0, beyond what is computed here, and for both signs", () => {
    const numbers = drawn(digits, digits, [-30, 2]);
    const edges = ["0", "1", "99.9", "100", "1e-400", "0.000123"];
    for (const x of [...numbers, ...edges].flatMap((one) => [one, `-${one}`])) {
      expect(
        error(expDecimal, (D, one) => D.exp(one), digits, x),
        x,
      ).toBeLessThan(0.501);
    }
  });

  it("ln x is right to the last digit, beside 1 and for numbers of all sizes", () => {
    const numbers = drawn(digits, digits + 1, [-25, 25]);
    const edges = ["1", "2", "10", "0.5", "0.999", "0.9991", "1.001", "1.0011", "1e20", "1e-20"];
    for (const x of [...numbers, ...edges, `1.${"0".repeat(30)}1`]) {
      expect(
        error(lnDecimal, (D, one) => D.ln(one), digits, x),
        x,
      ).toBeLessThan(0.501);
    }
  });

  it("tanh x is right to the last digit, also where it is tiny", () => {
    const numbers = drawn(digits, digits + 2, [-30, 1]);
    const edges = ["0", "0.5", `1.23e-${digits}`, `4.5678e-${2 * digits}`, "1.23e-20000"];
    for (const x of [...numbers, ...edges].flatMap((one) => [one, `-${one}`])) {
      expect(
        error(tanhDecimal, (D, one) => D.tanh(one), digits, x),
        x,
      ).toBeLessThan(0.501);
    }
  });
});

it("e^x keeps its digits when there are thousands of them, as it says itself with more", () => {
  expect(error(expDecimal, expDecimal, 6000, "1.2345")).toBeLessThan(0.501);
});

it("what is no number, infinite or below 0 is left to decimal.js", () => {
  expect(expDecimal(Decimal, new Decimal(-Infinity)).toString()).toBe("0");
  expect(expDecimal(Decimal, new Decimal(Infinity)).toString()).toBe("Infinity");
  expect(expDecimal(Decimal, new Decimal(NaN)).toString()).toBe("NaN");
  expect(lnDecimal(Decimal, new Decimal(0)).toString()).toBe("-Infinity");
  expect(lnDecimal(Decimal, new Decimal(-1)).toString()).toBe("NaN");
  expect(tanhDecimal(Decimal, new Decimal(-Infinity)).toString()).toBe("-1");
});
