/** In which order pairs of mistakes are tried. */
import { expect, it } from "vitest";
import { nearest, nearestParts } from "../../src/check/search/effects.js";
import { random } from "../../src/numeric/prng.js";

const ENTRIES = 8;
const SEEDS = Array.from({ length: 20 }, (_, k) => k + 1);

/** Mistakes of which some have no numbers: the logarithm of something negative. */
function drawn(seed: number) {
  const generator = random(seed);
  const vector = () => Float64Array.from({ length: ENTRIES }, () => generator.between(-1, 1));
  const mistakes = Array.from({ length: 30 }, vector);
  for (const k of [0, 7, 16, 29]) mistakes[k]![seed % ENTRIES] = NaN;
  return { right: vector(), mistakes, parts: Array.from({ length: 6 }, vector) };
}

it.each(SEEDS)("the true pair of a mistake and a part comes first, seed %d", (seed) => {
  const { right, mistakes, parts } = drawn(seed);
  const given = mistakes[12]!.map((entry, k) => entry + 1.7 * (parts[3]![k]! - right[k]!));
  expect(nearestParts(given, right, mistakes, parts, 5)[0]).toEqual([12, 3]);
});

it.each(SEEDS)("the true pair of two mistakes comes first, seed %d", (seed) => {
  const { right, mistakes } = drawn(seed);
  const given = mistakes[12]!.map((entry, k) => entry + mistakes[20]![k]! - right[k]!);
  expect(nearest(given, [right], mistakes, mistakes, 5)[0]).toEqual([12, 20]);
});
