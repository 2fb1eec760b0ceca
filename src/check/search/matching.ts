/** Whether the numbers of a pass with mistakes explain a claim, and which more it then takes. */
import type { Quantity } from "../../expression/quantity.js";
import { references } from "../../expression/walk.js";
import type { Model } from "../../language/model.js";
import type { Bench } from "../pass/bench.js";
import {
  type Evidence,
  type Exhibit,
  informative,
  nearestRatio,
  ratio,
  reproduces,
} from "../claims/evidence.js";
import {
  ARBITRARY,
  asTold,
  constant,
  constantFactor,
  type Factor,
  type FactorOfSizes,
  isUnit,
  nearFactor,
  sizesNear,
  written,
} from "../explanations/factors.js";
import { factorFaults, type Fault } from "../explanations/hypothesis.js";
import type { Comparable } from "../alone/normalise.js";
import { mayBeOverlaid, overlaid } from "./overlays.js";

/** Entries without a name for their factor must be at least this many. */
export const BACKING = 4;
/** What a second fault costs beyond its own cost. */
export const SECOND = 0.5;

/** The wanted derivatives of passes, at each point. */
export type Results = readonly ReadonlyMap<Quantity, Float64Array>[];

/** Mistakes that a claim has beyond those of the pass that explains it. */
export interface Match {
  readonly cost: number;
  readonly faults: readonly Fault[];
  /** Whether they explain the claim without the pass. */
  readonly isAlone?: boolean;
}

/** A quantity's derivative at all points; undefined where the pass does not touch it. */
export function resultsOf(results: Results, quantity: Quantity): Float64Array[] | undefined {
  const lists = results.map((one) => one.get(quantity)).filter((list) => list !== undefined);
  return lists.length === results.length ? lists : undefined;
}

/** Whether a pass may explain a claim, as far as the first point tells: a quick look before `matchOf`. */
export function mayMatch(
  { evidence: { quantity, exhibits } }: Comparable,
  results: ReadonlyMap<Quantity, Float64Array>,
  bench: Bench,
): boolean {
  const explained = results.get(quantity);
  const [exhibit] = exhibits;
  if (!explained || !exhibit) return false;
  const { entries } = exhibit.claim;
  if (reproduces(entries, explained, exhibit)) return true;
  if (ratio(entries, explained, exhibit) !== undefined) return true;
  return mayBeOverlaid(exhibit, explained, bench.sampled(quantity, bench.valueOf(quantity)));
}

const TRANSPOSED: Fault = {
  cause: "transposed",
  say: (claim) => `${claim} is transposed: write (${claim})'`,
};

/**
 * @param benches of the points, with all entries that the claim has
 * @param isUpToFactor whether a constant factor belongs to the mistake
 * @param mayOverlay whether the claim may hold more than the pass: decay, updated weights
 */
export function matchOf(
  model: Model,
  claim: Comparable,
  results: Results,
  benches: readonly Bench[],
  isUpToFactor: boolean,
  mayOverlay: boolean,
): Match | undefined {
  const { evidence, isTransposed } = claim;
  const { quantity } = evidence;
  const explained = resultsOf(results, quantity);
  if (!explained) return undefined;
  const turned = isTransposed ? [TRANSPOSED] : [];
  const turning = isTransposed ? 1 : 0;
  const given = evidence.exhibits.map((exhibit) => exhibit.claim.entries);
  const factor = constantFactor(model, evidence, { given, explained }, BACKING);
  const holdsAsTold = (found: FactorOfSizes): boolean =>
    evidence.exhibits.every((exhibit, k) =>
      reproduces(given[k]!, explained[k]!, exhibit, asTold(found).at(exhibit.sizes)),
    );
  if (!factor && !mayOverlay) return undefined;
  // a mistake that needs a number that nobody writes is none
  if (factor?.cost === ARBITRARY && !(isUpToFactor && holdsAsTold(factor))) return undefined;
  if (!factor) {
    const values = benches.map((bench) => bench.sampled(quantity, bench.valueOf(quantity)));
    const hasOwnTerm = benches[0]!
      .into(quantity)
      .some(({ clause }) => references([clause.body]).some((one) => one.quantity === quantity));
    const overlay = overlaid(model, claim, values, explained, hasOwnTerm);
    if (!overlay) return undefined;
    return { cost: overlay.cost + SECOND + turning, faults: [...overlay.faults, ...turned] };
  }
  // what is right but for a factor, and labels that do not quite sum to 1, is of no other loss
  const near = isUpToFactor ? nearFactor(model, evidence) : undefined;
  // a pass that is right here but for a factor is none of another loss
  const isRight = (exhibit: Exhibit, k: number): boolean =>
    ratio(exhibit.right.entries, explained[k]!, exhibit) !== undefined;
  if (near && isUnit(near) && evidence.exhibits.every(isRight)) return undefined;
  if (near)
    return {
      cost: near.cost,
      faults: [...factorFaults(near), ...turned],
      isAlone: !isUnit(near),
    };
  const faults = [...(isUpToFactor ? beyondMean(factor) : factorFaults(factor)), ...turned];
  const isMean = isUpToFactor && typeof factor.name === "string";
  const second = faults.length > 0 ? SECOND : 0;
  return { cost: (isMean ? factor.cost / 4 : factor.cost) + second + turning, faults };
}

