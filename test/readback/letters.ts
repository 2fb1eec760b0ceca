/** The values that the free indices of an equation take. */
import { Evaluator } from "./evaluate.js";
import type { Letters, World } from "./lookup.js";
import type { Equation } from "./tree.js";

export function allLetters({ ranges }: Pick<Equation, "ranges">, world: World): Letters[] {
  const evaluator = new Evaluator(world);
  return ranges.reduce<Letters[]>(
    (all, { letter, from, to }) =>
      all.flatMap((letters) => {
        const [first, last] = [from, to].map((bound) => evaluator.integer(bound, new Map()));
        return Array.from(
          { length: last! - first! + 1 },
          (_, k) => new Map([...letters, [letter, first! + k]]),
        );
      }),
    [new Map()],
  );
}
