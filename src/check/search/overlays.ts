/**
 * A mistake in the pass with another in what was made of its result: weight decay that the loss does
 * not have, or updated weights handed in for the gradient.
 */
import type { Model } from "../../language/model.js";
import { type Exhibit, informative, reproduces } from "../claims/evidence.js";
import { asTold, constantFactor, written } from "../explanations/factors.js";
import { factorFaults, type Fault, updatedFault } from "../explanations/hypothesis.js";
import type { Comparable } from "../alone/normalise.js";
import { faultAt } from "../mutants/mutant.js";

/** Entries that must agree on the two numbers that are fitted. */
const BACKING = 6;
const UPDATED_COST = 1.9;
const DECAY_COST = 1.8;

export interface Overlay {
  readonly faults: readonly Fault[];
  readonly cost: number;
}

/**
 * Explains a parameter's claim as s·explained + λ·parameter.
 * @param values the parameter's at each point
 * @param hasOwnTerm whether the loss itself has such a term, whose factor is then another mistake
 */
export function overlaid(
  model: Model,
  { evidence }: Comparable,
  values: readonly Float64Array[],
  explained: readonly Float64Array[],
  hasOwnTerm: boolean,
): Overlay | undefined {
  const { quantity, exhibits } = evidence;
  if (quantity.role !== "parameter" || informative(exhibits[0]!) < BACKING) return undefined;
  const fitted = fit(exhibits[0]!, explained[0]!, values[0]!);
  if (fitted === undefined) return undefined;
  for (const digits of [1, 2]) {
    const decay = Number(fitted.toPrecision(digits));
    const given = exhibits.map(({ claim }, k) =>
      claim.entries.map((entry, n) => entry - decay * values[k]![n]!),
    );
    const found = constantFactor(model, evidence, { given, explained }, BACKING);
    // people choose rates with more digits than other factors
    const factor = found && (written(found) ?? (decay === 1 ? asTold(found) : undefined));
    const holds =
      factor &&
      exhibits.every((exhibit, k) => {
        const times = factor.at(exhibit.sizes);
        const whole = values[k]!.map((w, n) => times * explained[k]![n]! + decay * w);
        return reproduces(exhibit.claim.entries, whole, exhibit);
      });
    if (!holds) continue;
    // mistakes that undo each other explain nothing
    const isRight = exhibits.every((exhibit, k) =>
      reproduces(exhibit.right.entries, explained[k]!, exhibit, factor.at(exhibit.sizes)),
    );
    if (isRight) return undefined;
    if (decay === 1 && factor.value < 0) {
      // a rate is one number, whatever sizes there are
      if (!exhibits.every(({ sizes }) => factor.at(sizes) === factor.value)) return undefined;
      return { faults: [updatedFault(quantity, factor.value)], cost: UPDATED_COST };
    }
    // a decay is a small part of the weights
    if (hasOwnTerm || Math.abs(decay) >= 1) return undefined;
    const fault = faultAt(quantity, "extra-term", () => {
      const term = `${decay} * ${quantity.name}`;
      const what = `the gradient plus ${term}: ${model.loss.name} has no such term, leave it out`;
      return { term, what };
    });
    return { faults: [fault, ...factorFaults(factor)], cost: DECAY_COST + factor.cost };
  }
  return undefined;
}

/** Whether a parameter's claim is s·explained + λ·values for some numbers, at one point. */
export function mayBeOverlaid(
  exhibit: Exhibit,
  explained: Float64Array,
  values: Float64Array,
): boolean {
  if (exhibit.claim.quantity.role !== "parameter" || informative(exhibit) < BACKING) return false;
  return fit(exhibit, explained, values) !== undefined;
}

/** The λ of the least squares fit s·e + λ·w; undefined where the fit does not hold. */
function fit(exhibit: Exhibit, e: Float64Array, w: Float64Array): number | undefined {
  const given = exhibit.claim.entries;
  let [ee, ew, ww, ge, gw] = [0, 0, 0, 0, 0];
  for (let k = 0; k < given.length; k++) {
    ee += e[k]! * e[k]!;
    ew += e[k]! * w[k]!;
    ww += w[k]! * w[k]!;
    ge += given[k]! * e[k]!;
    gw += given[k]! * w[k]!;
  }
  const determinant = ee * ww - ew * ew;
  if (!(determinant > 1e-9 * ee * ww)) return undefined;
  const scale = (ge * ww - gw * ew) / determinant;
  const decay = (gw * ee - ge * ew) / determinant;
  const whole = e.map((entry, k) => scale * entry + decay * w[k]!);
  return decay !== 0 && reproduces(given, whole, exhibit) ? decay : undefined;
}
