/** What is known of one claim, at one point or several: numbers to be explained. */
import type { Quantity } from "../../expression/quantity.js";
import type { SizeValues } from "../../expression/size.js";
import type { Claim } from "./claims.js";
import type { Precision } from "./precision.js";
import type { Right } from "./right.js";

/** A claim at one point. */
export interface Exhibit {
  readonly claim: Claim;
  readonly precision: Precision;
  readonly sizes: SizeValues;
  readonly right: Right;
}

/** A claim at all points. */
export interface Evidence {
  readonly quantity: Quantity;
  readonly ok: boolean;
  readonly exhibits: readonly Exhibit[];
  /** What is computed by a formula without a function that keeps numbers in bounds was not clipped. */
  readonly isUnbounded?: boolean;
}

/** Explanations are themselves computed in doubles: relative errors up to this are theirs. */
const OWN_ERROR = 1e-9;
const MOST_ERROR = 1e-3;
/** So many roundings of few bits are allowed beyond that: they are larger themselves. */
const MOST_ROUNDINGS = 32;
/** So many roundings may stand in any number, beside what those on the way to it lead to: `Right.spread`. */
const OWN_ROUNDINGS = 16;

/** What comparing numbers with an exhibit needs of it each time. */
interface Allowance {
  /** The relative error that numbers computed like the claim may have. */
  readonly relative: number;
  /** The error that any may have, where the largest of them is 1. */
  readonly floor: number;
  /** What rounding leaves of terms as large as the right entries, where they cancel. */
  readonly noise: number;
  /** How many entries say something. */
  readonly informative: number;
}

const allowances = new WeakMap<Exhibit, Allowance>();

function allowanceOf(exhibit: Exhibit): Allowance {
  let allowance = allowances.get(exhibit);
  if (!allowance) {
    const relative = relativeErrorOf(exhibit);
    const floor = 1e-3 * relative + pointError(exhibit);
    const noise = noiseOf(exhibit);
    allowance = { relative, floor, noise, informative: informativeIn(exhibit) };
    allowances.set(exhibit, allowance);
  }
  return allowance;
}

/** The relative error that numbers computed like the claim may have. */
function relativeError(exhibit: Exhibit): number {
  return allowanceOf(exhibit).relative;
}

/** How many entries say something: those that are not 0 to the precision given. */
export function informative(exhibit: Exhibit): number {
  return allowanceOf(exhibit).informative;
}

/** How many decimal digits a claim gives that explanations have to reproduce, all its entries together. */
export function digitsOf({ exhibits }: Evidence): number {
  let total = 0;
  for (const exhibit of exhibits) {
    const { claim, precision } = exhibit;
    const { noise } = allowanceOf(exhibit);
    for (const entry of claim.entries) {
      const relative = OWN_ERROR + precision.roundoff;
      const error = precision.slack(entry) + relative * Math.abs(entry) + noise;
      if (Math.abs(entry) > error) total += Math.log10(Math.abs(entry) / error);
    }
  }
  return total;
}

/** Digits that one number for all entries must have for more than its size to be told. */
const LEAST_DIGITS = 2;

/** Whether all entries are one short number, which everything of that size would explain. */
export function saysLittle({ exhibits }: Evidence): boolean {
  return exhibits.every(({ claim: { entries }, precision }) => {
    const [first = 0] = entries;
    const error = precision.slack(first);
    const isOne = entries.length > 1 && entries.every((entry) => entry === first);
    return isOne && first !== 0 && Math.log10(Math.abs(first) / error) < LEAST_DIGITS;
  });
}

/**
 * Whether all entries are one number times powers of two, which are all rounded alike: some factor leads to each from the
 * right one.
 */
export function isOneNumber({ exhibits }: Evidence): boolean {
  const all = exhibits.flatMap(({ claim }) => [...claim.entries].filter((one) => one !== 0));
  return all.every((one) => Number.isInteger(Math.log2(Math.abs(one / all[0]!))));
}

/**
 * A single entry may be small because its terms cancel, and then says nothing of the others: the middle one counts.
 * What is beyond it in that entry is `noiseOf` the terms.
 */
function relativeErrorOf({ precision, right: { entries, spread } }: Exhibit): number {
  const relative = entries.map((entry, k) => (entry === 0 ? 0 : spread[k]! / Math.abs(entry)));
  const middle = relative.sort()[relative.length >> 1] ?? 0;
  const allowed = Math.max(MOST_ERROR, MOST_ROUNDINGS * precision.roundoff);
  return Math.min(allowed, OWN_ERROR + precision.roundoff * (OWN_ROUNDINGS + middle));
}

/** How far the rounding of the point may move numbers of which the largest is 1. */
function pointError({ precision, right }: Exhibit): number {
  if (precision.kind !== "printed") return 0;
  let [blur, largest] = [0, 0];
  for (let k = 0; k < right.entries.length; k++) {
    blur = Math.max(blur, right.blur[k]!);
    largest = Math.max(largest, Math.abs(right.entries[k]!));
  }
  return largest > 0 ? (4 * blur) / largest : 0;
}

