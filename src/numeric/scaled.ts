/**
 * Decimals whose digits are one whole number. V8 computes with these in code of its own; the loops of decimal.js
 * over words have to be compiled first, which a short run does not come to.
 */
import type { Decimal } from "decimal.js";
import type { Fraction } from "fraction.js";

/** digits · 10^exponent; what is not finite stands in the exponent. */
export interface Scaled {
  readonly digits: bigint;
  readonly exponent: number;
  /** log₁₀ of its absolute value, within some roundings of doubles; −∞ for 0, ∞ for what is no finite number. */
  readonly log: number;
}

/** A number beside the exact one. */
export interface Bounded extends Scaled {
  /** log₁₀ of a bound of the distance between them; −∞ where there is none. As a double it costs little. */
  readonly error: number;
}

/** The bound of what is exact. */
export const NONE = -Infinity;
/** Digits beyond the precision that numbers have before these are cut off, which takes a division. */
const SPARE = 10;
/** Whole numbers of so many digits are no doubles. */
const BEYOND_DOUBLES = 300;
/** The base of the words that decimal.js keeps digits in. */
const WORD = 10n ** 7n;
const WORD_DIGITS = 7;

const powers: bigint[] = [1n];

function powerOfTen(exponent: number): bigint {
  for (let k = powers.length; k <= exponent; k++) powers.push(10n * powers[k - 1]!);
  return powers[exponent]!;
}

/** log₁₀|digits|, within some roundings of doubles. */
function logOf(digits: bigint): number {
  const size = Math.abs(Number(digits));
  if (size < Infinity) return Math.log10(size);
  return BEYOND_DOUBLES + logOf(digits / powerOfTen(BEYOND_DOUBLES));
}

export function isFinite({ exponent }: Scaled): boolean {
  return Number.isFinite(exponent);
}

export function scaled(digits: bigint, exponent: number): Scaled {
  return { digits, exponent, log: logOf(digits) + exponent };
}

/** What comes of numbers that are not finite: no such number, or 0. */
function beyond(value: number): Bounded {
  if (value === 0) return within(scaled(0n, 0), NONE);
  return { digits: 0n, exponent: value, log: Infinity, error: Infinity };
}

/** A number with another bound. */
export function within({ digits, exponent, log }: Scaled, error: number): Bounded {
  return { digits, exponent, log, error };
}

/**
 * Of as many digits as are asked for, or a few more.
 * @param log of what is cut
 * @param error that it has already
 */
function cut(
  digits: bigint,
  exponent: number,
  log: number,
  precision: number,
  error: number,
): Bounded {
  const excess = Math.floor(log - exponent) + 1 - precision;
  if (!(excess > SPARE)) return { digits, exponent, log, error };
  const scale = powerOfTen(excess);
  const kept = digits / scale;
  const place = exponent + excess;
  const isWhole = error === NONE && kept * scale === digits;
  return { digits: kept, exponent: place, log, error: isWhole ? NONE : logSum(error, place) };
}

/** The shortest decimal that names a double: 0.1 is 1/10. */
export function fromDouble(value: number): Scaled {
  if (!Number.isFinite(value)) return beyond(value);
  const [figures, exponent] = value.toExponential().split("e");
  const [whole, decimals = ""] = figures!.split(".");
  return scaled(BigInt(whole! + decimals), Number(exponent) - decimals.length);
}

export function fromFraction({ s, n, d }: Fraction, precision: number): Bounded {
  const over = scaled(s < 0n ? -n : n, 0);
  return d === 1n ? within(over, NONE) : quotient(over, scaled(d, 0), precision);
}

export function fromDecimal(x: Decimal): Scaled {
  if (!x.isFinite()) return beyond(x.toNumber());
  let digits = 0n;
  for (const word of x.d) digits = digits * WORD + BigInt(word);
  const places = String(x.d[0]).length + WORD_DIGITS * (x.d.length - 1);
  return scaled(x.s < 0 ? -digits : digits, x.e + 1 - places);
}

export function toDecimal(D: typeof Decimal, { digits, exponent }: Scaled): Decimal {
  return new D(Number.isFinite(exponent) ? `${digits}e${exponent}` : exponent);
}

/** The nearest double. */
export function toNumber({ digits, exponent }: Scaled): number {
  return Number.isFinite(exponent) ? Number(`${digits}e${exponent}`) : exponent;
}

export function negative({ digits, exponent, log }: Scaled): Scaled {
  return { digits: -digits, exponent: Number.isFinite(exponent) ? exponent : -exponent, log };
}

/** @param error that the operands bring with them */
export function sum(a: Scaled, b: Scaled, precision: number, error = NONE): Bounded {
  if (a.exponent < b.exponent) return sum(b, a, precision, error);
  const shift = a.exponent - b.exponent;
  if (!(shift < Infinity)) return beyond(toNumber(a) + toNumber(b));
  if (b.digits === 0n) return within(a, error);
  if (a.digits === 0n) return within(b, error);
  // b ends before the last place that is kept
  if (shift > 2 * (precision + SPARE)) return within(a, logSum(error, Math.ceil(b.log) + 1));
  const digits = a.digits * powerOfTen(shift) + b.digits;
  return cut(digits, b.exponent, logOf(digits) + b.exponent, precision, error);
}

/** @param error that the operands bring with them */
export function product(a: Scaled, b: Scaled, precision: number, error = NONE): Bounded {
  const exponent = a.exponent + b.exponent;
  if (!Number.isFinite(exponent)) return beyond(toNumber(a) * toNumber(b));
  return cut(a.digits * b.digits, exponent, a.log + b.log, precision, error);
}

export function quotient(a: Scaled, b: Scaled, precision: number): Bounded {
  if (!isFinite(a) || !isFinite(b) || b.digits === 0n) return beyond(toNumber(a) / toNumber(b));
  if (a.digits === 0n) return within(a, NONE);
  const [over, under] = [a, b].map(({ log, exponent }) => Math.floor(log - exponent));
  const shift = Math.max(0, precision + 1 + under! - over!);
  const whole = a.digits * powerOfTen(shift);
  const digits = whole / b.digits;
  const exponent = a.exponent - b.exponent - shift;
  const error = digits * b.digits === whole ? NONE : exponent;
  return { digits, exponent, log: a.log - b.log, error };
}

/** The sign of a − b; NaN where there is none. */
export function order(a: Scaled, b: Scaled, precision: number): number {
  const { digits, exponent } = sum(a, negative(b), precision);
  if (!Number.isFinite(exponent)) return Math.sign(exponent);
  return digits > 0n ? 1 : digits < 0n ? -1 : 0;
}

// ————— bounds —————

/** What logarithms in doubles may miss, in themselves and for each unit of their size. */
export const SLACK = 1e-9;
const RELATIVE_SLACK = 2 ** -50;
/** What is smaller than another number by so many digits adds less to its logarithm than the slack. */
const NEGLIGIBLE = 12;

/** Nothing where there is nothing to be missed. */
export function slackOf(log: number): number {
  return Number.isFinite(log) ? SLACK + RELATIVE_SLACK * Math.abs(log) : 0;
}

/** log₁₀(10^a + 10^b), rounded up. */
export function logSum(a: number, b: number): number {
  if (a < b) return logSum(b, a);
  if (b === NONE) return a;
  if (Number.isNaN(a + b) || a === Infinity) return Infinity;
  const more = a - b > NEGLIGIBLE ? 0 : Math.log10(1 + 10 ** (b - a));
  return a + more + slackOf(a);
}
