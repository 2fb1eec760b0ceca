/** Terms of a sum that belong together stand together. */
import type { Fraction } from "fraction.js";
import { areEqual } from "../../expression/rational.js";

/** A term by what it is, whatever its indices are, with its number. */
export interface ToldTerm {
  readonly what: string;
  readonly coefficient: Fraction;
}

/**
 * The places of terms in their order, with those in one list that stand beside each other: what is together a sum
 * elsewhere, in the line or in a statement, O − Y − (O − Y)11ᵀ rather than O − (O − Y)11ᵀ − Y. Each place is alone
 * where two terms are told alike.
 * @param sums those sums, which may stand here with the other sign
 */
export function placesTogether(
  terms: readonly ToldTerm[],
  sums: readonly (readonly ToldTerm[])[],
): readonly (readonly number[])[] {
  const alone: readonly (readonly number[])[] = terms.map((_, place) => [place]);
  if (new Set(terms.map(({ what }) => what)).size < terms.length) return alone;
  return sums.reduce((units, sum) => {
    const own = placesOf(sum, terms);
    if (own.size < 2 || own.size === terms.length) return units;
    const isOwn = (unit: readonly number[]): boolean => unit.some((place) => own.has(place));
    const chosen = units.filter(isOwn);
    // what stands together already does not part
    if (chosen.some(({ length }) => length > 1)) return units;
    const first = units.findIndex(isOwn);
    return [
      ...units.slice(0, first),
      chosen.flat(),
      ...units.slice(first).filter((unit) => !isOwn(unit)),
    ];
  }, alone);
}

/** Where all parts of a sum are among terms, each with its sign or each with the other one; else nothing. */
function placesOf(sum: readonly ToldTerm[], terms: readonly ToldTerm[]): ReadonlySet<number> {
  for (const sign of [1, -1]) {
    const places = sum.map((part) =>
      terms.findIndex(
        ({ what, coefficient }) =>
          what === part.what && areEqual(coefficient, part.coefficient.mul(sign)),
      ),
    );
    if (!places.includes(-1)) return new Set(places);
  }
  return new Set();
}
