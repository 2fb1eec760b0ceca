/**
 * What is special about data, so that random data can be like them: labels that are one-hot, masks,
 * signs. A derivative may be right for such data only, as softmax(z) − y is where y sums to 1.
 */
import type { Random } from "./prng.js";

/** Draws entries, rows first, for the lengths of the axes; undefined where these do not allow it. */
export type Draw = (lengths: readonly number[], generator: Random) => Float64Array | undefined;

const CLOSE = 1e-6;

/**
 * How to draw data like these.
 * @param entries rows first
 * @param lengths of the axes: none, one or two
 * @returns undefined for ordinary numbers
 */
export function structureOf(entries: Float64Array, lengths: readonly number[]): Draw | undefined {
  const isEvery = (holds: (entry: number) => boolean): boolean => entries.every(holds);
  if (isEvery((entry) => entry === 0)) return ofEntries(() => 0);
  const isBinary = isEvery((entry) => entry === 0 || entry === 1);
  const axis = isEvery((entry) => entry >= 0) ? normalisedAxis(entries, lengths) : undefined;
  if (axis !== undefined) return normalised(axis, isBinary);
  const symmetric = isSymmetric(entries, lengths);
  if (isBinary) {
    const [first] = entries;
    const isConstant = isEvery((entry) => entry === first) && entries.length > 1;
    return isConstant ? ofEntries(() => 1) : turned(symmetric, (generator) => generator.below(2));
  }
  if (isEvery((entry) => Math.abs(entry) === 1)) {
    return turned(symmetric, (generator) => 2 * generator.below(2) - 1);
  }
  return symmetric ? turned(true, (generator) => generator.between(-1.5, 1.5)) : undefined;
}

/** A number from 0.1 to 1.5 times a scale, to 4 digits. */
export function ordinary(generator: Random, scale = 1): number {
  return brief(scale * generator.between(0.1, 1.5));
}

/** A positive number with 4 significant digits. */
export function brief(value: number): number {
  const decimals = 3 - Math.floor(Math.log10(value));
  return decimals >= 0
    ? Math.round(value * 10 ** decimals) / 10 ** decimals
    : Number(value.toPrecision(4));
}

/** Every entry by itself. */
export function ofEntries(draw: (generator: Random) => number): Draw {
  return (lengths, generator) => {
    const count = lengths.reduce((product, length) => product * length, 1);
    return Float64Array.from({ length: count }, () => draw(generator));
  };
}

/** Entries of their own, mirrored where the data are symmetric. */
function turned(isMirrored: boolean, draw: (generator: Random) => number): Draw {
  const plain = ofEntries(draw);
  if (!isMirrored) return plain;
  return (lengths, generator) => {
    const [rows, columns] = lengths;
    if (rows !== columns) return undefined;
    const all = plain(lengths, generator)!;
    return all.map((_, k) => {
      const [row, column] = [Math.floor(k / columns!), k % columns!];
      return all[Math.min(row, column) * columns! + Math.max(row, column)]!;
    });
  };
}

function isSymmetric(entries: Float64Array, [rows, columns]: readonly number[]): boolean {
  if (rows === undefined || rows !== columns || rows < 2) return false;
  return entries.every(
    (entry, k) => entry === entries[(k % columns) * columns + Math.floor(k / columns)],
  );
}

/** The axis along which entries sum to 1: the last where both do. A single number has none. */
export function normalisedAxis(
  entries: Float64Array,
  lengths: readonly number[],
): number | undefined {
  for (let axis = lengths.length - 1; axis >= 0; axis--) {
    if (lengths[axis]! < 2) continue;
    const sums = sumsAlong(entries, lengths, axis);
    if (sums.every((sum) => Math.abs(sum - 1) < CLOSE)) return axis;
  }
  return undefined;
}

function sumsAlong(entries: Float64Array, lengths: readonly number[], axis: number): number[] {
  const sums: number[] = [];
  for (const [k, entry] of entries.entries()) {
    const line = lineOf(k, lengths, axis);
    sums[line] = (sums[line] ?? 0) + entry;
  }
  return sums;
}

/** The number of the line along an axis that an entry lies on. */
function lineOf(k: number, lengths: readonly number[], axis: number): number {
  const [, columns] = lengths;
  if (columns === undefined) return 0;
  return axis === 1 ? Math.floor(k / columns) : k % columns;
}

/** One-hot lines, or lines of positive numbers whose sum is 1. */
export function normalised(axis: number, isOneHot: boolean): Draw {
  return (lengths, generator) => {
    const length = lengths[axis];
    if (length === undefined) return undefined;
    const count = lengths.reduce((product, one) => product * one, 1);
    if (isOneHot) {
      const hot = Array.from({ length: count / length }, () => generator.below(length));
      return Float64Array.from({ length: count }, (_, k) => {
        const [, columns = 1] = lengths;
        const place = axis === 1 ? k % columns : Math.floor(k / columns);
        return hot[lineOf(k, lengths, axis)] === place ? 1 : 0;
      });
    }
    const weights = Float64Array.from({ length: count }, () => generator.between(0.2, 1.5));
    const sums = sumsAlong(weights, lengths, axis);
    // decimals, so that each line sums to 1 exactly where it is computed with decimals
    const unit = 10 ** (3 + Math.ceil(Math.log10(length)));
    const left: number[] = sums.map(() => unit);
    const seen: number[] = sums.map(() => 0);
    return weights.map((weight, k) => {
      const line = lineOf(k, lengths, axis);
      const isLast = ++seen[line]! === length;
      const share = isLast ? left[line]! : Math.round((unit * weight) / sums[line]!);
      left[line]! -= share;
      return share / unit;
    });
  };
}
