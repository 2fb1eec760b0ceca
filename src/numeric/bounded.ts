/**
 * Running error analysis in decimals: numbers of many digits that know how far they may be from the
 * true value. Where `rounding.ts` says what doubles can be trusted for, this decides whether two
 * formulas agree: they do where they differ by no more than their bounds.
 */
import { Decimal } from "decimal.js";
import type { Operation } from "../expression/operations/operation.js";
import type { Arithmetic } from "./arithmetic.js";
import { decimalArithmetic } from "./decimal.js";
import { isAtKink, isJump } from "./rounding.js";

/** A decimal and a bound of its distance from the true value. */
export interface Bounded {
  readonly value: Decimal;
  readonly error: Decimal;
}

/** Bounds are rounded up, and need few digits. */
const Bound = Decimal.clone({
  precision: 6,
  rounding: Decimal.ROUND_UP,
  minE: -9e15,
  maxE: 9e15,
});
const NONE = new Bound(0);

/** Library functions are good to this many units of the last place. */
const FUNCTION_ULPS = 4;

/** @param digits significant digits of every operation */
export function boundedArithmetic(digits: number): Arithmetic<Bounded> {
  const plain = decimalArithmetic(digits);
  const ulp = new Bound(10).pow(1 - digits);

  const bounded = (value: Decimal, inherited: Decimal, ulps = 1): Bounded => ({
    value,
    error: inherited.plus(new Bound(value).abs().times(ulp).times(ulps)),
  });

  /** How much a function changes when its argument does. */
  const change = (f: (x: Decimal) => Decimal, x: Decimal, error: Decimal): Decimal => {
    if (error.isZero()) return NONE;
    const here = f(x);
    const changes = [x.plus(error), x.minus(error)].map((moved) => f(moved).minus(here).abs());
    const most = Decimal.max(...changes);
    return most.isNaN() ? new Bound(Infinity) : new Bound(most);
  };

  return {
    exact: (fraction) => {
      const value = plain.exact(fraction);
      return fraction.d === 1n ? { value, error: NONE } : bounded(value, NONE);
    },
    double: (value) => ({ value: plain.double(value), error: NONE }),
    constant: (name) => bounded(plain.constant(name), NONE),
    add: (a, b) => bounded(plain.add(a.value, b.value), a.error.plus(b.error)),
    // |a·b − âb̂| ≤ |â|·e_b + |b̂|·e_a + e_a·e_b
    multiply: (a, b) => {
      const [x, y] = [new Bound(a.value).abs(), new Bound(b.value).abs()];
      const inherited = x.times(b.error).plus(y.plus(b.error).times(a.error));
      return bounded(plain.multiply(a.value, b.value), inherited);
    },
    integerPower: (base, exponent) => {
      const { value: x, error } = base;
      const value = plain.integerPower(x, exponent);
      const reaches = exponent < 0 && x.abs().lte(error);
      const inherited = reaches
        ? new Bound(Infinity)
        : change((one) => plain.integerPower(one, exponent), x, error);
      return bounded(value, inherited, Math.abs(exponent) + FUNCTION_ULPS);
    },
    apply: (operation, args) => {
      const values = args.map(({ value }) => value);
      const value = plain.apply(operation, values);
      let inherited: Decimal = NONE;
      for (const [position, { value: x, error }] of args.entries()) {
        const along = (moved: Decimal): Decimal =>
          plain.apply(operation, values.with(position, moved));
        const slope = operation.costly ? steepness(operation, values, position) : undefined;
        const more = slope === undefined ? change(along, x, error) : error.times(slope);
        inherited = inherited.plus(more);
      }
      if (inherited.gt(0) && isJump(operation)) {
        const numbers = values.map((one) => one.toNumber());
        return { value, error: isAtKink(operation, numbers) ? NONE : inherited };
      }
      return bounded(value, inherited, FUNCTION_ULPS);
    },
    larger: (a, b) => (b.value.gt(a.value) ? b : a),
    smaller: (a, b) => (a.value.gt(b.value) ? b : a),
  };
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
