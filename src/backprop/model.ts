/** The oracle on models: what the engine's gradients are compared with. */
import type { Fraction } from "fraction.js";
import { type Model, requireModel } from "../language/model.js";
import {
  type CheckedPoint,
  nest,
  type NestedNumbers,
  type Point,
  readPoint,
} from "../language/point.js";
import { everything, type Everything, magnitudes, matrixBackprop } from "./backprop.js";
import { doubles } from "./doubles.js";
import { fractions } from "./fractions.js";

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
  requireModel(model);
  const { loss, gradients } = matrixBackprop(
    model.program,
    model.loss.name,
    listsOf(readPoint(model, point)),
  );
  return { loss, gradients };
}

/** Value and ∂loss/∂v of every quantity v that the model names, in double precision. */
export function backpropValues(model: Model, point: CheckedPoint): Everything<number> {
  return everything(model.program, model.loss.name, listsOf(point), doubles, Number);
}

/** How large the terms are that ∂loss/∂v of every quantity v is added up from: what cancels keeps its size in them. */
export function backpropMagnitudes(
  model: Model,
  point: CheckedPoint,
): ReadonlyMap<string, readonly number[]> {
  return magnitudes(model.program, model.loss.name, listsOf(point));
}

/**
 * Values and derivatives in fractions; the numbers of the point are the decimals that name them.
 * @throws NotRationalError where the model, as it is written, leaves the rational numbers.
 */
export function exactBackpropValues(model: Model, point: CheckedPoint): Everything<Fraction> {
  return everything(model.program, model.loss.name, listsOf(point), fractions, (scalar) => {
    if (typeof scalar === "number") throw new TypeError(`${scalar} is no fraction`);
    return scalar;
  });
}

function listsOf({ sizes, entries }: CheckedPoint) {
  return Object.fromEntries(
    [...entries].map(([{ name, shape }, values]) => [name, nest(shape, sizes, values)]),
  );
}
