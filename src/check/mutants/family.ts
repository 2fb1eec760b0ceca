/** Families: mistakes of one kind at one place, made when the search comes to what they cost. */
import { DivisionByZeroError } from "../../expression/graph.js";
import { PerGraph } from "../../expression/per-graph.js";
import type { Quantity } from "../../expression/quantity.js";
import type { SizeValues } from "../../expression/size.js";
import type { Backward, Change } from "../pass/backward.js";
import { NO_CHANGE } from "../pass/changes.js";
import { once } from "../once.js";
import type { Mutant } from "./mutant.js";

/** What mistakes are made in. */
export interface Scene {
  readonly backward: Backward;
  /** Of the points: sums of these lengths are taken apart. */
  readonly sizes: SizeValues;
  /** Whether the derivative of some operation is a convention at one of the points. */
  readonly atKink: boolean;
  /** Quantities that may be taken for one another. */
  readonly others: readonly Quantity[];
}

/** A kind of mistake that is made at places of one sort. */
export interface Kind<Place> {
  /** No mistake of this kind costs less. */
  readonly least: number;
  readonly make: (scene: Scene, place: Place) => Iterable<Mutant>;
}

/** Costlier mistakes are rare. */
export const MOST_USUAL = 2;
/** Costs have two decimals. */
const LEAST_RARE = MOST_USUAL + 0.01;

/**
 * A kind in two parts, of which the second is made when a search comes to rare mistakes.
 * @param make with and without the rare ones; what it makes beyond those that are asked for is left out
 */
export function inTwoParts<Place>(
  least: number,
  make: (scene: Scene, place: Place, withRare: boolean) => Iterable<Mutant>,
): readonly Kind<Place>[] {
  return [
    {
      least,
      *make(scene, place) {
        for (const one of make(scene, place, false)) if (one.cost <= MOST_USUAL) yield one;
      },
    },
    {
      least: Math.max(least, LEAST_RARE),
      *make(scene, place) {
        for (const one of make(scene, place, true)) if (one.cost > MOST_USUAL) yield one;
      },
    },
  ];
}

export interface Family {
  /** No mistake in it costs less. */
  readonly least: number;
  readonly mutants: () => readonly Mutant[];
  /** Whether its mistakes are slips that are made at several places. */
  readonly isRepeated?: boolean;
}

/** The families of one derivation at data of some sizes, which several searches share: each is made once. */
export class Workshop {
  readonly scene: Scene;
  private readonly families = new Map<Kind<never>, Map<unknown, Family>>();

  private static readonly known = new PerGraph(() => new Map<Backward, Map<string, Workshop>>());

  static of(backward: Backward, sizes: SizeValues, atKink: boolean): Workshop {
    const passes = Workshop.known.of(backward.graph);
    let known = passes.get(backward);
    if (!known) passes.set(backward, (known = new Map<string, Workshop>()));
    const key = `${[...sizes].join(" ")} ${atKink}`;
    let workshop = known.get(key);
    if (!workshop) known.set(key, (workshop = new Workshop(backward, sizes, atKink)));
    return workshop;
  }

  private constructor(backward: Backward, sizes: SizeValues, atKink: boolean) {
    const others = backward.order.filter(({ role }) => role !== "auxiliary");
    this.scene = { backward, sizes, atKink, others };
  }

  family<Place>(kind: Kind<Place>, place: Place): Family {
    let places = this.families.get(kind);
    if (!places) this.families.set(kind, (places = new Map<unknown, Family>()));
    let family = places.get(place);
    if (!family) {
      const mutants = once(() => possibleOf(kind.make(this.scene, place)));
      places.set(place, (family = { least: kind.least, mutants }));
    }
    return family;
  }
}

/** The mutants up to one that would divide by the number 0 while it is made. */
function possibleOf(mutants: Iterable<Mutant>): readonly Mutant[] {
  const all: Mutant[] = [];
  try {
    for (const mutant of mutants) all.push(made(mutant));
  } catch (error) {
    if (!(error instanceof DivisionByZeroError)) throw error;
  }
  return all;
}

/** What a mutant changes is found once. */
function made(mutant: Mutant): Mutant {
  return { ...mutant, change: once(() => possible(mutant.change)) };
}

/** What would divide by the number 0, as log(1 - p) does with 1 for p, explains nothing. */
function possible(change: () => Change): Change {
  try {
    return change();
  } catch (error) {
    if (!(error instanceof DivisionByZeroError)) throw error;
    return NO_CHANGE;
  }
}
