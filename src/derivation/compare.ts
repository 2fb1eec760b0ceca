/** The entries of two sides against each other. */
import type { Fraction } from "fraction.js";
import type { Rounded } from "../numeric/rounding.js";

/** Two entries that differ. */
export interface Difference {
  /** Row-major. */
  readonly position: number;
  readonly left: string;
  readonly right: string;
}

export interface Comparison {
  /** The largest difference of two entries, relative to the scale of the sides. */
  readonly maxError: number;
  /** The entries that differ by more than rounding explains, the worst of them. */
  readonly difference: Difference | undefined;
  /** Whether rounding may have taken more digits than a comparison needs. */
  readonly isBlurred: boolean;
}

/** Relative to the scale, differences beyond this are never taken for rounding. */
const TOLERANCE = 1e-9;
/** What is added up to less than this part of its summands has lost too many digits to compare. */
const CANCELLED = 1e-5;
/** Bounds of rounding errors are of first order. */
const SLACK = 2;

/**
 * Compares entry by entry. Two entries agree when they differ by no more than the rounding errors
 * of both can be, each bounded by what the entry itself is computed from, and by no more than
 * 10⁻⁹ of the scale: of the largest entry, or of a small part of what is added up. What differs by
 * more than the second, but not by more than the first, is blurred: nothing can be said of it.
 * Of an entry that is not finite on a side nothing can be said either.
 */
export function compareRounded(left: readonly Rounded[], right: readonly Rounded[]): Comparison {
  const scale = Math.max(scaleOf(left), scaleOf(right));
  let [worst, isBlurred, furthest] = [0, false, 0];
  let difference: Difference | undefined;
  for (const [position, a] of left.entries()) {
    const b = right[position]!;
    const gap = Math.abs(a.value - b.value);
    if (!Number.isFinite(gap)) {
      isBlurred = true;
      continue;
    }
    worst = gap <= worst ? worst : gap;
    const bound = SLACK * (a.error + b.error);
    const isBounded = Number.isFinite(bound);
    const tolerance = Math.min(isBounded ? bound : Infinity, TOLERANCE * scale);
    if (gap <= tolerance) continue;
    if (isBounded && gap <= bound) {
      isBlurred = true;
      continue;
    }
    const excess = gap / tolerance;
    if (difference && excess <= furthest) continue;
    furthest = excess;
    difference = { position, left: String(a.value), right: String(b.value) };
  }
  return { maxError: worst === 0 ? 0 : worst / scale, difference, isBlurred };
}

/** The largest entry, or a small part of what is added up. */
function scaleOf(side: readonly Rounded[]): number {
  let most = 0;
  for (const { value, magnitude } of side) {
    // bounds of what runs through many layers overflow long before the numbers do
    const summands = Number.isFinite(magnitude) ? magnitude : 0;
    const own = Math.max(Math.abs(value), CANCELLED * summands);
    if (own > most && Number.isFinite(own)) most = own;
  }
  return most;
}

/** @returns the first two entries that are not equal */
export function compareExact(
  left: readonly Fraction[],
  right: readonly Fraction[],
): Difference | undefined {
  const position = left.findIndex((value, index) => !value.equals(right[index]!));
  if (position < 0) return undefined;
  return {
    position,
    left: left[position]!.toFraction(),
    right: right[position]!.toFraction(),
  };
}
