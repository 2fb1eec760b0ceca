import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Graph } from "../../src/expression/graph.js";
import { Index, letter } from "../../src/expression/indices.js";
import { Size } from "../../src/expression/size.js";

/** A slice of another axis: ±letter + offset. */
const affine = fc.record({ sign: fc.constantFrom(1, -1), offset: fc.integer({ min: -3, max: 3 }) });

describe("a sum with a delta", () => {
  it("is the entry that the delta selects, or 0 where there is none", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 2, max: 5 }),
        fc.integer({ min: 1, max: 6 }),
        affine,
        affine,
        (size, other, a, b) => {
          const graph = new Graph();
          const x = { name: "x", role: "input", shape: [Size.of(size)] } as const;
          const j = letter("j", Size.of(size));
          const i = letter("i", Size.of(other));
          const at = (one: typeof i, { sign, offset }: typeof a): Index =>
            Index.of(one).times(Size.of(sign)).plus(Index.number(offset));
          const selected = graph.delta(at(j, a), at(i, b));
          const sum = graph.sum(j, graph.multiply(selected, graph.reference(x, [Index.of(j)])));
          for (let value = 0; value < other; value++) {
            const found = graph.substitute(sum, new Map([[i.key, Index.number(value)]]));
            const place = a.sign * (b.sign * value + b.offset - a.offset);
            const expected =
              place >= 0 && place < size ? graph.reference(x, [Index.number(place)]) : graph.zero;
            expect(found).toBe(expected);
          }
        },
      ),
      { seed: 7, numRuns: 300 },
    );
  });

  it("of letters alone is the other one's entry, or 0 where that is out of range", () => {
    const sizes = [0, 1, 2, 3, 4];
    for (const [size, other] of sizes.flatMap((a) => sizes.map((b) => [a, b] as const))) {
      const graph = new Graph();
      const x = { name: "x", role: "input", shape: [Size.of(5)] } as const;
      const [j, i] = [letter("j", Size.of(size)), letter("i", Size.of(other))];
      const entry = graph.reference(x, [j.index]);
      const deltas = [graph.delta(j.index, i.index), graph.delta(i.index, j.index)];
      for (const delta of deltas) {
        const sum = graph.sum(j, graph.multiply(delta, entry));
        for (let value = 0; value < other; value++) {
          const found = graph.substitute(sum, new Map([[i.key, Index.number(value)]]));
          const place = graph.reference(x, [Index.number(value)]);
          expect(found).toBe(value < size ? place : graph.zero);
        }
      }
      expect(graph.delta(j.index, letter("j", Size.of(size)).index)).toBe(graph.one);
    }
  });

  it("is without what all of its coefficients have in common", () => {
    const graph = new Graph();
    const [j, i] = [letter("j", Size.of(5)), letter("i", Size.of(4))];
    const at = (one: typeof i, step: number, from: number): Index =>
      Index.of(one).times(Size.of(step)).plus(Index.number(from));
    expect(graph.delta(at(j, 2, 1), at(i, 4, 2))).toBe(graph.zero);
    expect(graph.delta(at(j, 2, 1), at(i, 2, 3))).toBe(graph.delta(at(j, 1, 0), at(i, 1, 1)));
    expect(graph.delta(at(j, 4, 2), at(i, 2, 0))).toBe(graph.delta(at(j, 2, 1), at(i, 1, 0)));
  });

  it("waits where a size decides", () => {
    const graph = new Graph();
    const n = Size.named("N");
    const [j, i] = [letter("j", n), letter("i", Size.of(3))];
    expect(graph.sum(j, graph.delta(Index.of(j), Index.of(i))).kind).toBe("reduce");
    expect(graph.sum(i, graph.delta(Index.of(i), Index.constant(n))).kind).toBe("reduce");
    expect(graph.sum(j, graph.delta(Index.of(j), Index.constant(n)))).toBe(graph.zero);
  });
});
