/** Other ways to read what `Company` has read: numbers may be less precise than they look. */
import { Company } from "./company.js";
import { MOST_READ, type RoundedFormat, roundedFormats, someOf } from "./digits.js";
import {
  BRAIN,
  exactly,
  type Given,
  HALF,
  type Precision,
  printedIn,
  type Reading,
  SINGLE,
} from "./precision.js";

/** Numbers that people choose leave more of the last bits 0: 0.5, 0.0625, 1.375. */
const LAST_BITS = 3;
/** So many bits in all hardly are all that numbers have by chance. */
const FEWEST_BITS = 16;

/** A reading of numbers as they are printed in a format that rounds whole numbers, too. */
export interface RoundedReading extends Pick<RoundedFormat, "isTold"> {
  readonly reading: Reading;
}

/** How to read numbers of which whole ones may have been rounded, the likeliest first. Their zeros may be the data's. */
export function roundedReadings(claims: readonly Given[]): RoundedReading[] {
  if (claims.some(({ isSingle }) => isSingle)) return [];
  const digits = new Company(claims).printedDigits() ?? [];
  return roundedFormats(digits).map((format) => {
    return { reading: ({ entries }) => printedIn(format, entries), isTold: format.isTold };
  });
}

/** Ways to read numbers of 16 bits. */
export interface BitReadings {
  /** Rounded as the last thing that was done to them. */
  readonly last: Reading;
  /** Rounded with every operation. */
  readonly throughout: Reading;
}

/**
 * How to read the numbers of a program that all are such of a 16-bit format; undefined where they are not. Exact
 * numbers may have as few bits.
 */
export function bitReadings(claims: readonly Given[]): BitReadings | undefined {
  if (areRounded(claims, 8)) {
    const slack = (entry: number): number => 2 ** -8 * Math.abs(entry);
    const last = { kind: "printed", digits: 3, text: "bfloat16", slack, isHalf: true } as const;
    return { last: () => ({ ...last, ...SINGLE }), throughout: () => ({ ...last, ...BRAIN }) };
  }
  if (areRounded(claims, 11)) {
    const slack = (entry: number): number => 2 ** -11 * Math.max(Math.abs(entry), HALF.smallest);
    const last = { kind: "printed", digits: 4, text: "half precision", slack } as const;
    return { last: () => ({ ...last, ...SINGLE }), throughout: () => ({ ...last, ...HALF }) };
  }
  return undefined;
}

/**
 * Doubles of a program that has singles in it: its data, a mask, a constant. They have the errors of singles.
 * Undefined where no claim has numbers in full.
 */
export function partlySingle(claims: readonly Given[]): Precision | undefined {
  const company = new Company(claims);
  if (claims.every((one) => company.precisionOf(one).kind !== "float64")) return undefined;
  const text = "numbers in full, with errors of single precision";
  return { kind: "float32", digits: 8, text, ...SINGLE, slack: exactly };
}

/** Whether all claims have so few bits, and some of them hardly by chance. */
function areRounded(claims: readonly Given[], bits: number): boolean {
  const all = claims.flatMap(({ entries }) => [...someOf(entries, MOST_READ)]);
  if (!all.every((one) => hasBits(one, bits))) return false;
  // whole numbers may be counts
  const isCount = (one: number): boolean => Number.isInteger(one) && Math.abs(one) < 2 ** bits;
  const isLong = (one: number): boolean => !hasBits(one, bits - LAST_BITS) && !isCount(one);
  return all.filter(isLong).length * bits >= FEWEST_BITS;
}

/** Whether a significand has no more bits: Veltkamp's splitting leaves the number as it is. */
function hasBits(entry: number, bits: number): boolean {
  const spread = entry * (2 ** (53 - bits) + 1);
  return spread - (spread - entry) === entry;
}
