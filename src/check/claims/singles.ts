/** Numbers of single precision. */
import { digitsOf, MOST_READ, someOf } from "./digits.js";

/** Longer numbers that are singles were computed in single precision: their digits say so. */
const MOST_SHORT = 9;

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
