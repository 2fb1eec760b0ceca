/** Whether numbers are a derivative, to the precision that they were given with. */
import type { Claim } from "./claims.js";
import { type Precision, toNearest } from "./precision.js";
import type { Right } from "./right.js";

/** Of the wrong entries that with the largest error; where none is wrong, the one nearest to what is allowed. */
export interface Worst {
  /** Position from 1 in the declared shape; [] for a scalar. */
  readonly entry: readonly number[];
  /** Null where the shapes differ, so that no entries can be compared. */
  readonly given: number | null;
  readonly expected: number | null;
}

export interface Verdict {
  readonly ok: boolean;
  /** The largest |given − expected|, relative to the largest expected entry. */
  readonly maxError: number;
  readonly worst: Worst;
  /** Decimal digits that agree in the worst entry, and that may be expected there. */
  readonly digitsAgreed: number;
  readonly digitsExpected: number;
}

/**
 * Rounding errors this many times as large as the bound are still believed: it holds for one order
 * of operations, and people choose others.
 */
const TRUST = 4;
/** Relative error in unit roundoffs that anything computed may have. */
const LEAST = 8;

/** How far an entry may lie from the right one. */
export function tolerance(
  precision: Precision,
  { entries, spread, blur }: Right,
  position: number,
  given: number,
): number {
  // what was cut off lies on one side, and is read so
  const { kind, roundoff, smallest, slack } = toNearest(precision);
  const rounding = roundoff * (TRUST * spread[position]! + LEAST * Math.abs(entries[position]!));
  const rounded = kind === "printed" ? slack(given) + blur[position]! : 0;
  return rounded + rounding + smallest;
}

/** @param lengths the declared lengths, of which the claim has as many entries */
export function judge(
  { entries }: Pick<Claim, "entries">,
  right: Right,
  precision: Precision,
  lengths: readonly number[],
): Verdict {
  let worst = 0;
  let worstRatio = -1;
  let [worstWrong, worstError] = [-1, -1];
  let maxError = 0;
  for (let k = 0; k < entries.length; k++) {
    const error = Math.abs(entries[k]! - right.entries[k]!);
    const ratio = error / tolerance(precision, right, k, entries[k]!);
    maxError = Math.max(maxError, error);
    if (ratio > worstRatio) [worst, worstRatio] = [k, ratio];
    if (ratio > 1 && error > worstError) [worstWrong, worstError] = [k, error];
  }
  if (worstWrong >= 0) worst = worstWrong;
  const largest = right.entries.reduce((most, entry) => Math.max(most, Math.abs(entry)), 0);
  const [given, expected] = [entries[worst]!, right.entries[worst]!];
  const scale = Math.max(Math.abs(given), Math.abs(expected));
  const allowed = tolerance(precision, right, worst, given);
  return {
    ok: worstRatio <= 1,
    maxError: largest > 0 ? maxError / largest : maxError,
    worst: { entry: positionOf(worst, lengths), given, expected },
    digitsAgreed: digits(Math.abs(given - expected), scale),
    // of a number that is 0 without rounding no more than of others
    digitsExpected: digits(Math.max(allowed, LEAST * precision.roundoff * scale), scale),
  };
}

/** Digits that numbers of a scale have in common when they differ by an error. */
function digits(error: number, scale: number): number {
  if (error === 0 || scale === 0) return 17;
  return Math.round(10 * Math.min(17, Math.max(0, -Math.log10(error / scale)))) / 10;
}

/** The position from 1 of the k-th entry, rows first. */
function positionOf(k: number, lengths: readonly number[]): number[] {
  const position: number[] = [];
  let rest = k;
  for (const length of lengths.toReversed()) {
    position.unshift((rest % length) + 1);
    rest = Math.floor(rest / length);
  }
  return position;
}
