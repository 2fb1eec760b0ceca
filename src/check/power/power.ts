/**
 * The power of a check: which of the known mistakes would show in what is claimed, at the points
 * and to the precision of the check. It is mutation testing (DeMillo, Lipton, Sayward, Hints on test
 * data selection, 1978), of points instead of programs: a mistake that changes no number there is
 * hidden.
 */
import type { Quantity } from "../../expression/quantity.js";
import type { SizeValues } from "../../expression/size.js";
import { InputError } from "../../language/source.js";
import type { Bench } from "../pass/bench.js";
import type { Catalogue } from "../mutants/catalogue.js";
import type { Evidence } from "../claims/evidence.js";
import type { Power } from "../result.js";
import { once } from "../once.js";
import { tolerance } from "../claims/verdict.js";
import {
  differsAtAll,
  type Differs,
  distinct,
  type Effects,
  effectsAt,
  isExposed,
} from "./exposure.js";
import { mostInformative, showing } from "./informative.js";
import { knownMistakes, type Mistake } from "./mistakes.js";
import { numbersForSizes } from "./numbers-for-sizes.js";
import { whyHidden } from "./reasons.js";
import { hiddenMistake } from "./words.js";

/** Draws the points at which mistakes are told from what is none, and how many. */
const SEED = 20;
const CANDIDATES = 3;
/** Relative errors of the bench. */
const OWN_ERROR = 1e-9;

/**
 * @param benches one for each point where the claims were made
 * @param evidences of all claims, right or wrong
 */
export function powerOf(
  catalogue: Catalogue,
  benches: readonly Bench[],
  evidences: readonly Evidence[],
): Power {
  const wanted = evidences.map(({ quantity }) => quantity);
  const effects = effectsAt(benches[0]!);
  const mistakes = mistakesFor(catalogue, benches[0]!, wanted, effects);
  const shows = benches.map((_, k) => shownAt(benches[k]!, evidences, k));
  const isShown = (mistake: Mistake): boolean =>
    benches.some((bench, k) => isExposed(mistake, bench, shows[k]!, k === 0 ? effects : undefined));
  const hidden = mistakes.filter((mistake) => !isShown(mistake));
  const told = hidden.map((mistake) => {
    const why = benches.some((bench) => isExposed(mistake, bench, differsAtAll))
      ? "it changes less than the digits that were given show"
      : (mistake.why ?? whyHidden(mistake, benches[0]!));
    return hiddenMistake(mistake, why);
  });
  const numbers = numbersForSizes(catalogue.backward.model, benches);
  return {
    exposed: mistakes.length - hidden.length,
    total: mistakes.length + numbers.length,
    hidden: [...told, ...numbers],
  };
}

/**
 * The known mistakes that are mistakes at a generic point; where none is found, at the point of the check. What the
 * numbers of a smooth model tell apart anywhere they tell apart at a generic point.
 */
function mistakesFor(
  catalogue: Catalogue,
  bench: Bench,
  wanted: readonly Quantity[],
  effects: Effects,
): readonly Mistake[] {
  const { backward } = catalogue;
  const draw = { seed: SEED, candidates: CANDIDATES };
  const hasGenericSizes = isGeneric(bench.sizes);
  const elsewhere = hasGenericSizes
    ? undefined
    : found(() => mostInformative(backward, wanted, draw).mistakes);
  if (elsewhere) return elsewhere;
  const known = knownMistakes(catalogue, bench, wanted);
  const here = once(() => distinct(known, bench, effects));
  if (!hasGenericSizes) return here().mistakes;
  const untold = bench.isSmooth([]) ? here().untold : known;
  if (untold.length === 0) return here().mistakes;
  const told = found(() => showing(backward, bench, untold, draw));
  if (!told) return here().mistakes;
  const isTold = new Set(told);
  const certain = untold === known ? [] : here().mistakes.filter((one) => !untold.includes(one));
  for (const one of certain) isTold.add(one);
  // in the order in which they are known, and last those that no point shows
  return [...known.filter((one) => isTold.delete(one)), ...isTold];
}

/** Nothing where there is no such point. */
function found<Result>(draw: () => Result): Result | undefined {
  try {
    return draw();
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return undefined;
  }
}

/** Whether no size is 1 and no two are equal. */
function isGeneric(sizes: SizeValues): boolean {
  const values = [...sizes.values()];
  return values.every((value) => value > 1) && new Set(values).size === values.length;
}

/** To the precision of the claims at one of the points. */
function shownAt(bench: Bench, evidences: readonly Evidence[], point: number): Differs {
  const known = new Map(
    evidences.map(({ quantity, exhibits }) => {
      const { precision, right } = exhibits[point]!;
      const sampled = (list: Float64Array): Float64Array => bench.sampled(quantity, list);
      const entries = sampled(right.entries);
      const spread = sampled(right.spread);
      return [quantity, { precision, right: { entries, spread, blur: sampled(right.blur) } }];
    }),
  );
  return (quantity, k, right, given) => {
    const { precision, right: all } = known.get(quantity)!;
    const allowed = tolerance(precision, all, k, given) + OWN_ERROR * Math.abs(right);
    return Math.abs(given - right) > allowed;
  };
}
