/** What single mistakes make of a claim, and which two of them would come near it together. */
import type { Quantity } from "../../expression/quantity.js";
import type { Mutant } from "../mutants/index.js";
import { signature } from "../mutants/catalogue.js";

/** So many entries of a claim stand for all of them. */
const MOST_ENTRIES = 32;

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
      // the least surprising of those that change the claim alike; the code of a loop is the same at all steps
      const before = known.get(own);
      if (before && !(before.mutant.isOneStep && !mutant.isOneStep)) continue;
      known.set(own, { mutant, entries: before?.entries ?? some(entries) });
    }
  }

  /** The mistakes that change a claim, each effect once, the least surprising first. */
  on(quantity: Quantity): Effect[] {
    return [...(this.known.get(quantity)?.values() ?? [])];
  }
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
 * a term of its own their effects add up; where one stands behind the other, each as a factor, they multiply.
 * Both are guesses at what the pass with both has: they put pairs into an order in which the pass is then run.
 * All arrays hold entries that `some` has chosen.
 * @param given of a claim
 * @param right of the right derivative
 * @param firsts of passes with one mistake; where it is the same list as `seconds`, each pair is told once
 * @param count how many pairs are wanted
 */
export function nearest(
  given: Float64Array,
  right: Float64Array,
  firsts: readonly Float64Array[],
  seconds: readonly Float64Array[],
  count: number,
): Couple[] {
  let found: { readonly couple: Couple; readonly distance: number }[] = [];
  let limit = Infinity;
  const keepNearest = (): void => {
    found = found.sort((a, b) => a.distance - b.distance).slice(0, count);
    limit = found[count - 1]?.distance ?? Infinity;
  };
  for (const [i, first] of firsts.entries()) {
    const guesses = guessesBeside(first, right);
    for (let j = firsts === seconds ? i + 1 : 0; j < seconds.length; j++) {
      const distance = distanceTo(given, guesses, seconds[j]!, limit);
      if (distance < limit) found.push({ couple: [i, j], distance });
      if (found.length >= 4 * count) keepNearest();
    }
  }
  keepNearest();
  return found.map(({ couple }) => couple);
}

/** What one mistake does to another's entries b, as is guessed: b + added, or b·times + offset. */
interface Guesses {
  readonly added: Float64Array;
  readonly times: Float64Array;
  readonly offset: Float64Array;
}

function guessesBeside(first: Float64Array, right: Float64Array): Guesses {
  const added = first.map((entry, k) => entry - right[k]!);
  return {
    added,
    // nothing is a multiple of 0
    times: first.map((entry, k) => (right[k] === 0 ? 1 : entry / right[k]!)),
    offset: added.map((entry, k) => (right[k] === 0 ? entry : 0)),
  };
}

/** The squared distance from the nearer guess, as far as it is less than a limit. */
function distanceTo(
  given: Float64Array,
  { added, times, offset }: Guesses,
  second: Float64Array,
  limit: number,
): number {
  let [fromSum, fromProduct] = [0, 0];
  for (let k = 0; k < given.length; k++) {
    const sum = given[k]! - second[k]! - added[k]!;
    const product = given[k]! - second[k]! * times[k]! - offset[k]!;
    fromSum += sum * sum;
    fromProduct += product * product;
    if (fromSum >= limit && fromProduct >= limit) return Infinity;
  }
  return Math.min(fromSum, fromProduct);
}
