/**
 * Labels that a cross-entropy compares with probabilities: who writes softmax(z) − y counts on y to
 * sum to 1, so that random labels have to.
 */
import type { Quantity } from "../expression/quantity.js";
import type { Model } from "../language/model.js";
import { type CheckedPoint, readPoint } from "../language/point.js";
import { doubleArithmetic } from "./arithmetic.js";
import { runProgram } from "./interpret.js";
import { numericProgram } from "./program.js";
import { randomPoint } from "./random.js";

const CLOSE = 1e-9;
/** Larger models are not looked at: the points would cost more than the check. */
const MOST_ENTRIES = 1e5;

/**
 * A point whose labels sum to 1 along an axis, where the loss has −κ Σ label · log p with probabilities p that
 * sum to 1 along it, as a softmax does, whatever κ is: ∂loss/∂label is then −κ log p. The same for
 * κ Σ label · (log label − log p).
 * @returns undefined where the model has no such labels
 * @throws InputError when no point is found.
 */
export function withDistributions(model: Model, seed: number): CheckedPoint | undefined {
  const given = [...model.targets, ...model.inputs].filter(({ shape }) => shape.length > 0);
  if (given.length === 0) return undefined;
  const point = readPoint(model, randomPoint(model, { seed }));
  const count = [...point.entries.values()].reduce((sum, { length }) => sum + length, 0);
  if (count > MOST_ENTRIES) return undefined;
  const sizes = Object.fromEntries(point.sizes);
  const other = readPoint(model, randomPoint(model, { seed: seed + 1, sizes }));
  const program = numericProgram(model, given);
  const slopesAt = ({ entries, ...at }: CheckedPoint, quantity: Quantity): readonly number[] => {
    const even = new Map([...entries, [quantity, entries.get(quantity)!.map(() => EVEN)]]);
    const values = runProgram(program, { ...at, entries: even }, doubleArithmetic);
    return values.get(program.adjoints.get(quantity)!)!;
  };
  const labels = new Map<Quantity, Float64Array>();
  for (const quantity of given) {
    const lengths = quantity.shape.map((size) => size.evaluate(point.sizes));
    const [first, second] = [point, other].map((at) => slopesAt(at, quantity)) as [
      readonly number[],
      readonly number[],
    ];
    const axis = lengths.findIndex((_, one) => areLogarithms(first, second, lengths, one));
    if (axis >= 0) labels.set(quantity, distributions(lengths, axis));
  }
  if (labels.size === 0) return undefined;
  return { ...point, entries: new Map([...point.entries, ...labels]) };
}

/** All labels are this number while their slopes are looked at: y log y has slope 0 there. */
const EVEN = Math.exp(-1);

/**
 * Whether slopes are −κ times logarithms of numbers that sum to 1 along an axis. One line alone would tell
 * nothing, since some κ fits it: then another point has to have the same.
 */
function areLogarithms(
  slopes: readonly number[],
  elsewhere: readonly number[],
  lengths: readonly number[],
  axis: number,
): boolean {
  if (lengths[axis]! < 2) return false;
  const lines = new Map<number, number[]>();
  for (const [position, slope] of slopes.entries()) {
    const line = lineOf(position, lengths, axis);
    lines.set(line, [...(lines.get(line) ?? []), slope]);
  }
  const [first, ...others] = lines.size > 1 ? [...lines.values()] : [slopes, elsewhere];
  const sharpness = sharpnessOf(first);
  if (sharpness === undefined) return false;
  return others.every((line) => Math.abs(excess(line, sharpness)) < CLOSE);
}

/** The sum of exp(−k·slope), less 1. */
function excess(slopes: readonly number[], k: number): number {
  return slopes.reduce((sum, slope) => sum + Math.exp(-k * slope), -1);
}

/** 1/κ for slopes that are −κ times the logarithms of numbers that sum to 1: all are positive then. */
function sharpnessOf(slopes: readonly number[]): number | undefined {
  if (!slopes.every((slope) => slope > 0 && slope < Infinity)) return undefined;
  // the excess falls with k, and is at most 0 where each summand is at most 1/n
  let [low, high] = [0, Math.log(slopes.length) / Math.min(...slopes)];
  for (;;) {
    const middle = (low + high) / 2;
    if (middle <= low || middle >= high) return middle;
    if (excess(slopes, middle) > 0) low = middle;
    else high = middle;
  }
}

function distributions(lengths: readonly number[], axis: number): Float64Array {
  const [rows, columns = 1] = lengths;
  const length = lengths[axis]!;
  const total = (length * (length + 1)) / 2;
  return Float64Array.from({ length: rows! * columns }, (_, position) => {
    const along = axis === 0 ? Math.floor(position / columns) : position % columns;
    return (1 + ((along + lineOf(position, lengths, axis)) % length)) / total;
  });
}

/** The number of the line along an axis that an entry lies on. */
function lineOf(position: number, [, columns = 1]: readonly number[], axis: number): number {
  return axis === 0 ? position % columns : Math.floor(position / columns);
}
