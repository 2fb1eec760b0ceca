/**
 * Running error analysis in decimals: numbers of many digits that know how far they may be from the
 * true value. Where `rounding.ts` says what doubles can be trusted for, this decides whether two
 * formulas agree: they do where they differ by no more than their bounds.
 */
import type { Decimal } from "decimal.js";
import type { Operation } from "../expression/operations/operation.js";
import type { Arithmetic } from "./arithmetic.js";
import { decimalArithmetic } from "./decimal.js";
import { isAtKink, isJump } from "./rounding.js";

/** A decimal and a bound of its distance from the true value. */
export interface Bounded {
  readonly value: Decimal;
  /** log₁₀ of the bound, rounded up; −∞ for a value that is exact. As a double it costs little. */
  readonly error: number;
}

/** The bound of what is exact. */
const NONE = -Infinity;
/** Library functions are good to this many units of the last place. */
const FUNCTION_ULPS = 4;
/** What logarithms in doubles may miss, in themselves and for each unit of their size. */
const SLACK = 1e-9;
const RELATIVE_SLACK = 2 ** -50;
/** The base of the words that decimal.js keeps digits in. */
const WORD = 1e7;
const WORD_DIGITS = 7;

/** @param digits significant digits of every operation */
export function boundedArithmetic(digits: number): Arithmetic<Bounded> {
  const plain = decimalArithmetic(digits);
  const ulp = 1 - digits;

  const bounded = (value: Decimal, inherited: number, ulps = 1): Bounded => {
    const own = logAbove(value) + Math.log10(ulps) + ulp;
    return { value, error: logSum(inherited, own) };
  };

  const isKept = (count: number): boolean => count <= digits;

  return {
    exact: (fraction) => {
      const value = plain.exact(fraction);
      return fraction.d === 1n ? { value, error: NONE } : bounded(value, NONE);
    },
    double: (value) => ({ value: plain.double(value), error: NONE }),
    constant: (name) => bounded(plain.constant(name), NONE),
    add: (a, b) => {
      const value = plain.add(a.value, b.value);
      const inherited = logSum(a.error, b.error);
      if (isKept(digitsOfSum(a.value, b.value))) return { value, error: inherited };
      return bounded(value, inherited);
    },
    // |a·b − âb̂| ≤ |â|·e_b + |b̂|·e_a + e_a·e_b
    multiply: (a, b) => {
      const [x, y] = [logAbove(a.value), logAbove(b.value)];
      const inherited = logSum(logProduct(x, b.error), logProduct(logSum(y, b.error), a.error));
      const value = plain.multiply(a.value, b.value);
      if (isKept(digitsOf(a.value) + digitsOf(b.value))) return { value, error: inherited };
      return bounded(value, inherited);
    },
    integerPower: (base, exponent) => {
      const value = plain.integerPower(base.value, exponent);
      return bounded(value, powerError(base, exponent), Math.abs(exponent) + FUNCTION_ULPS);
    },
    apply: (operation, args) => {
      const values = args.map(({ value }) => value);
      const value = plain.apply(operation, values);
      let inherited = NONE;
      for (const [position, { value: x, error }] of args.entries()) {
        if (error === NONE) continue;
        const along = (moved: Decimal): Decimal =>
          plain.apply(operation, values.with(position, moved));
        const slope = operation.costly ? steepness(operation, values, position) : undefined;
        const more = slope === undefined ? change(along, x, error) : error + Math.log10(slope);
        inherited = logSum(inherited, more);
      }
      if (inherited > NONE && isJump(operation)) {
        const numbers = values.map((one) => one.toNumber());
        return { value, error: isAtKink(operation, numbers) ? NONE : inherited };
      }
      return bounded(value, inherited, FUNCTION_ULPS);
    },
    larger: (a, b) => (b.value.gt(a.value) ? b : a),
    smaller: (a, b) => (a.value.gt(b.value) ? b : a),
  };
}

