/** Numbers of ordinary size in fixed point: some 75 decimals, for a fraction of the time of decimals that float. */
import { FixedPoint, FixedPointError } from "../expression/operations/fixed-point.js";
import type { Order } from "../expression/operations/operation.js";
import { readDecimal } from "../language/decimal.js";
import type { Arithmetic } from "./arithmetic.js";

const BITS = 256;
const SQUARINGS = 12;
/** What is smaller and not 0 has too few digits, or is what rounding left of 0. */
const LEAST_BITS = 140;
/** What is larger has more bits than it needs, and in the end no double. */
const MOST_BITS = 200;
/** An operation is off by at most 2^−240, of what is 2^−140 at least; relative. */
export const FIXED_ROUNDOFF = 2 ** -100;

const fixed = new FixedPoint(BITS, SQUARINGS);
const least = fixed.one >> BigInt(LEAST_BITS);
const most = fixed.one << BigInt(MOST_BITS);

function ofOrdinarySize(value: bigint): bigint {
  const isOther = value >= least ? value > most : value > -least ? value !== 0n : value < -most;
  if (isOther) throw new FixedPointError("a number too near to 0, or too far from it");
  return value;
}

/** Every operation throws FixedPointError where the value is none, or not of ordinary size. */
export const fixedArithmetic: Arithmetic<bigint> = {
  exact: ({ s, n, d }) => ofOrdinarySize(fixed.divide(s * n, d)),
  double: (value) => {
    if (Number.isSafeInteger(value)) return BigInt(value) * fixed.one;
    const { digits, shift } = readDecimal(String(value));
    return ofOrdinarySize(fixed.decimal(digits, shift));
  },
  constant: (name) => (name === "pi" ? fixed.pi : fixed.exp(fixed.one)),
  add: (a, b) => ofOrdinarySize(a + b),
  multiply,
  integerPower: (base, exponent) =>
    exponent < 0
      ? ofOrdinarySize(fixed.divide(fixed.one, power(base, -exponent)))
      : power(base, exponent),
  apply: (operation, args) => {
    const { byOrder } = operation;
    if (byOrder) return BigInt(byOrder(orderOf(args))) * fixed.one;
    if (!operation.fixed) throw new FixedPointError(`${operation.name} in fixed point`);
    return ofOrdinarySize(operation.fixed(fixed, ...args));
  },
  larger: (a, b) => (b > a ? b : a),
  smaller: (a, b) => (a > b ? b : a),
};

function multiply(a: bigint, b: bigint): bigint {
  if (a === 0n || b === 0n) return 0n;
  const product = fixed.multiply(a, b);
  if (product === 0n) throw new FixedPointError("a number too near to 0");
  return ofOrdinarySize(product);
}

/** By squaring. */
function power(base: bigint, exponent: number): bigint {
  if (exponent <= 1) return exponent === 1 ? base : fixed.one;
  const half = power(base, Math.floor(exponent / 2));
  const even = multiply(half, half);
  return exponent % 2 === 1 ? multiply(even, base) : even;
}

/** How an operand compares with the second one, or with 0. */
function orderOf([a, b = 0n]: readonly bigint[]): Order {
  const difference = ofOrdinarySize(a! - b);
  return difference > 0n ? 1 : difference < 0n ? -1 : 0;
}

/** The nearest double. */
export function fixedToNumber(value: bigint): number {
  return fixed.number(value);
}