/** Of singles at least, where the numbers have fewer bits. */
const MOST_ROUNDOFF = 2 ** -24;

function noiseOf({ precision, right: { entries, spread } }: Exhibit): number {
  if (precision.kind === "printed") return 0;
  let most = 0;
  for (let k = 0; k < entries.length; k++) {
    most = Math.max(most, OWN_ROUNDINGS * Math.abs(entries[k]!) + spread[k]!);
  }
  return Math.min(precision.roundoff, MOST_ROUNDOFF) * most;
}

function informativeIn({ claim, precision }: Exhibit): number {
  return claim.entries.reduce(
    (count, entry) => count + Number(Math.abs(entry) > 50 * precision.slack(entry)),
    0,
  );
}

/**
 * Whether numbers reproduce what was given, each entry to its precision.
 * @param summed the size of what they were added up from, where they may cancel
 */
export function reproduces(
  given: ArrayLike<number>,
  explained: ArrayLike<number>,
  exhibit: Exhibit,
  factor = 1,
  summed = 0,
): boolean {
  if (given.length !== explained.length) return false;
  const { relative, floor, noise } = allowanceOf(exhibit);
  const { slack, smallest } = exhibit.precision;
  let largest = Math.abs(factor) * summed;
  for (let k = 0; k < explained.length; k++) {
    largest = Math.max(largest, Math.abs(factor * explained[k]!));
  }
  const least = Math.max(floor * largest, noise) + smallest;
  for (let k = 0; k < given.length; k++) {
    const value = factor * explained[k]!;
    if (!Number.isFinite(value)) return false;
    const beyond = Math.abs(given[k]! - value) - relative * Math.abs(value) - least;
    // how a number was printed takes long to find out, and is mostly not asked for
    if (!(beyond <= 0) && !(beyond <= slack(given[k]!))) return false;
  }
  return true;
}

/** Whether the right numbers themselves reproduce a claim, as far as explanations are compared. */
export function isNearlyRight({ exhibits }: Evidence): boolean {
  return exhibits.every((one) => reproduces(one.claim.entries, one.right.entries, one));
}

/** Errors of explanations at most this many times add up in what they explain. */
const OWN_TOGETHER = 10;

/** Whether the errors of a claim are hardly larger than those of explanations, which tell nothing of them then. */
export function isWithinOwnErrors({ exhibits }: Evidence): boolean {
  return exhibits.every(({ claim, right: { entries } }) => {
    if (claim.entries.length !== entries.length) return false;
    let [error, largest] = [0, 0];
    for (const [k, one] of entries.entries()) {
      error = Math.max(error, Math.abs(claim.entries[k]! - one));
      largest = Math.max(largest, Math.abs(one));
    }
    return error <= OWN_TOGETHER * OWN_ERROR * largest;
  });
}

/**
 * A number by which `explained` reproduces `given`: the one that comes nearest, or, where few entries
 * outweigh all others, one that every entry allows. Undefined where there is none.
 * @param summed as for `reproduces`
 */
export function ratio(
  given: ArrayLike<number>,
  explained: ArrayLike<number>,
  exhibit: Exhibit,
  summed = 0,
): number | undefined {
  const fits = (value: number): boolean =>
    Number.isFinite(value) && value !== 0 && reproduces(given, explained, exhibit, value, summed);
  const nearest = nearestRatio(given, explained);
  if (nearest === undefined) return undefined;
  if (fits(nearest)) return nearest;
  const allowed = allowedRatio(given, explained, exhibit);
  return allowed !== undefined && fits(allowed) ? allowed : undefined;
}

/** The ratio of least squares. */
export function nearestRatio(
  given: ArrayLike<number>,
  explained: ArrayLike<number>,
): number | undefined {
  let above = 0;
  let below = 0;
  let largest = 0;
  for (let k = 0; k < given.length; k++) largest = Math.max(largest, Math.abs(explained[k]!));
  if (!(largest > 0) || !Number.isFinite(largest)) return undefined;
  // scaled, so that squares do not overflow
  for (let k = 0; k < given.length; k++) {
    const scaled = explained[k]! / largest;
    above += given[k]! * scaled;
    below += explained[k]! * scaled;
  }
  const result = above / below;
  return Number.isFinite(result) && result !== 0 ? result : undefined;
}

/** The middle of what all entries allow, each within the digits that it was given with. */
function allowedRatio(
  given: ArrayLike<number>,
  explained: ArrayLike<number>,
  exhibit: Exhibit,
): number | undefined {
  const relative = relativeError(exhibit);
  let [low, high] = [-Infinity, Infinity];
  for (let k = 0; k < given.length && low <= high; k++) {
    if (explained[k] === 0) continue;
    const slack = exhibit.precision.slack(given[k]!) + relative * Math.abs(given[k]!);
    const ends = [(given[k]! - slack) / explained[k]!, (given[k]! + slack) / explained[k]!];
    low = Math.max(low, Math.min(...ends));
    high = Math.min(high, Math.max(...ends));
  }
  return low <= high && Number.isFinite(low + high) ? (low + high) / 2 : undefined;
}
