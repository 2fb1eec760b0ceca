/** How much the matrix backprop scatters when its inputs move by a few units of their last places. */
import { backprop } from "../backprop/model.js";
import type { Model } from "../language/model.js";
import { type CheckedPoint, nest, type NestedNumbers } from "../language/point.js";
import { random } from "../numeric/prng.js";

export interface OracleNoise {
  readonly loss: number;
  /** By parameter, entries rows first. */
  readonly gradients: ReadonlyMap<string, readonly number[]>;
}

const REPEATS = 4;
/** A few units of the last place, relative. */
const NUDGE = 2 ** -51;

/**
 * The rounding errors of a computation, as they are seen (after Vignes, A stochastic arithmetic for
 * reliable scientific computation, 1993). A wrong formula does not scatter.
 */
export function oracleNoise(model: Model, { sizes, entries }: CheckedPoint): OracleNoise {
  const generator = random(1);
  const runs = Array.from({ length: REPEATS }, () => {
    const moved = [...entries].map(([{ name, shape }, values]) => {
      const near = values.map((value) => value * (1 + NUDGE * generator.between(-2, 2)));
      return [name, nest(shape, sizes, near)] as const;
    });
    const { loss, gradients } = backprop(model, Object.fromEntries(moved));
    return {
      loss,
      gradients: model.params.map(({ name }) => flat(gradients[name]!)),
    };
  });
  return {
    loss: spread(runs.map(({ loss }) => loss)),
    gradients: new Map(
      model.params.map(({ name }, which) => {
        const lists = runs.map(({ gradients }) => gradients[which]!);
        return [name, lists[0]!.map((_, k) => spread(lists.map((list) => list[k]!)))];
      }),
    ),
  };
}

function spread(values: readonly number[]): number {
  const distance = Math.max(...values) - Math.min(...values);
  return Number.isFinite(distance) ? distance : Infinity;
}

/** Entries of a number, a list or rows, in order. */
export function flat(value: NestedNumbers): number[] {
  if (typeof value === "number") return [value];
  return Array.from<number | readonly number[] | Float64Array>(value).flatMap((row) =>
    typeof row === "number" ? [row] : Array.from(row),
  );
}
