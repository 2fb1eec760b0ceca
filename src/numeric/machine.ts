/** Programs that run, with all their values to be read: one entry after the other, in plain loops. */
import type { Quantity } from "../expression/quantity.js";
import type { SizeValues } from "../expression/size.js";
import type { Location } from "./code/address.js";
import { layOut } from "./code/layout.js";
import { looped } from "./code/looped.js";
import { type Block, link, linkSteps, type Step } from "./code/source.js";
import type { NumericProgram } from "./program.js";

/** The arrays and the code of a program at given sizes. */
export interface Machine {
  readonly arrays: ReadonlyMap<string, Float64Array>;
  readonly locate: (quantity: Quantity) => Location;
  /** Computes everything, in order. */
  readonly run: (theta: Float64Array, out: Float64Array) => number;
  readonly functions: readonly Block[];
}

/** The same, with what can be computed again by itself. */
export interface SteppedMachine extends Pick<Machine, "arrays" | "locate"> {
  /** One for each definition of the program, in order. */
  readonly steps: readonly Step[];
}

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
  const layout = layOut(program, parameters, data, sizes);
  const source = looped(program, layout, sizes);
  return { ...link(source), locate: layout.locate, functions: source.blocks };
}

/**
 * The same, definition by definition.
 * @throws InputError when the arrays would not fit into memory.
 */
export function assembleSteps(
  program: NumericProgram,
  parameters: readonly Quantity[],
  data: readonly Quantity[],
  sizes: SizeValues,
): SteppedMachine {
  const layout = layOut(program, parameters, data, sizes);
  return { ...linkSteps(looped(program, layout, sizes)), locate: layout.locate };
}
