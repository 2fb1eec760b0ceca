/** Which mistakes show at a point. */
import type { Quantity } from "../../expression/quantity.js";
import type { Bench } from "../pass/bench.js";
import { signature } from "../mutants/catalogue.js";
import type { Mistake } from "./mistakes.js";

/** Whether the k-th entry of ∂loss/∂quantity shows that it is not the right one. */
export type Differs = (quantity: Quantity, k: number, right: number, given: number) => boolean;

/** Relative differences up to this are rounding errors of the bench. */
const OWN_ERROR = 1e-7;

/** As told by numbers in full. */
export const differsAtAll: Differs = (_, _k, right, given) =>
  Math.abs(given - right) > OWN_ERROR * (Math.abs(right) + 1e-3);

/** Whether a mistake changes any of the wanted derivatives where the bench stands. */
export function isExposed(mistake: Mistake, bench: Bench, differs: Differs): boolean {
  const results = mistake.at(bench);
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

/**
 * The mistakes that change something where the bench stands, each once: what changes nothing at a
 * generic point is no mistake, and mistakes that lead to the same numbers are one.
 */
export function distinct(mistakes: readonly Mistake[], bench: Bench): Mistake[] {
  const seen = new Set<string>();
  return mistakes.filter((mistake) => {
    const key = effect(mistake, bench);
    return key !== undefined && !seen.has(key) && seen.add(key);
  });
}

/** Equal for mistakes with the same numbers; undefined where the numbers are the right ones or none. */
function effect(mistake: Mistake, bench: Bench): string | undefined {
  const results = mistake.at(bench);
  if (!results) return undefined;
  const parts: string[] = [];
  let isWrong = false;
  for (const [quantity, entries] of results) {
    if (entries === null) {
      isWrong = true;
      parts.push(`${quantity.name} ${mistake.cause}`);
      continue;
    }
    const right = bench.adjoints.get(quantity)!;
    if (!entries.every(Number.isFinite)) return undefined;
    if (!entries.some((entry, k) => differsAtAll(quantity, k, right[k]!, entry))) continue;
    isWrong = true;
    parts.push(`${quantity.name} ${signature(entries)}`);
  }
  return isWrong ? parts.join(" ") : undefined;
}
