/** Models → loss, values and gradients at points, in double precision. */
import type { Quantity } from "../expression/quantity.js";
import { entryCount } from "../expression/size.js";
import { type Model, requireModel } from "../language/model.js";
import { nest, type NestedNumbers, type Point, readPoint } from "../language/point.js";
import { OUT } from "./code/layout.js";
import { assemble, type Machine } from "./machine.js";
import { OrderedPrograms } from "./ordered.js";
import { type NumericProgram, numericProgram } from "./program.js";

/** Numbers in the nesting of the declared shape. */
export type Nested = number | number[] | number[][];

export interface Evaluation {
  readonly loss: number;
  /** Every definition of the model, by name. */
  readonly values: Readonly<Record<string, Nested>>;
  /** ∂loss/∂parameter for every parameter, in the parameter's shape. */
  readonly gradients: Readonly<Record<string, Nested>>;
}

/**
 * What evaluates a model with its gradient by plain loops; code is made, once, for each set of sizes.
 * @returns a function that throws an InputError when the point does not fit the model
 */
export function evaluator(model: Model): (point: Point) => Evaluation {
  requireModel(model);
  const { params: parameters } = model;
  const data = [...model.inputs, ...model.targets];
  const named = model.definitions
    .map(({ quantity }) => quantity)
    .filter(({ role }) => role === "definition");
  const programs = new OrderedPrograms(model, (ordered) =>
    numericProgram(ordered, parameters, named),
  );
  const machines = new Map<string, Machine & Pick<NumericProgram, "adjoints">>();

  return (point) => {
    const { sizes, entries } = readPoint(model, point);
    const key = model.sizes.map((name) => sizes.get(name)).join(",");
    let machine = machines.get(key);
    if (!machine) {
      const program = programs.at(sizes);
      machine = { ...assemble(program, parameters, data, sizes), adjoints: program.adjoints };
      machines.set(key, machine);
    }
    const { arrays, locate, adjoints } = machine;
    for (const quantity of data) arrays.get(locate(quantity).array)!.set(entries.get(quantity)!);
    const theta = concatenate(parameters.map((parameter) => entries.get(parameter)!));
    const out = new Float64Array(theta.length);
    const loss = machine.run(theta, out);
    const read = (quantity: Quantity): NestedNumbers => {
      const { array, offset } = locate(quantity);
      const from = array === OUT ? out : arrays.get(array)!;
      const size = entryCount(quantity.shape).evaluate(sizes);
      return nest(quantity.shape, sizes, from.slice(offset, offset + size));
    };
    const collect = (pairs: readonly (readonly [string, Quantity])[]) =>
      Object.fromEntries(pairs.map(([name, quantity]) => [name, read(quantity) as Nested]));
    return {
      loss,
      values: collect(named.map((quantity) => [quantity.name, quantity])),
      gradients: collect(parameters.map((one) => [one.name, adjoints.get(one)!])),
    };
  };
}

function concatenate(pieces: readonly Float64Array[]): Float64Array {
  const whole = new Float64Array(pieces.reduce((total, piece) => total + piece.length, 0));
  let offset = 0;
  for (const piece of pieces) {
    whole.set(piece, offset);
    offset += piece.length;
  }
  return whole;
}
