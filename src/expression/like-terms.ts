/** Terms and factors in the order in which sums and products have them, each once. */
import type { ProductNode, SumNode } from "./expression.js";
import { isNought, plus } from "./rational.js";

export type Factor = ProductNode["factors"][number];
export type Term = SumNode["terms"][number];

/** In the order of their nodes, each term once; those that cancel are left out. Sorts the list. */
export function likeTerms(all: Term[]): Term[] {
  sort(all, ({ term }) => term.id);
  const terms: Term[] = [];
  for (let at = 0; at < all.length;) {
    const first = all[at]!;
    let total = first.coefficient;
    for (at++; at < all.length && all[at]!.term === first.term; at++) {
      total = plus(total, all[at]!.coefficient);
    }
    if (isNought(total)) continue;
    terms.push(total === first.coefficient ? first : { coefficient: total, term: first.term });
  }
  return terms;
}

/** In the order of their nodes, each base once; those that cancel are left out, and a delta is its own square. Sorts the list. */
export function likeFactors(all: Factor[]): Factor[] {
  sort(all, ({ base }) => base.id);
  const factors: Factor[] = [];
  for (let at = 0; at < all.length;) {
    const first = all[at]!;
    const { base } = first;
    let total = first.exponent;
    for (at++; at < all.length && all[at]!.base === base; at++) total += all[at]!.exponent;
    if (base.kind === "delta") total = Math.min(total, 1);
    if (total !== 0) factors.push(total === first.exponent ? first : { base, exponent: total });
  }
  return factors;
}

/** Longer lists are left to the language. */
const SHORT = 12;

/** Sorts a list that is mostly short and mostly sorted, which the language does by way of another list. */
function sort<One>(all: One[], keyOf: (one: One) => number): void {
  if (all.length > SHORT) {
    all.sort((a, b) => keyOf(a) - keyOf(b));
    return;
  }
  for (let end = 1; end < all.length; end++) {
    const one = all[end]!;
    const key = keyOf(one);
    let place = end;
    for (; place > 0 && keyOf(all[place - 1]!) > key; place--) all[place] = all[place - 1]!;
    all[place] = one;
  }
}
