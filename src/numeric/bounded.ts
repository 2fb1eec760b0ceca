/**
 * Running error analysis in decimals: numbers of many digits that know how far they may be from the
 * true value. Where `rounding.ts` says what doubles can be trusted for, this decides whether two
 * formulas agree: they do where they differ by no more than their bounds.
 */
import type { Operation } from "../expression/operations/operation.js";
import type { Arithmetic } from "./arithmetic.js";
import { decimalsOf } from "./decimal.js";
import { isAtKink, isJump } from "./rounding.js";
import {
  type Bounded,
  fromDecimal,
  fromDouble,
  fromFraction,
  isFinite,
  logSum,
  NONE,
  negative,
  order,
  product,
  quotient,
  type Scaled,
  scaled,
  SLACK,
  slackOf,
  sum,
  toDecimal,
  toNumber,
  within,
} from "./scaled.js";

/** Library functions are good to this many units of the last place. */
const FUNCTION_ULPS = 4;

/** @param digits significant digits of every operation */
export function boundedArithmetic(digits: number): Arithmetic<Bounded> {
  const D = decimalsOf(digits);
  const ulp = 1 - digits;

  const applied = (operation: Operation, args: readonly Scaled[]): Scaled =>
    fromDecimal(operation.decimal(D, ...args.map((one) => toDecimal(D, one))));

  /** With an error of some units of the last place beside that of the operands. */
  const rounded = (value: Scaled, inherited: number, ulps: number): Bounded => {
    const own = logAbove(value) + Math.log10(ulps) + ulp;
    return within(value, logSum(inherited, own));
  };

  const power = (base: Scaled, exponent: number): Scaled => {
    if (exponent < 0) return quotient(one, power(base, -exponent), digits);
    if (exponent <= 1) return exponent === 1 ? base : one;
    const half = power(base, Math.floor(exponent / 2));
    const even = product(half, half, digits);
    return exponent % 2 === 1 ? product(even, base, digits) : even;
  };

  return {
    exact: (fraction) => fromFraction(fraction, digits),
    double: (value) => within(fromDouble(value), NONE),
    constant: (name) => rounded(fromDecimal(name === "pi" ? D.acos(-1) : D.exp(1)), NONE, 1),
    add: (a, b) => sum(a, b, digits, logSum(a.error, b.error)),
    // |a·b − âb̂| ≤ |â|·e_b + |b̂|·e_a + e_a·e_b
    multiply: (a, b) => {
      const [x, y] = [logAbove(a), logAbove(b)];
      const inherited = logSum(logProduct(x, b.error), logProduct(logSum(y, b.error), a.error));
      return product(a, b, digits, inherited);
    },
    integerPower: (base, exponent) =>
      rounded(
        power(base, exponent),
        powerError(base, exponent),
        Math.abs(exponent) + FUNCTION_ULPS,
      ),
    apply: (operation, args) => {
      const value = applied(operation, args);
      let inherited = NONE;
      for (const [position, x] of args.entries()) {
        if (x.error === NONE) continue;
        const along = (moved: Scaled): Scaled =>
          applied(operation, (args as readonly Scaled[]).with(position, moved));
        const slope = operation.costly
          ? steepness(operation, args.map(toNumber), position)
          : undefined;
        const more = slope === undefined ? change(along, x, digits) : x.error + Math.log10(slope);
        inherited = logSum(inherited, more);
      }
      if (inherited > NONE && isJump(operation))
        return within(value, isAtKink(operation, args.map(toNumber)) ? NONE : inherited);
      return rounded(value, inherited, FUNCTION_ULPS);
    },
    larger: (a, b) => (order(b, a, digits) > 0 ? b : a),
    smaller: (a, b) => (order(a, b, digits) > 0 ? b : a),
  };
}

const one = scaled(1n, 0);

/** How many significant digits hold: none of what may be 0, all of what is exact or not finite. */
export function knownDigits(one: Bounded): number {
  if (one.error === NONE || !isFinite(one)) return Infinity;
  return Math.max(0, Math.floor(logBelow(one) - one.error));
}

/** log₁₀|x|, never too small; ∞ for what is no finite number. */
function logAbove({ log }: Scaled): number {
  return log + slackOf(log);
}

/** log₁₀|x|, never too large. */
export function logBelow(x: Scaled): number {
  return isFinite(x) ? x.log - slackOf(x.log) : NONE;
}

/** log₁₀(10^a · 10^b), where nothing times anything is nothing. */
function logProduct(a: number, b: number): number {
  return a === -Infinity || b === -Infinity ? -Infinity : a + b;
}

/** |(x̂ ± e)^n − x̂^n| ≤ |n|·e·(|x̂| ± e)^(n − 1), with + for n > 0: the mean value theorem. */
function powerError(base: Bounded, exponent: number): number {
  const { error } = base;
  if (error === NONE) return NONE;
  const times = Math.log10(Math.abs(exponent)) + error;
  if (exponent > 0) return times + (exponent - 1) * logSum(logAbove(base), error);
  const least = logBelow(base);
  if (!(least > error)) return Infinity;
  const reach = least + Math.log10(1 - 10 ** (error - least)) - slackOf(least);
  return times + (exponent - 1) * reach;
}

/** How much a function changes when its argument does. */
function change(f: (x: Scaled) => Scaled, x: Bounded, digits: number): number {
  if (x.error === Infinity) return x.error;
  const reach = powerAbove(x.error);
  const here = negative(f(x));
  const changes = [reach, negative(reach)].map((step) =>
    logAbove(sum(f(sum(x, step, digits)), here, digits)),
  );
  return Math.max(...changes);
}

/** Digits of a bound that is added to a number. */
const BOUND_DIGITS = 12;

/** 10^log, or a little more. */
function powerAbove(log: number): Scaled {
  const whole = Math.floor(log);
  const digits = Math.ceil(10 ** (log - whole + BOUND_DIGITS) * (1 + 2 * SLACK));
  return scaled(BigInt(digits), whole - BOUND_DIGITS);
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
  numbers: readonly number[],
  position: number,
): number | undefined {
  const x = numbers[position]!;
  const reach = STEP * Math.max(1, Math.abs(x));
  const [below, above] = [x - reach, x + reach].map((moved) =>
    operation.value(...numbers.with(position, moved)),
  );
  const slope = (SAFETY * Math.abs(above! - below!)) / (2 * reach);
  const floor = Number.EPSILON * Math.abs(above!);
  return Number.isFinite(slope) && slope > floor ? slope : undefined;
}
