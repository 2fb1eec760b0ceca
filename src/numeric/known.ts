/**
 * Doubles that know which rational number they are, as long as their computation stays within the
 * rational numbers: what tells 0.3 − 0.1 − 0.2, which is 0, from a number that was rounded.
 */
import { Fraction } from "fraction.js";
import type { Operation } from "../expression/operations/operation.js";
import { exactDecimal } from "../language/decimal.js";
import { type Arithmetic, doubleArithmetic, exactArithmetic } from "./arithmetic.js";
import { toNumber } from "./numbers.js";

export interface Known {
  /** The double nearest to the fraction where there is one. */
  readonly value: number;
  /** What the number is; left out where that is not known, or no fraction. */
  readonly fraction?: Fraction;
}

/** Fractions of longer numerators or denominators are given up: seven digits are shown. */
const LONGEST = 2n ** 256n;
/** How far an operand that is not known exactly is moved to see whether the result depends on it. */
const NUDGE = 1e-9;

/** A number that was computed as a double, and the fraction that it may be known to be. */
export function known(value: number, fraction: Fraction | undefined): Known {
  const isUsable = fraction !== undefined && fraction.n <= LONGEST && fraction.d <= LONGEST;
  // what overflows on the way is shown as it comes out
  return isUsable && Number.isFinite(value) ? { value: toNumber(fraction), fraction } : { value };
}

/** The number that a double is written as. */
function written(value: number): Fraction | undefined {
  return Number.isFinite(value) ? exactDecimal(String(value)) : undefined;
}

export const knownArithmetic: Arithmetic<Known> = {
  exact: (fraction) => known(toNumber(fraction), fraction),
  double: (value) => known(value, written(value)),
  constant: (name) => ({ value: doubleArithmetic.constant(name) }),
  add: (a, b) =>
    known(
      a.value + b.value,
      both(a, b, (x, y) => x.add(y)),
    ),
  multiply: (a, b) => {
    const isNothing = isZero(a) || isZero(b);
    const product = isNothing ? new Fraction(0) : both(a, b, (x, y) => x.mul(y));
    return known(a.value * b.value, product);
  },
  integerPower: (base, exponent) => {
    const { fraction } = base;
    const isDefined = fraction !== undefined && (exponent >= 0 || fraction.n !== 0n);
    const power = isDefined ? exactArithmetic.integerPower(fraction, exponent) : undefined;
    return known(base.value ** exponent, power);
  },
  apply: (operation, args) => {
    const value = operation.value(...args.map((one) => one.value));
    return known(value, applied(operation, args));
  },
  larger: (a, b) => (b.value > a.value ? b : a),
  smaller: (a, b) => (a.value > b.value ? b : a),
};

function both(
  a: Known,
  b: Known,
  compute: (a: Fraction, b: Fraction) => Fraction,
): Fraction | undefined {
  return a.fraction && b.fraction && compute(a.fraction, b.fraction);
}

function isZero({ fraction }: Known): boolean {
  return fraction?.n === 0n;
}

/**
 * The exact result of an operation. Where an operand is not known exactly, it is so only where the
 * operation is constant around it: a step, the relu of what is negative.
 */
function applied(operation: Operation, args: readonly Known[]): Fraction | undefined {
  if (!operation.exact || args.some(({ value }) => !Number.isFinite(value))) return undefined;
  const near = (relative: number): Fraction | undefined =>
    operation.exact?.(
      ...args.map(({ value, fraction }) => fraction ?? written(value * (1 + relative))!),
    );
  const at = near(NUDGE);
  if (args.every(({ fraction }) => fraction)) return at;
  const other = near(-NUDGE);
  return at && other?.equals(at) === true ? at : undefined;
}
