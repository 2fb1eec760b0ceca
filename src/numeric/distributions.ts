/**
 * Labels that a cross-entropy compares with probabilities: who writes softmax(z) − y counts on y to
 * sum to 1, so that random labels have to.
 */
import type { Quantity } from "../expression/quantity.js";
import type { Model } from "../language/model.js";
import { type CheckedPoint } from "../language/point.js";
import { doubleArithmetic } from "./arithmetic.js";
import { runProgram } from "./interpret.js";
import { numericProgram } from "./program.js";
import { randomEntries } from "./random.js";

const CLOSE = 1e-9;
/** Relative differences of slopes that other parameters make. */
const APART = 1e-6;
/** Larger models are not looked at: the points would cost more than the check. */
const MOST_ENTRIES = 1e5;

/**
 * A point whose labels sum to 1 along the axes of `labelAxes`.
 * @returns undefined where the model has no such labels
 * @throws InputError when no point is found.
 */
export function withDistributions(model: Model, seed: number): CheckedPoint | undefined {
  const found = labelAxes(model, seed);
  if (found.size === 0) return undefined;
  const point = randomEntries(model, { seed });
  const labels = [...found].map(([quantity, axis]) => {
    const lengths = quantity.shape.map((size) => size.evaluate(point.sizes));
    return [quantity, distributions(lengths, axis)] as const;
  });
  return { ...point, entries: new Map([...point.entries, ...labels]) };
}

/**
 * Inputs and targets that stand where the labels of a cross-entropy stand, each with an axis along which they should
 * sum to 1: the loss has −κ Σ label · log p with probabilities p that sum to 1 along it, as a softmax does, whatever κ
 * is: ∂loss/∂label is then −κ log p. The same for κ Σ label · (log label − log p). Each line may have a κ of its own,
 * a weight or an advantage, which no parameter changes.
 * @throws InputError when no point is found.
 */
export function labelAxes(model: Model, seed: number): ReadonlyMap<Quantity, number> {
  const found = new Map<Quantity, number>();
  const given = [...model.targets, ...model.inputs].filter(({ shape }) => shape.length > 0);
  if (given.length === 0) return found;
  const point = randomEntries(model, { seed });
  const count = [...point.entries.values()].reduce((sum, { length }) => sum + length, 0);
  if (count > MOST_ENTRIES) return found;
  const sizes = Object.fromEntries(point.sizes);
  const other = randomEntries(model, { seed: seed + 1, sizes });
  const params = model.params.map((one) => [one, other.entries.get(one)!] as const);
  const moved = { ...point, entries: new Map([...point.entries, ...params]) };
  const program = numericProgram(model, given);
  const slopesAt = ({ entries, ...at }: CheckedPoint, quantity: Quantity): readonly number[] => {
    const even = new Map([...entries, [quantity, entries.get(quantity)!.map(() => EVEN)]]);
    const values = runProgram(program, { ...at, entries: even }, doubleArithmetic);
    return values.get(program.adjoints.get(quantity)!)!;
  };
  for (const quantity of given) {
    const lengths = quantity.shape.map((size) => size.evaluate(point.sizes));
    const slopes = slopesAt(point, quantity);
    if (slopes.some((slope) => !(Math.abs(slope) > 0))) continue;
    const axes = lengths.flatMap((length, axis) => (length < 2 ? [] : axis));
    const beside = slopesAt(moved, quantity);
    const axis = axes.find((one) => areLogarithms(slopes, beside, lengths, one));
    if (axis !== undefined) found.set(quantity, axis);
  }
  return found;
}

/** All labels are this number while their slopes are looked at: y log y has slope 0 there. */
const EVEN = Math.exp(-1);

/**
 * Whether each line of slopes is −κ times logarithms of numbers that sum to 1, with a κ of its own of either sign.
 * Slopes at one point would tell nothing, since some κ fits them.
 * @param beside the slopes with other parameters, which have to be others and to have the same κ
 */
function areLogarithms(
  slopes: readonly number[],
  beside: readonly number[],
  lengths: readonly number[],
  axis: number,
): boolean {
  const others = linesOf(beside, lengths, axis);
  return linesOf(slopes, lengths, axis).every((line, which) => {
    const sign = Math.sign(line[0]!);
    const [own, other] = [line, others[which]!].map((all) => all.map((slope) => sign * slope));
    const sharpness = sharpnessOf(own!);
    const isOther = own!.some((slope, k) => Math.abs(slope - other![k]!) > APART * slope);
    return sharpness !== undefined && isOther && Math.abs(excess(other!, sharpness)) < CLOSE;
  });
}

/** Entries by the lines along an axis that they lie on. */
function linesOf(
  entries: readonly number[],
  lengths: readonly number[],
  axis: number,
): readonly (readonly number[])[] {
  const lines: number[][] = [];
  for (const [position, entry] of entries.entries()) {
    (lines[lineOf(position, lengths, axis)] ??= []).push(entry);
  }
  return lines;
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
