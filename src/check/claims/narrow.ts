/** Floating-point formats of fewer bits than doubles have, and how their numbers look in decimals. */
import { digitsOf, type Format } from "./digits.js";

export interface Narrow {
  /** The number of the format that is nearest to another, of two the even one. */
  readonly nearest: (entry: number) => number;
  /** How far numbers of that size lie apart; infinite beyond the largest. */
  readonly unitAt: (entry: number) => number;
  /** So many digits name each of them. */
  readonly mostDigits: number;
}

export const SINGLES: Narrow = { ...ofBits(24, -126), nearest: Math.fround };
/** IEEE 754 binary16. */
export const HALVES = ofBits(11, -14);
/** bfloat16, the first half of a single's bits. */
export const BRAINS = ofBits(8, -126);

/** @param least the power of two of the smallest number that loses no bits; in all these formats 1 - least is the largest power */
function ofBits(bits: number, least: number): Narrow {
  const unitAt = (entry: number): number => {
    const power = entry === 0 ? least : Math.floor(Math.log2(Math.abs(entry)));
    return power > 1 - least ? Infinity : 2 ** (Math.max(power, least) - bits + 1);
  };
  const nearest = (entry: number): number => {
    const unit = unitAt(entry);
    if (unit === Infinity) return Math.sign(entry) * Infinity;
    const count = entry / unit;
    const rounded = Math.round(count);
    const isTie = Math.abs(rounded - count) === 0.5 && rounded % 2 !== 0;
    return unit * (isTie ? 2 * count - rounded : rounded);
  };
  return { nearest, unitAt, mostDigits: Math.ceil(1 + bits * Math.log10(2)) };
}

/** How far from half-way the rounding of doubles leads, relative to a digit's unit. */
const HALF_WAY = 1e-6;

/** The number of the fewest digits that a number of the format is the nearest to. */
export function shortestOf(narrow: Narrow, one: number): number {
  return Number(one.toPrecision(digitsNaming(narrow, one)));
}

/** What a single was, if it was rounded to few digits before it became one. */
export function beforeSingle(single: number): number {
  return shortestOf(SINGLES, single);
}

function digitsNaming({ nearest, mostDigits }: Narrow, one: number): number {
  let digits = 1;
  while (digits < mostDigits && nearest(Number(one.toPrecision(digits))) !== one) digits++;
  return digits;
}

/** Whether this is how a number of a narrow format is printed: in digits that are given, or by the fewest that name it. */
export function isPrintedOf(narrow: Narrow, entry: number, format: Format): boolean {
  const { isFixed, decimals, significant } = format;
  const one = narrow.nearest(entry);
  // toFixed takes up to 100 decimals, and none before the point
  const text =
    isFixed && decimals >= 0
      ? one.toFixed(Math.min(decimals, 100))
      : one.toPrecision(Math.max(1, significant));
  if (Number(text) === entry) return true;
  const { exponent } = digitsOf(entry);
  const digits = digitsNaming(narrow, one);
  // half-way between two such numbers, languages choose differently
  const half = (10 ** (exponent - digits + 1) / 2) * (1 + HALF_WAY);
  return Number(entry.toPrecision(digits)) === entry && Math.abs(entry - one) <= half;
}
