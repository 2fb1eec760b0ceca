/** How much the matrix backprop scatters when its inputs move by a few units of their last places. */
import { backpropValues } from "../backprop/model.js";
import type { Model } from "../language/model.js";
import type { CheckedPoint, NestedNumbers } from "../language/point.js";
import { scatter } from "../numeric/scatter.js";

export interface OracleNoise {
  readonly loss: number;
  /** By parameter, entries rows first. */
  readonly gradients: ReadonlyMap<string, readonly number[]>;
}

/** The noise of the loss and of the parameters' gradients. */
export function oracleNoise(model: Model, point: CheckedPoint): OracleNoise {
  const { name: loss } = model.loss;
  const gradients = scatter(point, (moved) => {
    const { values, adjoints } = backpropValues(model, moved);
    // in place of the loss's own derivative, which is 1
    return new Map([...adjoints, [loss, values.get(loss)!]]);
  });
  return { loss: gradients.get(loss)![0]!, gradients };
}

/** Entries of a number, a list or rows, in order. */
export function flat(value: NestedNumbers): number[] {
  if (typeof value === "number") return [value];
  return Array.from<number | readonly number[] | Float64Array>(value).flatMap((row) =>
    typeof row === "number" ? [row] : Array.from(row),
  );
}
