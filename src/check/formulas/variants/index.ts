/** All variants of a statement. */
import type { Syntax } from "../../../language/syntax.js";
import { BLOCK_VARIANTS } from "./blocks.js";
import { CONDITION_VARIANTS } from "./conditions.js";
import { CONTENT_VARIANTS } from "./content.js";
import { DROPPED, FACTOR_VARIANTS } from "./factors.js";
import { LOST_FACTOR_VARIANTS } from "./lost-factors.js";
import { LOST_TERM_VARIANTS } from "./lost-terms.js";
import { NAME_VARIANTS } from "./names.js";
import { STRUCTURE_VARIANTS } from "./structure.js";
import { SUM_VARIANTS } from "./sums.js";
import {
  type Spot,
  spotsIn,
  type Surroundings,
  termsOf,
  type Variant,
  type VariantKind,
} from "./variant.js";

/** Of the same cost in this order. */
const KINDS: readonly VariantKind[] = [
  ...STRUCTURE_VARIANTS,
  ...SUM_VARIANTS,
  ...NAME_VARIANTS,
  ...CONDITION_VARIANTS,
  ...FACTOR_VARIANTS,
  ...LOST_FACTOR_VARIANTS,
  ...LOST_TERM_VARIANTS,
  ...CONTENT_VARIANTS,
  ...BLOCK_VARIANTS,
];

/**
 * Statements that differ from one in a single mistake, the least surprising ones first; a kind of mistake is not made
 * before its turn has come.
 */
export function* variantsOf(expression: Syntax, around: Surroundings): Generator<Variant> {
  const made = mistakesIn(expression, around);
  const open: { readonly variant: Variant; readonly rank: number }[] = [];
  const kinds = KINDS.map((kind, rank) => ({ kind, rank })).sort(
    (a, b) => a.kind.least - b.kind.least,
  );
  for (const [k, { kind, rank }] of kinds.entries()) {
    for (const variant of made(kind)) open.push({ variant, rank });
    const next = kinds[k + 1]?.kind.least ?? Infinity;
    if (next === kind.least) continue;
    open.sort((a, b) => a.variant.cost - b.variant.cost || a.rank - b.rank);
    const count = open.findIndex(({ variant }) => variant.cost >= next);
    yield* open.splice(0, count < 0 ? open.length : count).map(({ variant }) => variant);
  }
}

/** Variants of a statement that lack one of its factors. */
export function* withoutFactors(expression: Syntax, around: Surroundings): Generator<Variant> {
  for (const variant of mistakesIn(expression, around)(DROPPED)) {
    if (variant.faults.some(({ cause }) => cause === "extra-factor")) yield variant;
  }
}

/** Mistakes of a kind: in the sums of a statement, and in each of its terms. */
function mistakesIn(
  expression: Syntax,
  around: Surroundings,
): (kind: VariantKind) => Iterable<Variant> {
  const { sums, terms } = termsOf(expression);
  const spots = terms.map((term) => ({ term, own: spotsIn(withinItself(term)) }));
  return function* ({ make }) {
    if (sums.length === 0) {
      yield* make(spotsIn(terms[0]!), around);
      return;
    }
    yield* make(sums, around);
    for (const [k, { term, own }] of spots.entries()) {
      for (const variant of make(own, around)) yield new VariantOfTerm(variant, term, k);
    }
  };
}

/** What is put in place of a part of a term is then the term. */
function withinItself(term: Spot): Spot {
  return { ...term, replace: (replacement) => replacement };
}

class VariantOfTerm implements Variant {
  readonly faults: Variant["faults"];
  readonly cost: number;
  readonly share: Variant["share"];
  private whole: Syntax | undefined;

  constructor(
    { syntax, faults, cost }: Variant,
    private readonly spot: Spot,
    term: number,
  ) {
    this.faults = faults;
    this.cost = cost;
    this.share = { term, syntax };
  }

  get syntax(): Syntax {
    return (this.whole ??= this.spot.replace(this.share!.syntax));
  }
}
