/** Models → functions that compute the loss and its gradient in double precision. */
import type { Quantity } from "../expression/quantity.js";
import { entryCount, type SizeValues } from "../expression/size.js";
import type { Model } from "../language/model.js";
import { nest, type NestedNumbers, type Point, readPoint } from "../language/point.js";
import { InputError } from "../language/source.js";
import { type EmittedFunction, Emitter, type Location } from "./emit.js";
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
 * The loss and its gradient as a function of the parameters alone.
 * @param theta all parameters in order of declaration, rows first; length `parameterCount`
 * @param out is filled with the gradient in the same order
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

/** More numbers than this are refused before anything is allocated. */
const MAX_NUMBERS = 2 ** 28;

/** The arrays and the code of a program at given sizes. */
export interface Machine {
  readonly arrays: ReadonlyMap<string, Float64Array>;
  readonly locate: (quantity: Quantity) => Location;
  /** Computes everything, in order. */
  readonly run: (theta: Float64Array, out: Float64Array) => number;
  readonly functions: readonly EmittedFunction[];
}

const THETA = "theta";
const OUT = "out";

/**
 * Lays out all arrays and generates the code.
 * @throws InputError when the arrays would not fit into memory.
 */
export function assemble(
  program: NumericProgram,
  parameters: readonly Quantity[],
  data: readonly Quantity[],
  sizes: SizeValues,
): Machine {
  const locations = new Map<Quantity, Location>();
  const count = (quantity: Quantity): number => entryCount(quantity.shape).evaluate(sizes);
  let total = 0;
  for (const { quantity } of program.definitions) total += count(quantity);
  for (const quantity of [...parameters, ...data]) total += 2 * count(quantity);
  if (!(total <= MAX_NUMBERS)) {
    throw new InputError(
      `the model needs ${total} numbers at these sizes; at most ${MAX_NUMBERS} fit`,
    );
  }
  let offset = 0;
  for (const parameter of parameters) {
    locations.set(parameter, { array: THETA, offset });
    const adjoint = program.adjoints.get(parameter);
    if (adjoint) locations.set(adjoint, { array: OUT, offset });
    offset += count(parameter);
  }
  const arrays = new Map<string, Float64Array>();
  const place = (quantity: Quantity): void => {
    if (locations.has(quantity)) return;
    const array = `${PREFIXES[quantity.role]}_${quantity.name}`;
    locations.set(quantity, { array, offset: 0 });
    arrays.set(array, new Float64Array(count(quantity)));
  };
  for (const quantity of data) place(quantity);
  for (const { quantity } of program.definitions) place(quantity);
  const locate = (quantity: Quantity): Location => locations.get(quantity)!;
  const emitter = new Emitter(sizes, locate);
  const functions = program.definitions.map((definition, position) =>
    emitter.emit(`f${position}`, definition),
  );
  const run = link(functions, arrays, emitter.called, locate(program.loss));
  return { arrays, locate, run, functions };
}

/** Prefixes keep names apart from each other and from words of JavaScript. */
const PREFIXES: Readonly<Record<Quantity["role"], string>> = {
  input: "v",
  target: "v",
  parameter: "v",
  definition: "v",
  auxiliary: "u",
  adjoint: "a",
  partial: "p",
  jacobian: "j",
};

function link(
  functions: readonly EmittedFunction[],
  arrays: ReadonlyMap<string, Float64Array>,
  called: Emitter["called"],
  loss: Location,
): Machine["run"] {
  const calls = functions.map(({ name, arrays: taken }) => `  ${name}(${taken.join(", ")});`);
  const code = [
    '"use strict";',
    ...functions.map((one) => one.code),
    `return function run(${THETA}, ${OUT}) {`,
    ...calls,
    `  return ${loss.array}[${loss.offset}];`,
    "};",
  ].join("\n");
  const operations = [...called].map(([name, operation]) => [name, operation.value] as const);
  const names = [...arrays.keys(), ...operations.map(([name]) => name)];
  // The code is made of our own templates, numbers and prefixed names: see Emitter.
  // eslint-disable-next-line @typescript-eslint/no-implied-eval
  const make = new Function(...names, code) as (...values: unknown[]) => Machine["run"];
  return make(...arrays.values(), ...operations.map(([, value]) => value));
}

/**
 * Differentiates a model and compiles its loss and gradient.
 *
 * Nothing is generated before the sizes are known: code is made, once, for each set of sizes.
 */
export function compile(model: Model): CompiledGradient {
  const { params: parameters } = model;
  const data = [...model.inputs, ...model.targets];
  const named = model.definitions
    .map(({ quantity }) => quantity)
    .filter(({ role }) => role === "definition");
  const whole = once(() => numericProgram(model, parameters, named));
  const lean = once(() => numericProgram(model, parameters));
  const machines = new Map<string, Machine>();

  const evaluate = (point: Point): Evaluation => {
    const { sizes, entries } = readPoint(model, point);
    const key = model.sizes.map((name) => sizes.get(name)).join(",");
    let machine = machines.get(key);
    if (!machine) machines.set(key, (machine = assemble(whole(), parameters, data, sizes)));
    const { arrays, locate } = machine;
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
      gradients: collect(parameters.map((one) => [one.name, whole().adjoints.get(one)!])),
    };
  };

  const bind = (bound: Point): BoundGradient => {
    const { sizes, entries } = readPoint(model, bound, data);
    for (const { name, shape } of parameters) {
      const open = shape.flatMap((size) => size.names).find((size) => !sizes.has(size));
      if (open !== undefined) {
        throw new InputError(`the size ${open} of ${name} is not fixed by the inputs and targets`);
      }
    }
    const { run, arrays, locate } = assemble(lean(), parameters, data, sizes);
    for (const quantity of data) arrays.get(locate(quantity).array)!.set(entries.get(quantity)!);
    const parameterCount = parameters.reduce(
      (total, { shape }) => total + entryCount(shape).evaluate(sizes),
      0,
    );
    const gradient = (theta: Float64Array, out: Float64Array): number => {
      if (theta.length !== parameterCount || out.length !== parameterCount) {
        throw new RangeError(
          `theta and out need ${parameterCount} numbers each; they have ${theta.length} and ${out.length}`,
        );
      }
      return run(theta, out);
    };
    return Object.assign(gradient, { parameterCount });
  };

  return { evaluate, bind };
}

function once<Value>(make: () => Value): () => Value {
  let made: { value: Value } | undefined;
  return () => (made ??= { value: make() }).value;
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
