/** Numbers of single precision, and how they look in decimals. */
import { digitsOf, type Format, MOST_READ, someOf } from "./digits.js";

/** Longer numbers that are singles were computed in single precision: their digits say so. */
const MOST_SHORT = 9;
/** How far from half-way the rounding of doubles leads, relative to a digit's unit. */
const HALF_WAY = 1e-6;

export function areSingles(entries: Float64Array): boolean {
  return entries.every((entry) => Math.fround(entry) === entry);
}

/** Whether entries are singles with more digits than a number has that is short by itself. */
export function tellSingle(entries: Float64Array): boolean {
  const isLong = (entry: number): boolean => {
    if (entry === 0) return false;
    const { significant, zeros } = digitsOf(entry);
    return significant - zeros > MOST_SHORT;
  };
  return areSingles(entries) && someOf(entries, MOST_READ).some(isLong);
}

/** The number of the fewest digits that a single is the nearest to. */
export function shortestOfSingle(single: number): number {
  return Number(single.toPrecision(digitsOfSingle(single)));
}

/** How many digits name a single: at most nine. */
function digitsOfSingle(single: number): number {
  let digits = 1;
  while (digits < 9 && Math.fround(Number(single.toPrecision(digits))) !== single) digits++;
  return digits;
}

/** Whether this is how a single is printed: in the format, or by the shortest digits that name it. */
export function isPrintedSingle(
  entry: number,
  { isFixed, decimals, significant }: Format,
): boolean {
  const single = Math.fround(entry);
  // toFixed takes up to 100 decimals, and none before the point
  const text =
    isFixed && decimals >= 0
      ? single.toFixed(Math.min(decimals, 100))
      : single.toPrecision(Math.max(1, significant));
  if (Number(text) === entry) return true;
  const { exponent } = digitsOf(entry);
  const digits = digitsOfSingle(single);
  // half-way between two such numbers, languages choose differently
  const half = (10 ** (exponent - digits + 1) / 2) * (1 + HALF_WAY);
  return Number(entry.toPrecision(digits)) === entry && Math.abs(entry - single) <= half;
}
