/** Which mistakes show at a point. */
import type { Quantity } from "../../expression/quantity.js";
import type { Change } from "../pass/backward.js";
import type { Bench } from "../pass/bench.js";
import { NO_CHANGE } from "../pass/changes.js";
import { signature } from "../mutants/catalogue.js";
import type { Mistake } from "./mistakes.js";

/** Whether the k-th entry of ∂loss/∂quantity shows that it is not the right one. */
export type Differs = (quantity: Quantity, k: number, right: number, given: number) => boolean;

/** Relative differences up to this are rounding errors of the bench. */
const OWN_ERROR = 1e-7;

/** As told by numbers in full. */
export const differsAtAll: Differs = (_, _k, right, given) =>
  Math.abs(given - right) > OWN_ERROR * (Math.abs(right) + 1e-3);

/** What a mistake makes of the wanted derivatives, as `Mistake.at`. */
export type Effects = (mistake: Mistake) => ReturnType<Mistake["at"]>;

/** The effects of mistakes where a bench stands, which are computed once: it stands there for as long as they are asked for. */
export function effectsAt(bench: Bench): Effects {
  const known = new Map<Mistake, ReturnType<Mistake["at"]>>();
  return (mistake) => {
    if (!known.has(mistake)) known.set(mistake, mistake.at(bench));
    return known.get(mistake);
  };
}

/** Whether a mistake changes any of the wanted derivatives where the bench stands. */
export function isExposed(
  mistake: Mistake,
  bench: Bench,
  differs: Differs,
  effects: Effects = (one) => one.at(bench),
): boolean {
  const results = effects(mistake);
  if (!results) return false;
  for (const [quantity, entries] of results) {
    if (entries === null) return true;
    const right = bench.adjoints.get(quantity)!;
    for (let k = 0; k < entries.length; k++) {
      if (Number.isNaN(entries[k]) || differs(quantity, k, right[k]!, entries[k]!)) return true;
    }
  }
  return false;
}

/** What shows where a bench stands. */
export interface Shown {
  readonly mistakes: readonly Mistake[];
  /** Those that change nothing there. */
  readonly silent: readonly Mistake[];
  /** Those that the numbers there do not tell from others, or from none. */
  readonly untold: readonly Mistake[];
  /** Whether no other random point of these sizes shows more. */
  readonly isAll: boolean;
}

/**
 * The mistakes that change something where the bench stands, each once: what changes nothing at a
 * generic point is no mistake, and mistakes that lead to the same numbers are one.
 *
 * Where neither the model nor a mistake has kinks, what the mistake changes is analytic: it is 0 at a random point
 * only if it is 0 everywhere. Other points are worth a look for what has kinks, or no numbers here.
 */
export function distinct(
  mistakes: readonly Mistake[],
  bench: Bench,
  effects: Effects = (one) => one.at(bench),
): Shown {
  const seen = new Map<string, Mistake>();
  const doubtful = new Set<Mistake>();
  const silent: Mistake[] = [];
  const uncomputed = new Set<Mistake>();
  for (const mistake of mistakes) {
    const key = signatureOf(mistake, bench, effects(mistake));
    if (key === undefined) uncomputed.add(mistake);
    else if (key === NO_EFFECT) {
      doubtful.add(mistake);
      silent.push(mistake);
    } else if (!seen.has(key)) seen.set(key, mistake);
    else doubtful.add(mistake).add(seen.get(key)!);
  }
  const isAll =
    uncomputed.size === 0 && (doubtful.size === 0 || bench.isSmooth([...doubtful].map(changeOf)));
  const untold = mistakes.filter((one) => doubtful.has(one) || uncomputed.has(one));
  return { mistakes: [...seen.values()], silent, untold, isAll };
}

function changeOf({ change }: Mistake): Change {
  return change?.() ?? NO_CHANGE;
}

const NO_EFFECT = "";

/** Equal for mistakes with the same numbers; undefined where there are none. */
function signatureOf(
  mistake: Mistake,
  bench: Bench,
  results: ReturnType<Mistake["at"]>,
): string | undefined {
  if (!results) return undefined;
  const parts: string[] = [];
  for (const [quantity, entries] of results) {
    if (entries === null) {
      parts.push(`${quantity.name} ${mistake.cause}`);
      continue;
    }
    const right = bench.adjoints.get(quantity)!;
    if (!entries.every(Number.isFinite)) return undefined;
    if (!entries.some((entry, k) => differsAtAll(quantity, k, right[k]!, entry))) continue;
    parts.push(`${quantity.name} ${signature(entries)}`);
  }
  return parts.length > 0 ? parts.join(" ") : NO_EFFECT;
}
