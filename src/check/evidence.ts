/** What is known of one claim, at one point or several: numbers to be explained. */
import type { Quantity } from "../expression/quantity.js";
import type { SizeValues } from "../expression/size.js";
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
}

/** Explanations are themselves computed in doubles: relative errors up to this are theirs. */
const OWN_ERROR = 1e-9;
const MOST_ERROR = 1e-3;

/** The relative error that numbers computed like the claim may have. */
export function relativeError({ precision, right }: Exhibit): number {
  const { entries, spread } = right;
  let most = 0;
  for (let k = 0; k < entries.length; k++) {
    if (entries[k] !== 0) most = Math.max(most, spread[k]! / Math.abs(entries[k]!));
  }
  return Math.min(MOST_ERROR, OWN_ERROR + precision.roundoff * 16 * (1 + most));
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
  const relative = relativeError(exhibit);
  let largest = Math.abs(factor) * summed;
  for (let k = 0; k < explained.length; k++) {
    largest = Math.max(largest, Math.abs(factor * explained[k]!));
  }
  const floor = (1e-3 * relative + pointError(exhibit)) * largest + exhibit.precision.smallest;
  for (let k = 0; k < given.length; k++) {
    const value = factor * explained[k]!;
    const allowed = exhibit.precision.slack(given[k]!) + relative * Math.abs(value) + floor;
    if (!Number.isFinite(value) || Math.abs(given[k]! - value) > allowed) return false;
  }
  return true;
}

/** Whether the right numbers themselves reproduce a claim, as far as explanations are compared. */
export function isNearlyRight({ exhibits }: Evidence): boolean {
  return exhibits.every((one) => reproduces(one.claim.entries, one.right.entries, one));
}

/** The number that `explained` must be multiplied with to come nearest to `given`. */
export function ratio(given: ArrayLike<number>, explained: ArrayLike<number>): number | undefined {
  let above = 0;
  let below = 0;
  let largest = 0;
  for (let k = 0; k < given.length; k++) largest = Math.max(largest, Math.abs(explained[k]!));
  if (!(largest > 0) || !Number.isFinite(largest)) return undefined;
  for (let k = 0; k < given.length; k++) {
    const scaled = explained[k]! / largest;
    above += given[k]! * scaled;
    below += explained[k]! * scaled;
  }
  const result = above / below;
  return Number.isFinite(result) && result !== 0 ? result : undefined;
}

/** How many entries say something: those that are not 0 to the precision given. */
export function informative({ claim, precision }: Exhibit): number {
  return claim.entries.reduce(
    (count, entry) => count + Number(Math.abs(entry) > 50 * precision.slack(entry)),
    0,
  );
}
