/** How much a computation scatters when its inputs move by a few units of their last places. */
import type { CheckedPoint } from "../language/point.js";
import { random } from "./prng.js";

const REPEATS = 4;
/** A few units of the last place, relative. */
const NUDGE = 2 ** -51;

/**
 * The rounding errors of a computation, as they are seen (after Vignes, A stochastic arithmetic for
 * reliable scientific computation, 1993). A wrong formula does not scatter.
 * @param run the computation: named lists of numbers
 * @returns for every number the distance between the largest and the smallest that came out;
 * infinite where one was not finite
 */
export function scatter(
  { sizes, entries }: CheckedPoint,
  run: (moved: CheckedPoint) => ReadonlyMap<string, readonly number[]>,
): Map<string, number[]> {
  const generator = random(1);
  const runs = Array.from({ length: REPEATS }, () => {
    const moved = [...entries].map(([quantity, values]) => {
      const near = values.map((value) => value * (1 + NUDGE * generator.between(-2, 2)));
      return [quantity, near] as const;
    });
    return run({ sizes, entries: new Map(moved) });
  });
  return new Map(
    [...runs[0]!].map(([name, list]) => [
      name,
      list.map((_, k) => spread(runs.map((one) => one.get(name)![k]!))),
    ]),
  );
}

function spread(values: readonly number[]): number {
  const distance = Math.max(...values) - Math.min(...values);
  return Number.isFinite(distance) ? distance : Infinity;
}
