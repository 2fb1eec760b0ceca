/** Terms of a sum that belong together stand together. */
import type { Fraction } from "fraction.js";
import { areEqual } from "../../expression/rational.js";

/** A term by what it is, whatever its indices are, with its number. */
export interface ToldTerm {
  readonly what: string;
  readonly coefficient: Fraction;
}

/**
 * The places of terms in their order, those beside each other that are together a sum elsewhere in the line:
 * O − Y − (O − Y)11ᵀ rather than O − (O − Y)11ᵀ − Y. They stay as they are where two of them are told alike.
 * @param inner the sums that stand in the terms
 */
export function placesTogether(
  terms: readonly ToldTerm[],
  inner: readonly (readonly ToldTerm[])[],
): readonly number[] {
  const asGiven: readonly number[] = terms.map((_, place) => place);
  if (new Set(terms.map(({ what }) => what)).size < terms.length) return asGiven;
  return inner.reduce((places, sum) => {
    const own = new Set(sum.flatMap((part) => placeOf(part, terms)));
    if (own.size < sum.length || sum.length < 2 || sum.length === terms.length) return places;
    const first = places.findIndex((place) => own.has(place));
    const others = (some: readonly number[]): readonly number[] =>
      some.filter((place) => !own.has(place));
    return [
      ...others(places.slice(0, first)),
      ...places.filter((place) => own.has(place)),
      ...others(places.slice(first)),
    ];
  }, asGiven);
}

function placeOf(part: ToldTerm, terms: readonly ToldTerm[]): number | readonly [] {
  const place = terms.findIndex(
    ({ what, coefficient }) => what === part.what && areEqual(coefficient, part.coefficient),
  );
  return place < 0 ? [] : place;
}
