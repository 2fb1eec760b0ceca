/**
 * Derivatives by finite differences of the compiled loss: central differences at a row of steps,
 * extrapolated to step 0, with an estimate of their own error (C. J. F. Ridders, Accurate
 * computation of F′(x) and F′(x)F″(x), Advances in Engineering Software 4, 1982).
 */
import type { Quantity } from "../expression/quantity.js";
import type { Model } from "../language/model.js";
import { type Point, readPoint } from "../language/point.js";
import { lossLines } from "./lines.js";
import { UNIT_ROUNDOFF } from "./rounding.js";

/** A derivative by differences. */
export interface Difference {
  readonly value: number;
  /** An estimate of |value − derivative|: of what the extrapolation leaves and rounding adds. */
  readonly error: number;
  /** The slopes to the left and to the right differ however small the step: there is a kink. */
  readonly isKink: boolean;
}

/** Differences for some entries of one parameter. */
export interface ParameterDifferences {
  readonly parameter: Quantity;
  /** Number of its entries. */
  readonly total: number;
  /** Row-major positions of the entries that were differenced. */
  readonly positions: readonly number[];
  readonly differences: readonly Difference[];
}

export interface Differences {
  readonly loss: number;
  readonly parameters: readonly ParameterDifferences[];
}

export interface DifferenceOptions {
  /** Chooses the entries where there are too many for all. */
  readonly seed?: number | undefined;
  /** A bound of the rounding error of the loss; by default a few units of its last place. */
  readonly noise?: number | undefined;
  /** About how many elementary operations may be spent. */
  readonly maxWork?: number | undefined;
}

const DEFAULT_WORK = 4e8;
const MOST_ENTRIES = 4000;

/**
 * @throws InputError when the point does not fit the model.
 */
export function differences(
  model: Model,
  point: Point,
  { seed = 1, noise, maxWork = DEFAULT_WORK }: DifferenceOptions = {},
): Differences {
  const { loss, parameters } = lossLines(model, readPoint(model, point), {
    seed,
    maxWork,
    mostEntries: MOST_ENTRIES,
    evaluations: EVALUATIONS,
  });
  const spread = noise ?? 8 * UNIT_ROUNDOFF * Math.abs(loss);
  return {
    loss,
    parameters: parameters.map(({ parameter, total, lines }): ParameterDifferences => ({
      parameter,
      total,
      positions: lines.map(({ position }) => position),
      differences: lines.map(({ here, at }) => {
        const along = (step: number): number => at(here + step);
        return derivative(along, loss, Math.abs(here), spread);
      }),
    })),
  };
}

// ————— one entry —————

const ROWS = 7;
const ROUNDS = 4;
const FIRST_STEP = 2 ** -5;
/** Evaluations of the loss for one entry, usually. */
const EVALUATIONS = 2 * ROWS;
/** Good enough not to try smaller steps. */
const ENOUGH = 1e-9;

/**
 * @param along the loss as a function of the step
 * @param size magnitude of the entry
 * @param noise bound of the rounding error of the loss
 */
function derivative(
  along: (step: number) => number,
  loss: number,
  size: number,
  noise: number,
): Difference {
  let best: Difference = { value: NaN, error: Infinity, isKink: false };
  let first = FIRST_STEP * Math.max(1, 2 ** Math.floor(Math.log2(Math.max(size, 2 ** -10))));
  for (let round = 0; round < ROUNDS; round++, first *= 2 ** -ROWS) {
    const found = extrapolate(along, loss, first, noise);
    if (found.error < best.error || Number.isNaN(best.value)) best = found;
    const roundoff = (2 * noise) / (first * 2 ** (1 - ROWS));
    // smaller steps help no more where rounding is all that is left
    if (best.error <= Math.max(ENOUGH * Math.abs(best.value), 8 * roundoff)) break;
  }
  return best;
}

/** One tableau: central differences at first, first/2, …, and their Richardson extrapolations. */
function extrapolate(
  along: (step: number) => number,
  loss: number,
  first: number,
  noise: number,
): Difference {
  let value = NaN;
  let error = Infinity;
  let above: number[] = [];
  const jumps: number[] = [];
  let step = first;
  for (let i = 0; i < ROWS; i++, step /= 2) {
    const [right, left] = [along(step), along(-step)];
    const row = [(right - left) / (2 * step)];
    jumps.push(Math.abs((right - loss) / step - (loss - left) / step));
    const roundoff = (2 * noise) / step;
    for (let j = 1; j <= above.length; j++) {
      const factor = 4 ** j;
      const next = (factor * row[j - 1]! - above[j - 1]!) / (factor - 1);
      row.push(next);
      const estimate =
        Math.max(Math.abs(next - row[j - 1]!), Math.abs(next - above[j - 1]!)) + roundoff;
      if (estimate < error) [value, error] = [next, estimate];
    }
    above = row;
  }
  const [before, last] = jumps.slice(-2) as [number, number];
  const blur = (8 * noise) / (2 * step);
  // a smooth function's jump halves with the step, a kink's stays
  const isKink = last > blur && last > 0.75 * before && last > 1e-6 * Math.abs(value);
  return { value, error, isKink };
}
