import { describe, expect, it } from "vitest";
import { wireBetween } from "../../src/render/page/wires.js";

/** Units of three columns, 62 apart. */
const unit = (column: number, row: number) => ({ x: 38 + 112 * column, y: 62 * row });
const RADIUS = 17;

/** Places along an SVG path of one line or one quadratic curve, by its own reading of it. */
function along(path: string): [x: number, y: number][] {
  const numbers = path.match(/-?[\d.]+/g)!.map(Number);
  const [a, b, c, d, e, f] = numbers as [number, number, number, number, number?, number?];
  return Array.from({ length: 101 }, (_, k) => {
    const t = k / 100;
    const mix = (p: number, q: number): number => p + t * (q - p);
    if (e === undefined || f === undefined) return [mix(a, c), mix(b, d)];
    return [mix(mix(a, c), mix(c, e)), mix(mix(b, d), mix(d, f))];
  });
}

const touches = (path: string, { x, y }: { x: number; y: number }): boolean =>
  along(path).some(([px, py]) => Math.hypot(px - x, py - y) < RADIUS);

describe("a line of the picture", () => {
  const between = [0, 1, 2].map((row) => ({ ...unit(1, row), radius: RADIUS + 4 }));

  it("is straight to the next column", () => {
    const { path, middle } = wireBetween(unit(0, 0), unit(1, 2), RADIUS, between);
    expect(path).toMatch(/^M\S+ L\S+$/);
    expect(middle).toEqual({ x: 94, y: 62 });
  });

  it.each([0, 1, 2].flatMap((from) => [0, 1, 2].map((to) => [from, to] as const)))(
    "goes around the units that it passes: from row %d to row %d",
    (from, to) => {
      const { path, middle } = wireBetween(unit(0, from), unit(2, to), RADIUS, between);
      for (const one of between) expect(touches(path, one)).toBe(false);
      // it begins and ends at the edges of its units, and its label stands on it
      for (const [place, [x, y]] of [
        [unit(0, from), along(path)[0]!],
        [unit(2, to), along(path).at(-1)!],
      ] as const) {
        expect(Math.hypot(x - place.x, y - place.y)).toBeCloseTo(RADIUS, 0);
      }
      expect(touches(path, middle)).toBe(true);
    },
  );
});
