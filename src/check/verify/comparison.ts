/** Numbers against a reference, each within its own tolerance. */
import type { Decimal } from "decimal.js";
import { entryAt } from "../../numeric/watch.js";

export type Verdict = "agrees" | "disagrees" | "not judged";

/** One way of computing a gradient, compared with the reference. */
export interface Comparison {
  readonly verdict: Verdict;
  /** How many entries were compared, and how many of these could not be judged. */
  readonly compared: number;
  readonly unjudged: number;
  /** The largest |value − reference|, relative to the largest entry of the reference. */
  readonly maxError: number;
  /** The entry that comes nearest to its tolerance, or exceeds it by most. */
  readonly worst: Worst | null;
}

export interface Worst {
  /** From 1; empty for a scalar. */
  readonly entry: readonly number[];
  readonly value: number;
  /** A decimal string, with all digits of the reference. */
  readonly reference: string;
  readonly error: number;
  readonly tolerance: number;
}

/** A number to compare: its tolerance is absolute, and infinite where it cannot be judged. */
export interface Item {
  readonly position: number;
  readonly value: number;
  readonly reference: Decimal;
  readonly tolerance: number;
  /** Whether overflow is no excuse: the value must be finite where the reference is. */
  readonly mustBeFinite?: boolean;
}

/**
 * @param lengths the shape of what the positions count in
 * @param digits significant digits of references in the result
 */
export function compare(
  lengths: readonly number[],
  items: readonly Item[],
  digits: number,
): Comparison {
  let [disagreeing, unjudged, largest, scale, furthest] = [0, 0, 0, 0, -1];
  let worst: Worst | null = null;
  for (const { position, value, reference, tolerance, mustBeFinite = false } of items) {
    const target = reference.toNumber();
    if (Number.isFinite(target)) scale = Math.max(scale, Math.abs(target));
    const error = Number.isFinite(value) ? reference.minus(value).abs().toNumber() : NaN;
    // beyond double precision, or without a bound: neither right nor wrong
    const isExcused = tolerance === Infinity && (Number.isFinite(value) || !mustBeFinite);
    if (!Number.isFinite(target) || isExcused) {
      unjudged++;
      continue;
    }
    if (!(error <= tolerance)) disagreeing++;
    if (error > largest) largest = error;
    const ratio = Number.isNaN(error) ? Infinity : error === 0 ? 0 : error / tolerance;
    if (ratio <= furthest) continue;
    furthest = ratio;
    const text = reference.toSignificantDigits(digits).toString();
    worst = { entry: entryAt(lengths, position), value, reference: text, error, tolerance };
  }
  const judged = items.length - unjudged;
  return {
    verdict: disagreeing > 0 ? "disagrees" : judged > 0 ? "agrees" : "not judged",
    compared: items.length,
    unjudged,
    maxError: largest === 0 ? 0 : largest / (scale > 0 ? scale : 1),
    worst,
  };
}
