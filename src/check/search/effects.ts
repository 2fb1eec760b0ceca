/** What single mistakes make of a claim, and which two of them would come near it together. */
import type { Quantity } from "../../expression/quantity.js";
import type { Mutant } from "../mutants/index.js";
import { signature } from "../mutants/catalogue.js";

/** So many entries of a claim stand for all of them. */
const MOST_ENTRIES = 32;

/** Derivatives that are sums of more terms, as those by weights of all steps, are taken whole. */
const MOST_TERMS = 3;

/** A mistake, and the entries of one claim that it leads to. */
export interface Effect {
  readonly mutant: Mutant;
  readonly entries: Float64Array;
}

/** What mistakes make of the claims that they change, at one point. */
export class Effects {
  private readonly known = new Map<Quantity, Map<string, Effect>>();

  /** @param right the right derivatives */
  constructor(private readonly right: ReadonlyMap<Quantity, Float64Array>) {}

  /** @param results the wanted derivatives of a pass with the mistake */
  note(mutant: Mutant, results: ReadonlyMap<Quantity, Float64Array>): void {
    // two mistakes, as one that is made at two places is, and one more explain too much
    if (mutant.second) return;
    for (const [quantity, entries] of results) {
      const own = signature(entries);
      if (own === signature(this.right.get(quantity)!)) continue;
      let known = this.known.get(quantity);
      if (!known) this.known.set(quantity, (known = new Map<string, Effect>()));
      const before = known.get(own);
      if (before && !isSimpler(mutant, before.mutant)) continue;
      known.set(own, { mutant, entries: before?.entries ?? some(entries) });
    }
  }

  /** The mistakes that change a claim, each effect once, the least surprising first. */
  on(quantity: Quantity): Effect[] {
    return [...(this.known.get(quantity)?.values() ?? [])];
  }
}

/**
 * Whether a mistake is the less surprising one of two that change a claim alike: the code of a loop is the same at all
 * steps, and what is tried first because it explains other claims, too, may surprise more.
 */
function isSimpler(mutant: Mutant, before: Mutant): boolean {
  const [isOwn, isOther] = [mutant, before].map(({ isOneStep }) => isOneStep === true);
  return isOwn === isOther ? mutant.cost < before.cost : isOther!;
}

/** Some of a claim's entries, spread over all of it. */
export function some(entries: Float64Array): Float64Array {
  if (entries.length <= MOST_ENTRIES) return entries;
  const stride = entries.length / MOST_ENTRIES;
  return Float64Array.from({ length: MOST_ENTRIES }, (_, k) => entries[Math.floor(k * stride)]!);
}

/** Places in two lists of effects. */
export type Couple = readonly [first: number, second: number];

/**
 * The pairs that are expected to come nearest to what is given, the nearest first. Where each mistake spoils
 * a term of its own their effects add up; where one stands behind the other, each as a factor, they multiply one of
 * the terms that the derivative is the sum of, beside which the others stay.
 * All are guesses at what the pass with both has: they put pairs into an order in which the pass is then run.
 * All arrays hold entries that `some` has chosen.
 * @param given of a claim
 * @param terms what the right derivative is the sum of
 * @param firsts of passes with one mistake; where it is the same list as `seconds`, each pair is told once
 * @param count how many pairs are wanted
 */
export function nearest(
  given: Float64Array,
  terms: readonly Float64Array[],
  firsts: readonly Float64Array[],
  seconds: readonly Float64Array[],
  count: number,
): Couple[] {
  let found: { readonly couple: Couple; readonly distance: number }[] = [];
  let limit = Infinity;
  const right = given.map((_, k) => terms.reduce((total, term) => total + term[k]!, 0));
  const factored = terms.length <= MOST_TERMS ? terms : [right];
  const keepNearest = (): void => {
    found = found.sort((a, b) => a.distance - b.distance).slice(0, count);
    limit = found[count - 1]?.distance ?? Infinity;
  };
  for (const [i, first] of firsts.entries()) {
    const guesses = guessesBeside(first, right, factored);
    for (let j = firsts === seconds ? i + 1 : 0; j < seconds.length; j++) {
      const distance = distanceTo(given, guesses, seconds[j]!, limit);
      if (distance < limit) found.push({ couple: [i, j], distance });
      if (found.length >= 4 * count) keepNearest();
    }
  }
  keepNearest();
  return found.map(({ couple }) => couple);
}

/**
 * The pairs of a mistake and a part that are expected to come nearest to what is given, for the best factor of the part:
 * what the part adds stands beside the mistake, or has its factor too. All arrays hold entries that `some` has chosen.
 * @param given of a claim
 * @param right of the right derivative
 * @param mistakes of passes with one mistake
 * @param parts of passes with a part once more
 * @param count how many pairs are wanted
 */
export function nearestParts(
  given: Float64Array,
  right: Float64Array,
  mistakes: readonly Float64Array[],
  parts: readonly Float64Array[],
  count: number,
): Couple[] {
  const added = parts.map((part) => part.map((entry, k) => entry - right[k]!));
  const found = mistakes.flatMap((mistake, i) => {
    const left = given.map((entry, k) => entry - mistake[k]!);
    const times = mistake.map((entry, k) => (right[k] === 0 ? 0 : entry / right[k]!));
    return added.map((part, j) => {
      const scaled = part.map((entry, k) => entry * times[k]!);
      const distance = Math.min(distanceToLine(left, part), distanceToLine(left, scaled));
      // numbers that are none are near to nothing
      return { couple: [i, j] as const, distance: Number.isNaN(distance) ? Infinity : distance };
    });
  });
  return found
    .sort((a, b) => a.distance - b.distance)
    .slice(0, count)
    .map(({ couple }) => couple);
}

/** The squared distance of a point from the line through 0 in a direction. */
function distanceToLine(point: Float64Array, direction: Float64Array): number {
  const along = dot(point, direction);
  const length = dot(direction, direction);
  return dot(point, point) - (length > 0 ? along ** 2 / length : 0);
}

function dot(a: Float64Array, b: Float64Array): number {
  return a.reduce((total, entry, k) => total + entry * b[k]!, 0);
}

/** What one mistake does to another's entries b, as is guessed: b·times + offset. */
interface Guess {
  readonly times: Float64Array;
  readonly offset: Float64Array;
}

/** @param factored what the mistakes may multiply: terms of the right derivative, or all of it */
function guessesBeside(
  first: Float64Array,
  right: Float64Array,
  factored: readonly Float64Array[],
): Guess[] {
  const added = first.map((entry, k) => entry - right[k]!);
  const sum = { times: first.map(() => 1), offset: added };
  const products = factored.map((term) => {
    // nothing is a multiple of 0
    const times = added.map((entry, k) => (term[k] === 0 ? 1 : 1 + entry / term[k]!));
    const beside = right.map((entry, k) => entry - term[k]!);
    const offset = added.map((entry, k) => (term[k] === 0 ? entry : beside[k]! * (1 - times[k]!)));
    return { times, offset };
  });
  return [sum, ...products];
}

/** The squared distance from the nearest guess, as far as it is less than a limit. */
function distanceTo(
  given: Float64Array,
  guesses: readonly Guess[],
  second: Float64Array,
  limit: number,
): number {
  let least = limit;
  for (const { times, offset } of guesses) {
    let distance = 0;
    for (let k = 0; k < given.length && distance < least; k++) {
      const off = given[k]! - second[k]! * times[k]! - offset[k]!;
      distance += off * off;
    }
    // numbers that are none are no limit
    if (distance < least) least = distance;
  }
  return least < limit ? least : Infinity;
}
