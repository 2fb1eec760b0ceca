/** Which entries of an equation are compared where there are too many to compare them all. */
import type { Letter } from "../expression/indices.js";
import type { SizeValues } from "../expression/size.js";
import { random, type Random } from "../numeric/prng.js";

/** Of equations with more entries than this, some are chosen. */
const MOST_ENTRIES = 400;
/** So many entries are drawn, besides the corners. */
const DRAWN = 12;
/** Corners of more axes than this are left out. */
const CORNERED_AXES = 3;

/** Values of the letters of a claim, from 0, one list for each entry. */
export interface Sample {
  readonly entries: readonly (readonly number[])[];
  /** How many entries there are in all. */
  readonly total: number;
}

/**
 * Entries to compare: the corners, and entries spread over all axes; undefined where there are few
 * enough to compare them all.
 * @param seed chooses the entries; the same ones at every run
 */
export function sample(
  letters: readonly Letter[],
  sizes: SizeValues,
  seed: number,
): Sample | undefined {
  const lengths = letters.map(({ size }) => size.evaluate(sizes));
  const total = lengths.reduce((product, length) => product * length, 1);
  if (total <= MOST_ENTRIES) return undefined;
  return { total, entries: [...corners(lengths), ...spread(lengths, DRAWN, random(seed + total))] };
}

/** Some entries of few or many, spread over all axes. */
export function draw(
  letters: readonly Letter[],
  sizes: SizeValues,
  count: number,
  seed: number,
): readonly (readonly number[])[] {
  if (letters.length === 0) return [[]];
  const lengths = letters.map(({ size }) => size.evaluate(sizes));
  return spread(lengths, count, random(seed));
}

function corners(lengths: readonly number[]): (readonly number[])[] {
  if (lengths.length > CORNERED_AXES) return [];
  return lengths.reduce<(readonly number[])[]>(
    (before, length) => before.flatMap((one) => [0, length - 1].map((end) => [...one, end])),
    [[]],
  );
}

/**
 * A Latin hypercube (McKay, Beckman, Conover 1979): every axis is cut into as many blocks as there
 * are entries, and every block of every axis holds one of them.
 */
function spread(
  lengths: readonly number[],
  count: number,
  generator: Random,
): readonly (readonly number[])[] {
  const axes = lengths.map((length) =>
    shuffled(count, generator).map((block) =>
      Math.min(length - 1, Math.floor(((block + generator.next()) * length) / count)),
    ),
  );
  return Array.from({ length: count }, (_, position) => axes.map((places) => places[position]!));
}

/** 0 … count − 1 in random order. */
function shuffled(count: number, generator: Random): number[] {
  const order = Array.from({ length: count }, (_, position) => position);
  for (let last = count - 1; last > 0; last--) {
    const other = generator.below(last + 1);
    [order[last], order[other]] = [order[other]!, order[last]!];
  }
  return order;
}
