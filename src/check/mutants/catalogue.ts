/** The mistakes that are tried in one check, made once: the search and the power of the check share them. */
import type { Quantity } from "../../expression/quantity.js";
import type { Backward } from "../pass/backward.js";
import type { Bench } from "../pass/bench.js";
import { type Mutant, mutants } from "./index.js";
import { once } from "../once.js";

export interface Catalogue {
  readonly backward: Backward;
  /** The least surprising first. */
  readonly mutants: readonly Mutant[];
  /** Those made at one place, up to a cost; where no others are asked for, no others are made. */
  upTo(most: number): readonly Mutant[];
}

/**
 * @param bench at a point whose sizes say which sums can be taken apart
 * @param atKink whether the derivative of some operation is a convention at one of the points
 */
export function catalogueOf(backward: Backward, bench: Bench, atKink: boolean): Catalogue {
  const relevant = (quantity: Quantity): boolean => bench.leadsToClaims(quantity);
  const make = (most: number): Mutant[] =>
    [...mutants(backward, bench.sizes, relevant, atKink, most)]
      .map((mutant) => ({ ...mutant, change: once(mutant.change) }))
      .sort((a, b) => a.cost - b.cost);
  let all: readonly Mutant[] | undefined;
  return {
    backward,
    get mutants() {
      return (all ??= make(Infinity));
    },
    upTo: (most) =>
      (all ?? make(most)).filter(({ cost, isRepeated }) => cost <= most && !isRepeated),
  };
}

/** Equal for the same numbers, and hardly ever for others: two weighted sums stand for all entries. */
export function signature(entries: Float64Array): string {
  let [first, second] = [0, 0];
  for (let k = 0; k < entries.length; k++) {
    first += entries[k]! * Math.sin(k + 1);
    second += entries[k]! * Math.cos(1.7 * k + 1);
  }
  return `${first.toPrecision(8)} ${second.toPrecision(8)}`;
}
