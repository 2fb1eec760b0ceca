/** The places of the terms of a sum, by what was said of them in the lines before. */
import type { Fraction } from "fraction.js";
import type { Operation } from "../../expression/operations/operation.js";
import type { Quantity } from "../../expression/quantity.js";

/** Compares pieces by the quantities in them; 0 where it does not matter. */
export type Comparison = (a: readonly Quantity[], b: readonly Quantity[]) => number;

/**
 * Compares two terms by the first line in which they differ; in lines behind its own last one, a term stays what it is.
 * @param a what a term was in the lines before, and what it is
 */
export function compareLines<Piece>(
  a: readonly Piece[],
  b: readonly Piece[],
  compare: (a: Piece, b: Piece) => number,
): number {
  for (let line = 0; line < Math.max(a.length, b.length); line++) {
    const compared = compare(a[line] ?? a.at(-1)!, b[line] ?? b.at(-1)!);
    if (compared !== 0) return compared;
  }
  return 0;
}

/**
 * Whether a sum keeps its order although something is added behind what is taken away: the lines before say that
 * it stands there.
 * @param terms in their order
 * @param places compares two of them by what the lines before say; 0 where they leave it open
 */
export function keepsMinus<Term extends { readonly coefficient: Fraction }>(
  terms: readonly Term[],
  places: (a: Term, b: Term) => number,
): boolean {
  const isMinus = ({ coefficient }: Term): boolean => coefficient.s < 0n;
  return terms.every(
    (minus, place) =>
      !isMinus(minus) ||
      terms.slice(place + 1).every((one) => isMinus(one) || places(minus, one) < 0),
  );
}

/**
 * Terms that are the cases of one comparison, a·1[u > v] + b·1[u < v] + c·1[u = v], in this order;
 * undefined where a term has none.
 * @param operations of each term
 */
export function caseRanks(
  operations: readonly (readonly Operation[])[],
): readonly number[] | undefined {
  const ranks = operations.map((own) => {
    const { byOrder } = own.find((one) => one.byOrder) ?? {};
    return byOrder && ([1, -1, 0] as const).findIndex((order) => byOrder(order) === 1);
  });
  return ranks.every((rank) => rank !== undefined) ? ranks : undefined;
}

/** Compares the first numbers that differ; a list that ends earlier comes first. */
export function lexicographic(a: readonly number[], b: readonly number[]): number {
  for (const [place, one] of a.entries()) {
    const other = b[place];
    if (other === undefined) return 1;
    if (one !== other) return one - other;
  }
  return a.length - b.length;
}
