/** Letters of ∂u/∂v that deltas tie to each other: no sum over them is written. */
import { isWithin, solvedFor } from "../expression/contract.js";
import type { Expression } from "../expression/expression.js";
import type { Index, Letter } from "../expression/indices.js";
import { isZero } from "../expression/predicates.js";

/** Outer letters p that in every term are one inner letter q, or a place behind it: δ_pq. */
export function pinnedLetters(
  expression: Expression,
  outer: readonly Letter[],
  inner: readonly Letter[],
): Map<string, Index> {
  const terms = expression.kind === "sum" ? expression.terms.map(({ term }) => term) : [expression];
  const hasConstant = expression.kind === "sum" && expression.constant.n !== 0n;
  const pinned = new Map<string, Index>();
  if (hasConstant || isZero(expression)) return pinned;
  for (const p of outer) {
    const left = inner.filter(
      (q) => ![...pinned.values()].some(({ letters }) => letters.includes(q)),
    );
    const pins = terms.map((term) => pinsOf(term, p, left));
    const common = pins[0]!.find((pin) => pins.every((all) => all.some((one) => one.equals(pin))));
    if (common) pinned.set(p.key, common);
  }
  return pinned;
}

/** What the deltas of a term say that a letter is, where that is one of some letters, at any place. */
function pinsOf(term: Expression, p: Letter, inner: readonly Letter[]): Index[] {
  const factors = term.kind === "product" ? term.factors.map(({ base }) => base) : [term];
  return factors.flatMap((factor) => {
    if (factor.kind !== "delta") return [];
    const pin = solvedFor(factor, p);
    const [q, ...others] = pin?.letters ?? [];
    return pin && q && others.length === 0 && inner.includes(q) && isWithin(pin, p.size) ? pin : [];
  });
}
