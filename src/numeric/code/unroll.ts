/** Programs → graphs of scalars, entry by entry. */
import type { Graph } from "../../expression/graph.js";
import type { Quantity } from "../../expression/quantity.js";
import { entryCount, type Size, type SizeValues } from "../../expression/size.js";
import { Interpreter } from "../interpret.js";
import type { NumericProgram } from "../program.js";
import { codeName, type Layout, OUT } from "./layout.js";
import { noteOf } from "./looped.js";
import { type Scalar, ScalarGraph, StageError } from "./scalar.js";
import { stream } from "./stream.js";

/** An entry of an array and its value. */
export interface Store {
  readonly array: string;
  readonly index: number;
  readonly value: Scalar;
  /** What it is an entry of, in words. */
  readonly note: string;
}

/** An entry of a quantity. */
export interface Named {
  readonly name: string;
  /** What it is an entry of, in words. */
  readonly note: string;
}

/** A loop over examples: loads that are inside it move on by one example each round. */
export interface Loop {
  readonly length: number;
  /** How far apart the same entry of two examples stands, by array. */
  readonly strides: ReadonlyMap<string, number>;
}

/** A program written out. */
export interface Unrolled {
  readonly stores: readonly Store[];
  readonly loss: Scalar;
  /** The values of definitions, with what they are called. */
  readonly names: ReadonlyMap<Scalar, Named>;
  readonly loop: Loop | undefined;
}

export interface Given {
  readonly parameters: readonly Quantity[];
  readonly data: readonly Quantity[];
}

/** Every entry of every definition by itself. */
export function unroll(
  program: NumericProgram,
  { parameters, data }: Given,
  { locate }: Layout,
  sizes: SizeValues,
): Unrolled {
  const scalars = new ScalarGraph();
  const entries = new Map<Quantity, readonly Scalar[]>();
  for (const quantity of [...parameters, ...data]) {
    const { array, offset } = locate(quantity);
    const count = entryCount(quantity.shape).evaluate(sizes);
    entries.set(
      quantity,
      indices(count).map((k) => scalars.load(array, offset + k)),
    );
  }
  const interpreter = new Interpreter(sizes, entries, scalars.arithmetic);
  const names = new Names(sizes);
  for (const definition of program.definitions) {
    interpreter.define(definition);
    names.add(definition.quantity, interpreter.entries.get(definition.quantity)!);
  }
  return finish(program, interpreter.entries, names, locate);
}

/**
 * Every entry of every definition for one example, in a loop over examples.
 * @param size of the axis of examples
 * @returns undefined where examples meet otherwise than in sums, or a sum is needed for the terms of
 * another
 */
export function unrollExample(
  graph: Graph,
  program: NumericProgram,
  { parameters, data }: Given,
  { locate }: Layout,
  sizes: SizeValues,
  size: Size,
): Unrolled | undefined {
  if (parameters.some(({ shape }) => shape.some((one) => one.equals(size)))) return undefined;
  const streamed = stream(graph, program.definitions, size);
  if (!streamed) return undefined;
  const scalars = new ScalarGraph();
  const count = (quantity: Quantity): number => entryCount(quantity.shape).evaluate(sizes);
  const length = size.evaluate(sizes);
  const entries = new Map<Quantity, readonly Scalar[]>();
  const strides = new Map<string, number>();
  for (const quantity of [...parameters, ...data]) {
    const { array, offset } = locate(quantity);
    const example = streamed.examples.get(quantity);
    if (!example) {
      entries.set(
        quantity,
        indices(count(quantity)).map((k) => scalars.load(array, offset + k)),
      );
      continue;
    }
    // the axes behind the one of examples
    const inner = entryCount(quantity.shape.slice(example.axis + 1)).evaluate(sizes);
    strides.set(array, inner);
    const position = (k: number): number => Math.floor(k / inner) * inner * length + (k % inner);
    entries.set(
      example.quantity,
      indices(count(example.quantity)).map((k) => scalars.load(array, position(k), "inside")),
    );
  }
  const interpreter = new Interpreter(sizes, entries, scalars.arithmetic);
  const names = new Names(sizes);
  try {
    for (const { definition, total } of streamed.steps) {
      interpreter.define(definition);
      const values = interpreter.entries.get(definition.quantity)!;
      if (total)
        interpreter.entries.set(
          total,
          values.map((value) => scalars.total(value)),
        );
      else names.add(definition.quantity, values);
    }
  } catch (error) {
    if (error instanceof StageError) return undefined;
    throw error;
  }
  return finish(program, interpreter.entries, names, locate, { length, strides });
}

function finish(
  { adjoints, loss }: NumericProgram,
  entries: ReadonlyMap<Quantity, readonly Scalar[]>,
  names: Names,
  locate: Layout["locate"],
  loop?: Loop,
): Unrolled {
  const stores = [...adjoints.values()].flatMap((adjoint) => {
    const { offset } = locate(adjoint);
    const store = { array: OUT, note: names.noteOf(adjoint) };
    return entries.get(adjoint)!.map((value, k) => ({ ...store, index: offset + k, value }));
  });
  return { stores, loss: entries.get(loss)![0]!, names: names.entries, loop };
}

class Names {
  readonly entries = new Map<Scalar, Named>();

  constructor(private readonly sizes: SizeValues) {}

  /** The first name that a value gets stays. */
  add(quantity: Quantity, values: readonly Scalar[]): void {
    const [name, note] = [codeName(quantity), this.noteOf(quantity)];
    for (const [k, value] of values.entries()) {
      if (!this.entries.has(value)) this.entries.set(value, { name: `${name}$${k}`, note });
    }
  }

  noteOf(quantity: Quantity): string {
    const note = noteOf(quantity, this.sizes);
    if (quantity.shape.length === 0) return note;
    return `${note} ${entryCount(quantity.shape).evaluate(this.sizes) === 1 ? "entry" : "entries"}`;
  }
}

function indices(count: number): number[] {
  return Array.from({ length: count }, (_, k) => k);
}
