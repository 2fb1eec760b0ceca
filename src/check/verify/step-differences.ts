/**
 * Gradients beside central differences with one step ε, and how much of their disagreement the step
 * explains. With D(ε) = (L(θ + ε) − L(θ − ε)) / 2ε,
 *
 *   D(ε) − L′ = ε²/6·L‴ + O(ε⁴),   (D(2ε) − D(ε)) / 3 = ε²/6·L‴ + O(ε⁴)
 *
 * (W. H. Press et al., Numerical Recipes, 3rd ed. 2007, §5.7). So the truncation error is known with
 * its sign from values of the loss alone, and what is left of it may be no more than rounding, which
 * the division by ε magnifies, and terms of higher order. A gradient that is wrong by less than
 * ε²/6·L‴ is therefore still found.
 */
import type { Quantity } from "../../expression/quantity.js";
import type { Model } from "../../language/model.js";
import type { CheckedPoint } from "../../language/point.js";
import { InputError } from "../../language/source.js";
import { kinkSearch } from "../../numeric/kinks.js";
import { type Line, lossLines } from "../../numeric/lines.js";
import { runProgram } from "../../numeric/interpret.js";
import { numericProgram } from "../../numeric/program.js";
import { roundingArithmetic, UNIT_ROUNDOFF } from "../../numeric/rounding.js";
import { DEFAULT_STEP, LARGEST_STEP } from "../../numeric/step.js";
import { entryAt } from "../../numeric/watch.js";
import { work } from "../../numeric/work.js";

/**
 * `not judged`: a kink or the end of a domain lies within eight steps, the step is lost in the
 * entry's last place, or so large that the loss does not look like a polynomial of third degree.
 */
export type StepVerdict = "explained" | "not explained" | "not judged";

/** One entry. */
export interface StepDifference {
  /** From 1; empty for a scalar. */
  readonly entry: readonly number[];
  readonly gradient: number;
  /** The central difference D(ε). */
  readonly difference: number;
  /** difference − gradient. */
  readonly error: number;
  /** ε²/6·L‴, estimated from D(ε) and D(2ε). */
  readonly truncation: number;
  /** What |error − truncation| may be: rounding, and higher terms estimated from D(4ε) and D(8ε). */
  readonly tolerance: number;
  readonly verdict: StepVerdict;
}

export interface ParameterStepDifferences {
  readonly name: string;
  /** Number of its entries; `entries` may be a sample of them. */
  readonly total: number;
  readonly ok: boolean;
  /** The largest |gradient| of all entries. */
  readonly scale: number;
  /** The entry with the largest error; one that is not explained comes before all others. */
  readonly worst: StepDifference;
  readonly entries: readonly StepDifference[];
}

/** Plain data. */
export interface StepDifferences {
  readonly ok: boolean;
  readonly step: number;
  readonly parameters: readonly ParameterStepDifferences[];
}

export interface StepDifferenceOptions {
  /** The step ε, above 0 and at most 0.01; 10⁻⁴ by default. */
  readonly step?: number | undefined;
  /** Chooses the entries where there are too many for all. */
  readonly seed: number;
}

/** Differences are taken with ε, 2ε, 4ε and 8ε. */
const WIDEST = 8;
const MAX_WORK = 1e8;
const MAX_BOUNDS_WORK = 5e6;
const MOST_ENTRIES = 500;
/** Evaluations for one line: four differences, and the distances of kinks at two places. */
const EVALUATIONS = 12;
/** A step is too large where terms of higher order are more than this part of the first. */
const CONVERGING = 4;
/** Rounding of the loss where bounds are too much work. */
const LOSS_ULPS = 64;
/** Rounding of the losses beside the point, which may be larger, beyond what is bounded at it. */
const BESIDE_ULPS = 4;

/**
 * @param gradients what is judged: for every parameter its entries, rows first
 * @throws InputError for a step that is not above 0 and at most {@link LARGEST_STEP}.
 */
