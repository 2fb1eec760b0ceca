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
 * A point whose labels sum to 1 along an axis, where the loss is a multiple of −Σ label · log p with
 * probabilities p that sum to 1 along it, as a softmax does: ∂loss/∂label is then that of −log p.
 * @returns undefined where the model has no such labels
 * @throws InputError when no point is found.
 */
export function withDistributions(model: Model, seed: number): CheckedPoint | undefined {
  const given = [...model.targets, ...model.inputs].filter(({ shape }) => shape.length > 0);
  if (given.length === 0) return undefined;
  const point = readPoint(model, randomPoint(model, { seed }));
  const count = [...point.entries.values()].reduce((sum, { length }) => sum + length, 0);
  if (count > MOST_ENTRIES) return undefined;
  const program = numericProgram(model, given);
  const values = runProgram(program, point, doubleArithmetic);
  const labels = new Map<Quantity, Float64Array>();
  for (const quantity of given) {
    const slopes = values.get(program.adjoints.get(quantity)!)!;
    const lengths = quantity.shape.map((size) => size.evaluate(point.sizes));
    const axis = lengths.findIndex((_, one) => isLogarithm(slopes, lengths, one));
    if (axis >= 0) labels.set(quantity, distributions(lengths, axis));
  }
  if (labels.size === 0) return undefined;
  return { ...point, entries: new Map([...point.entries, ...labels]) };
}

/** Whether −k · slopes are logarithms of numbers that sum to 1 along an axis, k being 1 or a length. */
function isLogarithm(slopes: readonly number[], lengths: readonly number[], axis: number): boolean {
  if (lengths[axis]! < 2) return false;
  return [1, ...lengths, slopes.length].some((k) => {
    const sums = new Map<number, number>();
    for (const [position, slope] of slopes.entries()) {
      const line = lineOf(position, lengths, axis);
      sums.set(line, (sums.get(line) ?? 0) + Math.exp(-k * slope));
    }
    return [...sums.values()].every((sum) => Math.abs(sum - 1) < CLOSE);
  });
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
