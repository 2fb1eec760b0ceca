import { describe, expect, it } from "vitest";
import { sample } from "../../src/derivation/sampling.js";
import { letter } from "../../src/expression/indices.js";
import { Size } from "../../src/expression/size.js";

const along = (...lengths: readonly number[]) =>
  lengths.map((length, axis) => letter(`i${axis}`, Size.of(length)));

describe("the entries that are compared", () => {
  it("are all of them where they are few", () => {
    expect(sample(along(20, 20), new Map(), 1)).toBeUndefined();
  });

  it("are the corners, and one in each twelfth of every axis", () => {
    for (const seed of [1, 2, 3, 4]) {
      const { entries, total } = sample(along(120, 240), new Map(), seed)!;
      expect(total).toBe(120 * 240);
      const [corners, drawn] = [entries.slice(0, 4), entries.slice(4)];
      expect(corners).toEqual([
        [0, 0],
        [0, 239],
        [119, 0],
        [119, 239],
      ]);
      for (const [axis, width] of [10, 20].entries()) {
        const blocks = drawn.map((entry) => Math.floor(entry[axis]! / width));
        expect(blocks.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 12 }, (_, k) => k));
      }
    }
  });

  it("depend on the seed alone", () => {
    const letters = along(1000);
    expect(sample(letters, new Map(), 5)).toEqual(sample(letters, new Map(), 5));
    expect(sample(letters, new Map(), 5)).not.toEqual(sample(letters, new Map(), 6));
  });
});