export function stepDifferences(
  model: Model,
  point: CheckedPoint,
  gradients: ReadonlyMap<Quantity, readonly number[]>,
  { step = DEFAULT_STEP, seed }: StepDifferenceOptions,
): StepDifferences {
  if (!(step > 0 && step <= LARGEST_STEP)) {
    throw new InputError(`the step is above 0 and at most ${LARGEST_STEP}, not ${step}`);
  }
  const noise = lossNoise(model, point, step);
  const search = kinkSearch(model, point);
  const { loss, parameters: lines } = lossLines(model, point, {
    seed,
    maxWork: MAX_WORK,
    mostEntries: MOST_ENTRIES,
    evaluations: EVALUATIONS,
  });
  const parameters = lines.map(({ parameter, total, lines: own }): ParameterStepDifferences => {
    const gradient = gradients.get(parameter)!;
    const lengths = parameter.shape.map((size) => size.evaluate(point.sizes));
    const entries = own.map((line): StepDifference => {
      const entry = entryAt(lengths, line.position);
      const judged = judge(line, step, gradient[line.position]!, { loss, noise: noise(loss) });
      const isKinked = search(parameter, line.position, WIDEST * step);
      return { entry, ...judged, ...(isKinked && { verdict: "not judged" }) };
    });
    return {
      name: parameter.name,
      total,
      ok: entries.every(({ verdict }) => verdict !== "not explained"),
      scale: gradient.reduce((most, one) => Math.max(most, Math.abs(one)), 0),
      worst: entries.reduce((worst, one) => (isWorse(one, worst) ? one : worst)),
      entries,
    };
  });
  return { ok: parameters.every(({ ok }) => ok), step, parameters };
}

/** @param noise a bound of the rounding error of the loss */
function judge(
  { here, at }: Line,
  step: number,
  gradient: number,
  { loss, noise }: { readonly loss: number; readonly noise: number },
): Omit<StepDifference, "entry"> {
  let largest = 0;
  const central = (reach: number): number => {
    const [high, low] = [here + reach, here - reach];
    const [above, below] = [at(high), at(low)];
    largest = Math.max(largest, Math.abs(above), Math.abs(below));
    // the distance that the doubles really have
    return (above - below) / (high - low);
  };
  const difference = central(step);
  const [double, fourfold, eightfold] = [central(2 * step), central(4 * step), central(8 * step)];
  // ε²/6·L‴ three times; without terms of higher order they were equal
  const truncation = (double - difference) / 3;
  const [second, third] = [(fourfold - double) / 12, (eightfold - fourfold) / 48];
  // where the terms in ε⁴ and ε⁶ cancel in one summand, they do not in the other
  const higher = Math.abs(second - truncation) + Math.abs(third - second) / 16;
  // D and the estimate of its truncation both have rounding errors of about (noise of L)/ε
  const rounding = (2 * (noise + BESIDE_ULPS * UNIT_ROUNDOFF * largest)) / step;
  // the point lies in the middle of both places up to its own last place
  const bend = Math.abs(at(here + step) - 2 * loss + at(here - step)) / step ** 2;
  const skew = bend * UNIT_ROUNDOFF * Math.abs(here);
  const tolerance = 2 * higher + rounding + skew;
  const error = difference - gradient;
  const verdict = ((): StepVerdict => {
    const isLost = here + step === here || here - step === here;
    if (isLost || !Number.isFinite(tolerance)) return "not judged";
    if (Math.abs(error - truncation) <= tolerance) return "explained";
    const isTooLarge = higher > Math.max(rounding, Math.abs(truncation) / CONVERGING);
    return isTooLarge ? "not judged" : "not explained";
  })();
  return { gradient, difference, error, truncation, tolerance, verdict };
}

const BY_GRAVITY: readonly StepVerdict[] = ["not judged", "explained", "not explained"];

function isWorse(one: StepDifference, other: StepDifference): boolean {
  const gravity = BY_GRAVITY.indexOf(one.verdict) - BY_GRAVITY.indexOf(other.verdict);
  return gravity === 0 ? Math.abs(one.error) > Math.abs(other.error) : gravity > 0;
}

/**
 * A bound of the rounding error of the loss near the point, by running error analysis there and
 * where every parameter has moved by the step: at a perfect fit the loss itself rounds to nothing.
 */
function lossNoise(model: Model, point: CheckedPoint, step: number): (loss: number) => number {
  const program = numericProgram(model, []);
  if (work(program.definitions, point.sizes, 4) > MAX_BOUNDS_WORK) {
    return (loss) => LOSS_ULPS * UNIT_ROUNDOFF * Math.abs(loss);
  }
  const bound = (entries: CheckedPoint["entries"]): number =>
    runProgram(program, { ...point, entries }, roundingArithmetic).get(program.loss)![0]!.error;
  const moved = model.params.map(
    (one) => [one, point.entries.get(one)!.map((value) => value + step)] as const,
  );
  const here = bound(point.entries);
  const there = bound(new Map([...point.entries, ...moved]));
  // that point may lie outside a function's domain
  return () => (Number.isFinite(there) ? Math.max(here, there) : here);
}