/** A mean belongs to a loss, so that 1/N is no mistake of its own. */
function beyondMean(factor: Factor): Fault[] {
  if (typeof factor.name === "number") return factorFaults(factor);
  return factor.value < 0 ? factorFaults({ ...factor, value: -1, name: -1, isStep: false }) : [];
}

/** What a number costs that is no more than short. */
const SHORT_COST = 1.8;

/** Factors that a claim may have as a whole while one of its parts has another. */
const SCALES = [1, -1, 2, 1 / 2] as const;

/** The factor of a part of a derivative, and of all of it. */
export interface PartMatch {
  readonly factor: FactorOfSizes;
  readonly faults: readonly Fault[];
  readonly cost: number;
}

/**
 * @param base the derivative with the part `present` times in it
 * @param once the same with the part added once more
 */
export function partMatchOf(
  model: Model,
  { evidence }: Comparable,
  base: readonly Float64Array[],
  once: readonly Float64Array[],
  present: 0 | 1,
): PartMatch | undefined {
  const { exhibits } = evidence;
  const parts = once.map((list, k) => list.map((entry, n) => entry - base[k]![n]!));
  for (const scale of SCALES) {
    const given = exhibits.map(({ claim }, k) =>
      claim.entries.map((entry, n) => entry / scale - base[k]![n]! + present * parts[k]![n]!),
    );
    const holds = (factor: FactorOfSizes["at"]): boolean =>
      exhibits.every((exhibit, k) => {
        const times = factor(exhibit.sizes) - present;
        const whole = base[k]!.map((entry, n) => scale * (entry + times * parts[k]![n]!));
        return reproduces(exhibit.claim.entries, whole, exhibit);
      });
    // a part that is not there at all was left out, which is another mistake
    if (present === 1 && holds(() => 0)) continue;
    const found =
      constantFactor(model, evidence, { given, explained: parts }, BACKING) ??
      smallFactor(model, evidence, given[0]!, parts[0]!, holds);
    const factor = found && written(found);
    // a part that is there as often as it ought to be has no mistake
    if (!factor || (present === 1 && isUnit(factor)) || !holds(factor.at)) continue;
    const faults = factorFaults({ value: scale, name: scale, cost: 1, isStep: false });
    return { factor, faults, cost: factor.cost / 2 + (scale === 1 ? 0 : 1 + SECOND) };
  }
  return undefined;
}

/**
 * Whether a part of some factor may explain a claim, as far as the first point tells: a quick look before
 * `partMatchOf`. How many entries back the factor is for all points together to say.
 */
export function mayMatchPart(
  model: Model,
  { evidence }: Comparable,
  base: Float64Array,
  once: Float64Array,
  present: 0 | 1,
): boolean {
  const exhibit = evidence.exhibits[0]!;
  const { entries } = exhibit.claim;
  const part = once.map((entry, n) => entry - base[n]!);
  return SCALES.some((scale) => {
    const given = entries.map((entry, n) => entry / scale - base[n]! + present * part[n]!);
    if (reproduces(given, part, exhibit) || ratio(given, part, exhibit) !== undefined) return true;
    return roundedFactors(model, exhibit, given, part).some(({ value }) => {
      const times = value - present;
      const whole = base.map((entry, n) => scale * (entry + times * part[n]!));
      return reproduces(entries, whole, exhibit);
    });
  });
}

/**
 * The short factor of a part that is small beside the whole, such as a learning rate: the difference
 * has lost digits, so that only the whole can tell whether the factor is right.
 */
function smallFactor(
  model: Model,
  { exhibits }: Evidence,
  given: ArrayLike<number>,
  part: ArrayLike<number>,
  holds: (factor: FactorOfSizes["at"]) => boolean,
): FactorOfSizes | undefined {
  const [exhibit] = exhibits;
  if (informative(exhibit!) < BACKING) return undefined;
  const factor = roundedFactors(model, exhibit!, given, part).find(({ at }) => holds(at));
  // another factor would not do as well
  if (!factor || factor.value === 0 || holds((sizes) => 0.9 * factor.at(sizes))) return undefined;
  return factor;
}

/** Those that come nearest: a size, or a number with one digit or two. */
function roundedFactors(
  model: Model,
  { sizes }: Exhibit,
  given: ArrayLike<number>,
  part: ArrayLike<number>,
): FactorOfSizes[] {
  const nearest = nearestRatio(given, part);
  if (nearest === undefined) return [];
  const numbers = [1, 2].map((digits) => Number(nearest.toPrecision(digits)));
  return [
    ...sizesNear(model, sizes, nearest),
    ...numbers.map((value) => constant(value, SHORT_COST)),
  ];
}
