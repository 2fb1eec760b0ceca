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
  const index = solvedFor(delta, letter);
  // another letter of the same range, as almost always
  if (index?.plain && index.plain.size.equals(letter.size) && isNeverEmpty(letter.size))
    return graph.substitute(rest, new Map([[letter.key, index]]));
  const range = index && extent(index);
  if (!range) return undefined;
  const before = Size.zero.minus(range.last);
  const behind = range.first.minus(letter.size);
  if (isPositive(before) || behind.nonNegative === true) return graph.zero;
  return isWithin(index, letter.size)
    ? graph.substitute(rest, new Map([[letter.key, index]]))
    : undefined;
}

/** Where two indices are equal: always, never, or where two indices are, which are in the order of their keys. */
export function meeting(a: Index, b: Index): [Index, Index] | "always" | "never" {
  // almost all are letters alone, which are the same or not
  if (a.plain && b.plain) {
    if (a.plain.key === b.plain.key) return "always";
    if (isNeverEmpty(a.plain.size) && isNeverEmpty(b.plain.size)) return inOrder(a, b);
  }
  const difference = a.plus(b.times(MINUS_ONE));
  if (difference.terms.length === 0 && difference.offset.constant === 0) return "always";
  if (isNeverZero(difference)) return "never";
  const divided = dividedDifference(difference);
  if (divided === "never") return divided;
  if (divided) return meeting(...divided);
  return inOrder(...(lettersThatMeet(difference) ?? [a, b]));
}

function inOrder(a: Index, b: Index): [Index, Index] {
  return a.key < b.key ? [a, b] : [b, a];
}

/** Whether a size is a name, or a number above 0. */
function isNeverEmpty({ constant, soleName }: Size): boolean {
  return constant === undefined ? soleName !== undefined : constant > 0;
}

/** What the letter is where both indices are equal; undefined where it is a fraction of something. */
export function solvedFor({ indices: [a, b] }: DeltaNode, letter: Letter): Index | undefined {
  if (a.plain && b.plain) {
    if (a.plain.key === letter.key) return b;
    return b.plain.key === letter.key ? a : undefined;
  }
  const difference = a.plus(b.times(MINUS_ONE));
  const own = difference.terms.find((term) => term.letter.key === letter.key);
  const factor = own?.coefficient.constant;
  if (factor !== 1 && factor !== -1) return undefined;
  const rest = difference.plus(Index.of(letter).times(Size.of(-factor)));
  return rest.times(Size.of(-factor));
}

const MINUS_ONE = Size.of(-1);

/** The least and the greatest value of an index; undefined where the sizes decide which is which. */
export function extent({ offset, terms }: Index): { first: Size; last: Size } | undefined {
  let [first, last] = [offset, offset];
  for (const { letter, coefficient } of terms) {
    const span = letter.size.minus(Size.one).times(coefficient);
    if (coefficient.nonNegative === true) last = last.plus(span);
    else if (coefficient.times(MINUS_ONE).nonNegative === true) first = first.plus(span);
    else return undefined;
  }
  return { first, last };
}

/** Whether an index is always one of the first places, as many as a size says. */
export function isWithin(index: Index, size: Size): boolean {
  const range = extent(index);
  return range?.first.nonNegative === true && isPositive(size.minus(range.last));
}

/** Whether an index is never 0, whatever its letters and sizes are; false where that is not known. */
function isNeverZero(index: Index): boolean {
  const range = extent(index);
  return (
    range !== undefined && (isPositive(range.first) || isPositive(Size.zero.minus(range.last)))
  );
}

/**
 * A difference of indices that is 0, divided by what its coefficients have in common: undefined where that is 1, or
 * sizes are among them; "never" where it is no divisor of the offset, as in 2i = 2j + 1.
 */
function dividedDifference({
  offset,
  terms,
}: Index): readonly [Index, Index] | "never" | undefined {
  const coefficients = terms.map(({ coefficient }) => coefficient.constant);
  const rest = offset.constant;
  if (rest === undefined || !coefficients.every((one) => one !== undefined)) return undefined;
  const common = coefficients.reduce(greatestCommonDivisor, 0);
  if (common < 2) return undefined;
  if (rest % common !== 0) return "never";
  const side = (sign: 1 | -1): Index =>
    terms.reduce<Index>(
      (sum, { letter }, place) => {
        const own = (sign * coefficients[place]!) / common;
        return own > 0 ? sum.plus(Index.of(letter).times(Size.of(own))) : sum;
      },
      Index.number(Math.max(0, (sign * rest) / common)),
    );
  return [side(1), side(-1)];
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? Math.abs(a) : greatestCommonDivisor(b, a % b);
}

/** The two letters that are equal where a difference of indices is 0: i and j for i + 2 − (j + 2). */
function lettersThatMeet({ offset, terms }: Index): [Index, Index] | undefined {
  const [first, second] = terms;
  if (!first || !second || terms.length > 2 || offset.constant !== 0) return undefined;
  const [a, b] = [first.coefficient.constant, second.coefficient.constant];
  const isDifference = (a === 1 && b === -1) || (a === -1 && b === 1);
  return isDifference ? [Index.of(first.letter), Index.of(second.letter)] : undefined;
}

function isPositive(size: Size): boolean {
  return size.minus(Size.one).nonNegative === true;
}
