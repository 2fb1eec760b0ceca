/** Models → functions that compute the loss and its gradient in double precision. */
import { entryCount } from "../expression/size.js";
import { type Model, requireModel } from "../language/model.js";
import { type Point, readPoint } from "../language/point.js";
import { InputError } from "../language/source.js";
import { BoundCode } from "./bound.js";
import { type Evaluation, evaluator } from "./evaluator.js";

/**
 * The loss and its gradient as a function of the parameters alone.
 * @param theta all parameters in order of declaration, rows first; length `parameterCount`
 * @param out another array, which is filled with the gradient in the same order
 * @returns the loss
 */
export interface BoundGradient {
  (theta: Float64Array, out: Float64Array): number;
  readonly parameterCount: number;
}

export interface CompiledGradient {
  /**
   * @throws InputError when the point does not fit the model.
   */
  evaluate(point: Point): Evaluation;
  /**
   * Fixes inputs and targets. The function that is returned allocates nothing.
   * @throws InputError when the data do not fit, or leave a size open.
   */
  bind(data: Point): BoundGradient;
}

/**
 * Differentiates a model and compiles its loss and gradient.
 *
 * Nothing is generated before the sizes are known: code is made, once, for each set of sizes.
 */
export function compile(model: Model): CompiledGradient {
  requireModel(model);
  const { params: parameters } = model;
  const data = [...model.inputs, ...model.targets];
  const code = new BoundCode(model);

  const bind = (given: Point): BoundGradient => {
    const { sizes, entries } = readPoint(model, given, data);
    for (const { name, shape } of parameters) {
      const open = shape.flatMap((size) => size.names).find((size) => !sizes.has(size));
      if (open !== undefined) {
        throw new InputError(`the size ${open} of ${name} is not fixed by the inputs and targets`);
      }
    }
    const gradient = code.at(sizes)(data.map((quantity) => entries.get(quantity)!));
    const parameterCount = parameters.reduce(
      (total, { shape }) => total + entryCount(shape).evaluate(sizes),
      0,
    );
    return Object.assign(gradient, { parameterCount });
  };

  return { evaluate: evaluator(model), bind };
}
