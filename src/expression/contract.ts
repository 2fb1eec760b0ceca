/** Sums in which a delta fixes the letter of the sum. */
import type { DeltaNode, Expression } from "./expression.js";
import type { Graph } from "./graph.js";
import { Index, type Letter } from "./indices.js";
import { Size } from "./size.js";

/**
 * Σ_letter δ·rest: the rest at the one index that the delta allows, or 0 where that is surely out
 * of the letter's range; undefined where it depends on other letters or on sizes.
 */
export function contract(
  graph: Graph,
  letter: Letter,
  delta: DeltaNode,
  rest: Expression,
): Expression | undefined {
  const index = solved(delta, letter);
  const range = index && extent(index);
  if (!range) return undefined;
  const before = Size.zero.minus(range.last);
  const behind = range.first.minus(letter.size);
  if (isPositive(before) || behind.nonNegative === true) return graph.zero;
  const isWithin = range.first.nonNegative === true && isPositive(letter.size.minus(range.last));
  return isWithin ? graph.substitute(rest, new Map([[letter.key, index]])) : undefined;
}

/** What the letter is where both indices are equal; undefined where it is a fraction of something. */
function solved({ indices: [a, b] }: DeltaNode, letter: Letter): Index | undefined {
  const difference = a.plus(b.times(MINUS_ONE));
  const own = difference.terms.find((term) => term.letter.key === letter.key);
  const factor = own?.coefficient.constant;
  if (factor !== 1 && factor !== -1) return undefined;
  const rest = difference.plus(Index.of(letter).times(Size.of(-factor)));
  return rest.times(Size.of(-factor));
}

const MINUS_ONE = Size.of(-1);

/** The least and the greatest value of an index; undefined where the sizes decide which is which. */
function extent({ offset, terms }: Index): { first: Size; last: Size } | undefined {
  let [first, last] = [offset, offset];
  for (const { letter, coefficient } of terms) {
    const span = letter.size.minus(Size.one).times(coefficient);
    if (coefficient.nonNegative === true) last = last.plus(span);
    else if (coefficient.times(MINUS_ONE).nonNegative === true) first = first.plus(span);
    else return undefined;
  }
  return { first, last };
}

function isPositive(size: Size): boolean {
  return size.minus(Size.one).nonNegative === true;
}
