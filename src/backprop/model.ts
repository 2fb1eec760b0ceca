/** The oracle on models: what the engine's gradients are compared with. */
import type { Model } from "../language/model.js";
import {
  type CheckedPoint,
  nest,
  type NestedNumbers,
  type Point,
  readPoint,
} from "../language/point.js";
import { matrixBackprop } from "./backprop.js";

/** ∂loss/∂p for every parameter p, by matrix operations and hand-written rules alone. */
export interface Backprop {
  readonly loss: number;
  readonly gradients: Readonly<Record<string, NestedNumbers>>;
}

/**
 * The loss and all gradients by the matrix implementation, which shares only the parser with the
 * engine.
 * @throws InputError when the point does not fit the model.
 */
export function backprop(model: Model, point: Point): Backprop {
  const { loss, gradients } = matrixBackprop(
    model.program,
    model.loss.name,
    listsOf(readPoint(model, point)),
  );
  return { loss, gradients };
}

/**
 * ∂loss/∂v of every quantity v that the model names, by the same implementation; in the nesting of
 * its shape.
 */
export function backpropAdjoints(
  model: Model,
  point: CheckedPoint,
): ReadonlyMap<string, NestedNumbers> {
  const options = { adjoints: true };
  const { adjoints } = matrixBackprop(model.program, model.loss.name, listsOf(point), options);
  return new Map(Object.entries(adjoints!));
}

function listsOf({ sizes, entries }: CheckedPoint) {
  return Object.fromEntries(
    [...entries].map(([{ name, shape }, values]) => [name, nest(shape, sizes, values)]),
  );
}
