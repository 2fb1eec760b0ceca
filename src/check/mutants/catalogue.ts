/** The mistakes that are tried in one check, made once: the search and the power of the check share them. */
import type { Quantity } from "../../expression/quantity.js";
import type { Backward } from "../pass/backward.js";
import type { Bench } from "../pass/bench.js";
import { onceFor } from "../once.js";
import { type Family, Workshop } from "./family.js";
import { families, type Mutant } from "./index.js";

export class Catalogue {
  /** For each cost up to which they were asked for. */
  private readonly single: (most: number) => Ranking;

  /**
   * @param families those of which some mistake may cost no more than asked for, in the order in which mistakes
   * that cost the same are tried
   */
  constructor(
    readonly backward: Backward,
    private readonly families: (most: number) => readonly Family[],
  ) {
    this.single = onceFor(
      (most) => new Ranking(families(most).filter(({ isRepeated }) => !isRepeated)),
    );
  }

  /**
   * The least surprising first.
   * @param isEnough whether mistakes of a cost, and costlier ones, are not asked for: they are not made
   * @param surcharge what an explanation by a mistake costs beyond the mistake; ∞ where it is not asked for. Told
   * of what the search comes to: it may be made of the mistake's change
   */
  mutants(
    isEnough: (cost: number) => boolean,
    surcharge: (mutant: Mutant) => number = () => 0,
  ): Iterable<Mutant> {
    return new Ranking(this.families(Infinity), surcharge).inOrder(isEnough);
  }

  /** Those made at one place, up to a cost: the least surprising, and no more than so many. */
  usual(cost: number, count: number): Mutant[] {
    const found: Mutant[] = [];
    const isEnough = (next: number): boolean => next > cost || found.length >= count;
    for (const mutant of this.single(cost).inOrder(isEnough)) found.push(mutant);
    return found;
  }
}

/**
 * @param bench at a point whose sizes say which sums can be taken apart
 * @param atKink whether the derivative of some operation is a convention at one of the points
 */
export function catalogueOf(backward: Backward, bench: Bench, atKink: boolean): Catalogue {
  const relevant = (quantity: Quantity): boolean => bench.leadsToClaims(quantity);
  const workshop = Workshop.of(backward, bench.sizes, atKink);
  return new Catalogue(
    backward,
    onceFor((most) => families(workshop, relevant, most)),
  );
}

/** A family, and its place among those whose mistakes cost the same. */
interface Placed {
  readonly family: Family;
  readonly place: number;
}

/** A mutant with its cost and all that goes with it, and its place in its family. */
interface Ranked {
  readonly mutant: Mutant;
  readonly cost: number;
  readonly place: number;
  readonly position: number;
  /** Whether the surcharge is in the cost. */
  readonly isWeighed: boolean;
}

/** The mutants of families in the order of their costs. */
class Ranking {
  private readonly ranked: Ranked[] = [];
  /** Made, but what is not made yet may hold less surprising ones. The next one last. */
  private readonly waiting: Ranked[] = [];
  /** Not made yet, by the least cost in them; the least of these costs is the last. */
  private readonly families = new Map<number, Placed[]>();
  private readonly leasts: number[];

  constructor(
    families: readonly Family[],
    private readonly surcharge: (mutant: Mutant) => number = () => 0,
  ) {
    for (const [place, family] of families.entries()) {
      const alike = this.families.get(family.least);
      if (alike) alike.push({ family, place });
      else this.families.set(family.least, [{ family, place }]);
    }
    this.leasts = [...this.families.keys()].sort((a, b) => b - a);
  }

  *inOrder(isEnough: (cost: number) => boolean): Generator<Mutant> {
    for (let k = 0; k < this.ranked.length || this.advance(isEnough); k++) {
      const { mutant, cost } = this.ranked[k]!;
      if (isEnough(cost)) return;
      yield mutant;
    }
  }

  /** Finds what comes next, and makes the families that may hold it. @returns whether anything does */
  private advance(isEnough: (cost: number) => boolean): boolean {
    for (;;) {
      const reached = this.leasts.at(-1) ?? Infinity;
      const next = this.waiting.at(-1);
      if (isEnough(Math.min(reached, next?.cost ?? Infinity))) return false;
      if (next && next.cost < reached) {
        this.waiting.pop();
        if (this.isNext(next)) return true;
      } else if (this.leasts.length > 0) {
        this.make(reached);
      } else return false;
    }
  }

  /** Weighs a mutant when the search comes to it; one with a surcharge goes back to where it then belongs. */
  private isNext(one: Ranked): boolean {
    const surcharge = one.isWeighed ? 0 : this.surcharge(one.mutant);
    if (surcharge === 0) this.ranked.push(one);
    else if (surcharge < Infinity) {
      this.wait({ ...one, cost: one.cost + surcharge, isWeighed: true });
    }
    return surcharge === 0;
  }

  /** Keeps the order of those that wait. */
  private wait(one: Ranked): void {
    let [from, to] = [0, this.waiting.length];
    while (from < to) {
      const middle = (from + to) >> 1;
      if (inReverse(this.waiting[middle]!, one) < 0) from = middle + 1;
      else to = middle;
    }
    this.waiting.splice(from, 0, one);
  }

  /** Makes the families with the least cost that is left. */
  private make(least: number): void {
    this.leasts.pop();
    const made: Ranked[] = [];
    for (const { family, place } of this.families.get(least)!) {
      for (const [position, mutant] of family.mutants().entries()) {
        made.push({ mutant, cost: mutant.cost, place, position, isWeighed: false });
      }
    }
    if (made.length === 0) return;
    this.waiting.push(...made);
    this.waiting.sort(inReverse);
  }
}

function inReverse(a: Ranked, b: Ranked): number {
  return b.cost - a.cost || b.place - a.place || b.position - a.position;
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
