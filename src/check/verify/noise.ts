/** How much the matrix backprop scatters when its inputs move by a few units of their last places. */
import { backpropValues } from "../../backprop/model.js";
import type { Model } from "../../language/model.js";
import type { CheckedPoint, NestedNumbers } from "../../language/point.js";
import { random } from "../../numeric/prng.js";
import { scatter } from "../../numeric/scatter.js";
import { once } from "../once.js";

export interface OracleNoise {
  /** Infinite where numbers overflow, and NaN where a statement as written is not defined. */
  readonly loss: number;
  /** By parameter, entries rows first. */
  readonly gradients: ReadonlyMap<string, readonly number[]>;
}

/** A step that leaves a point at which something is not defined, and no overflow. */
const ASIDE = 2 ** -20;

/**
 * The noise of the loss and of the parameters' gradients. What overflows does so at a point nearby
 * too; what is finite there, and not here, is not defined at this very point, as x/x at 0 is not: that
 * is no rounding, and no noise excuses it.
 */
export function oracleNoise(model: Model, point: CheckedPoint): OracleNoise {
  const { name: loss } = model.loss;
  const run = (at: CheckedPoint) => {
    const { values, adjoints } = backpropValues(model, at);
    // in place of the loss's own derivative, which is 1
    return new Map([...adjoints, [loss, values.get(loss)!]]);
  };
  const generator = random(1);
  const aside = once(() => {
    const entries = [...point.entries].map(
      ([one, values]) =>
        [one, values.map((value) => value + ASIDE * generator.between(1, 2))] as const,
    );
    return run({ ...point, entries: new Map(entries) });
  });
  const here = once(() => run(point));
  const noise = [...scatter(point, run)].map(([name, list]) => {
    const honest = list.map((one, k) => {
      const isLost = one === Infinity && !Number.isFinite(here().get(name)![k]);
      return isLost && Number.isFinite(aside().get(name)![k]) ? NaN : one;
    });
    return [name, honest] as const;
  });
  const gradients = new Map(noise);
  return { loss: gradients.get(loss)![0]!, gradients };
}

/** Entries of a number, a list or rows, in order. */
export function flat(value: NestedNumbers): number[] {
  if (typeof value === "number") return [value];
  return Array.from<number | readonly number[] | Float64Array>(value).flatMap((row) =>
    typeof row === "number" ? [row] : Array.from(row),
  );
}