/** How many significant digits hold: none of what may be 0, all of what is exact or not finite. */
export function knownDigits({ value, error }: Bounded): number {
  if (error === NONE || !value.isFinite()) return Infinity;
  return Math.max(0, Math.floor(logBelow(value) - error));
}

/** No fewer than the significant digits of a number. */
function digitsOf(x: Decimal): number {
  return x.isFinite() ? WORD_DIGITS * x.d.length : Infinity;
}

/** No fewer than the significant digits of a sum, before it is rounded. */
function digitsOfSum(a: Decimal, b: Decimal): number {
  const last = Math.min(a.e - digitsOf(a), b.e - digitsOf(b));
  return Math.max(a.e, b.e) + 1 - last;
}

/** log₁₀|x|, never too small; ∞ for what is no finite number. */
export function logAbove(x: Decimal): number {
  return x.isFinite() ? logLeading(x, 1) : Infinity;
}

/** log₁₀|x|, never too large. */
export function logBelow(x: Decimal): number {
  return x.isFinite() ? logLeading(x, 0) - slackOf(x.e) : NONE;
}

/** @param beyond what the digits after the first two words are taken for, in units of the second */
function logLeading({ d, e }: Decimal, beyond: 0 | 1): number {
  const first = d[0]!;
  if (first === 0) return -Infinity;
  const log = Math.log10(first + ((d[1] ?? 0) + beyond) / WORD);
  return e - Math.floor(Math.log10(first)) + log;
}

function slackOf(log: number): number {
  return SLACK + RELATIVE_SLACK * Math.abs(log);
}

/** log₁₀(10^a + 10^b), rounded up. */
export function logSum(a: number, b: number): number {
  const [high, low] = a > b ? [a, b] : [b, a];
  if (Number.isNaN(high + low) || high === Infinity) return Infinity;
  if (high === -Infinity) return high;
  return high + Math.log10(1 + 10 ** (low - high)) + slackOf(high);
}

/** log₁₀(10^a · 10^b), where nothing times anything is nothing. */
function logProduct(a: number, b: number): number {
  return a === -Infinity || b === -Infinity ? -Infinity : a + b;
}

/** |(x̂ ± e)^n − x̂^n| ≤ |n|·e·(|x̂| ± e)^(n − 1), with + for n > 0: the mean value theorem. */
function powerError({ value, error }: Bounded, exponent: number): number {
  if (error === NONE) return NONE;
  const times = Math.log10(Math.abs(exponent)) + error;
  if (exponent > 0) return times + (exponent - 1) * logSum(logAbove(value), error);
  const least = logBelow(value);
  if (!(least > error)) return Infinity;
  const reach = least + Math.log10(1 - 10 ** (error - least)) - slackOf(least);
  return times + (exponent - 1) * reach;
}

/** How much a function changes when its argument does. */
function change(f: (x: Decimal) => Decimal, x: Decimal, error: number): number {
  if (error === Infinity) return error;
  const whole = Math.floor(error);
  const reach = `${(10 ** (error - whole) * (1 + 2 * SLACK)).toFixed(12)}e${whole}`;
  const here = f(x);
  const changes = [x.plus(reach), x.minus(reach)].map((moved) => logAbove(f(moved).minus(here)));
  return Math.max(...changes);
}

/** How far a slope is measured, relative, and what the measurement may miss. */
const STEP = 2 ** -20;
const SAFETY = 2;

/**
 * A bound of a smooth function's slope, in doubles, since functions of many digits are slow;
 * undefined where doubles do not reach.
 */
function steepness(
  operation: Operation,
  values: readonly Decimal[],
  position: number,
): number | undefined {
  const numbers = values.map((one) => one.toNumber());
  const x = numbers[position]!;
  const reach = STEP * Math.max(1, Math.abs(x));
  const [below, above] = [x - reach, x + reach].map((moved) =>
    operation.value(...numbers.with(position, moved)),
  );
  const slope = (SAFETY * Math.abs(above! - below!)) / (2 * reach);
  const floor = Number.EPSILON * Math.abs(above!);
  return Number.isFinite(slope) && slope > floor ? slope : undefined;
}
