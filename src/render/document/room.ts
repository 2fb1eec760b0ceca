/** Which derivations a document or a page has room for, and what is left out. */
import type { Form } from "../../derivation/derive.js";
import { entryAtom, said, type Sentence } from "../../language/sentence.js";
import type { Derivation } from "../derivation.js";

export interface Room<Made> {
  /** Characters that all derivations may have. */
  readonly most: number;
  readonly make: (derivation: Derivation) => Made;
  readonly lengthOf: (made: Made) => number;
}

/**
 * What is made of derivations, as far as there is room: whole quantities come first, and the first
 * entries of each before the later ones of any; one derivation is always there.
 */
export function madeWithin<Made>(
  derivations: readonly Derivation[],
  { most, make, lengthOf }: Room<Made>,
): ReadonlyMap<Derivation, Made> {
  const counts = new Map<string, number>();
  const ranked = derivations.map((derivation) => {
    const kind = kindOf(derivation);
    if (derivation.data.target.entry === undefined) return { derivation, kind, rank: -1 };
    const rank = counts.get(kind) ?? 0;
    counts.set(kind, rank + 1);
    return { derivation, kind, rank };
  });
  const made = new Map<Derivation, Made>();
  /** Entries of one quantity are as long as one another: where one had no room, none has. */
  const refused = new Set<string>();
  let room = most;
  for (const { derivation, kind } of ranked.toSorted((a, b) => a.rank - b.rank)) {
    if (refused.has(kind)) continue;
    const one = make(derivation);
    const length = lengthOf(one);
    if (made.size > 0 && length > room) {
      refused.add(kind);
      continue;
    }
    made.set(derivation, one);
    room -= length;
  }
  return made;
}

/** Derivations by one quantity in one form that are left out. */
export interface LeftOut {
  readonly first: Derivation;
  readonly form: Form;
  readonly count: number;
  /** What they are by, `W[1,2] to W[3,4]`. */
  readonly names: Sentence;
}

export function leftOutKinds(left: readonly Derivation[]): LeftOut[] {
  const kinds = new Map<string, readonly [Derivation, ...Derivation[]]>();
  for (const one of left) {
    const before = kinds.get(kindOf(one));
    kinds.set(kindOf(one), before ? [...before, one] : [one]);
  }
  return [...kinds.values()].map((ones) => {
    const [first] = ones;
    const { form } = first;
    const [from, to] = [first, ones.at(-1)!].map(({ data: { target } }) =>
      entryAtom(target.quantity, target.entry ?? []),
    );
    const names = ones.length === 1 ? said`${from!}` : said`${from!} to ${to!}`;
    return { first, form, count: ones.length, names };
  });
}

/** The same for all entries of one quantity in one form. */
export function kindOf({ form, data }: Derivation): string {
  return `${form} ${data.target.quantity.name}`;
}
