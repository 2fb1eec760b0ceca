/** Exact rational numbers: what is done with them most often, without the cost of a general call. */
import { Fraction } from "fraction.js";

export const ZERO = new Fraction(0);
export const ONE = new Fraction(1);

export function isNought({ n }: Fraction): boolean {
  return n === 0n;
}

export function isUnit({ n, d, s }: Fraction): boolean {
  return n === 1n && d === 1n && s === 1n;
}

export function isMinusOne({ n, d, s }: Fraction): boolean {
  return n === 1n && d === 1n && s === -1n;
}

/** Whether it is 1 or −1. */
export function isSign({ n, d }: Fraction): boolean {
  return n === 1n && d === 1n;
}

export function areEqual(a: Fraction, b: Fraction): boolean {
  return a === b || (a.n === b.n && a.d === b.d && (a.s === b.s || a.n === 0n));
}

/** Without its sign. */
export function magnitude(value: Fraction): Fraction {
  return value.s < 0n ? value.abs() : value;
}

export function plus(a: Fraction, b: Fraction): Fraction {
  if (a === ZERO || isNought(a)) return b;
  return isNought(b) ? a : a.add(b);
}

export function times(a: Fraction, b: Fraction): Fraction {
  if (a === ONE || isUnit(a)) return b;
  return b === ONE || isUnit(b) ? a : a.mul(b);
}

/** Equal for equal numbers and only for them. */
export function keyOf({ n, d, s }: Fraction): string {
  const whole = s < 0n ? -n : n;
  return d === 1n ? String(whole) : `${whole}/${d}`;
}

const LOW_BITS = 30;

/** Equal for equal numbers, and seldom for others. */
export function hashRational({ n, d, s }: Fraction): number {
  const top = Number(BigInt.asUintN(LOW_BITS, n));
  if (n === 0n) return 0;
  const bottom = d === 1n ? 1 : Number(BigInt.asUintN(LOW_BITS, d));
  return (Math.imul(top, 31) + bottom) * (s < 0n ? -1 : 1);
}
