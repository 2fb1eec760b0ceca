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
  const width = seconds.length;
  const distances = new Float64Array(firsts.length * width).fill(Infinity);
  for (const [i, a] of firsts.entries()) {
    for (let j = firsts === seconds ? i + 1 : 0; j < width; j++) {
      distances[i * width + j] = distance(given, right, a, seconds[j]!);
    }
  }
  const limit = distances.toSorted()[count] ?? Infinity;
  return [...distances.keys()]
    .filter((k) => distances[k]! < limit)
    .sort((a, b) => distances[a]! - distances[b]!)
    .map((k): Couple => [Math.floor(k / width), k % width]);
}

/** The squared distance from the nearer of both guesses. */
function distance(
  given: Float64Array,
  right: Float64Array,
  a: Float64Array,
  b: Float64Array,
): number {
  let [added, multiplied] = [0, 0];
  for (let k = 0; k < given.length; k++) {
    const [wanted, r] = [given[k]!, right[k]!];
    const sum = a[k]! + b[k]! - r;
    const product = r === 0 ? sum : (a[k]! * b[k]!) / r;
    added += (wanted - sum) ** 2;
    multiplied += (wanted - product) ** 2;
  }
  return Math.min(added, multiplied);
}
