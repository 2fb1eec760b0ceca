/** Programs as loops: one function for each definition. */
import type { Definition } from "../../expression/definition.js";
import type { Quantity } from "../../expression/quantity.js";
import type { SizeValues } from "../../expression/size.js";
import type { NumericProgram } from "../program.js";
import { work } from "../work.js";
import type { Blocking } from "./blocks.js";
import { codeName, type Layout, THETA } from "./layout.js";
import { Emitter } from "./javascript.js";
import { type Block, constantName, type Source } from "./source.js";

/**
 * @param blocking how many entries are computed together; by default one after the other
 */
export function looped(
  program: NumericProgram,
  layout: Layout,
  sizes: SizeValues,
  blocking?: Blocking,
): Source {
  const { definitions } = program;
  const emitter = new Emitter({ sizes, locate: layout.locate, ...(blocking && { blocking }) });
  const blocks = definitions.map((definition) => blockOf(emitter, definition, sizes));
  const isCopied = blocking && isReread(definitions, layout.parameterCount, sizes);
  const owned = isCopied ? [THETA] : [];
  return { ...surroundings(program, layout, owned), blocks, called: emitter.called };
}

/** What both kinds of loops have around them; `owned` are arrays of their own for theta and out. */
export function surroundings(
  { loss }: NumericProgram,
  { locate, arrays, data, parameterCount }: Layout,
  owned: readonly string[],
): Omit<Source, "blocks" | "called"> {
  const { array, offset } = locate(loss);
  const lengths = new Map(arrays);
  for (const name of owned) lengths.set(name, parameterCount);
  const text = `${constantName(array)}[${offset}]`;
  return { arrays: lengths, loss: text, parameterCount, data };
}

function blockOf(emitter: Emitter, definition: Definition, sizes: SizeValues): Block {
  const { quantity } = definition;
  const block = emitter.emit(`compute_${codeName(quantity)}`, definition);
  return { ...block, note: noteOf(quantity, sizes) };
}

/** Copying theta pays where its entries are read for many examples; for one it took 40 % more time. */
const READ_OFTEN = 30;

/** Whether the entries of theta are read many times. */
function isReread(
  definitions: readonly Definition[],
  parameterCount: number,
  sizes: SizeValues,
): boolean {
  return work(definitions, sizes) > READ_OFTEN * parameterCount;
}

/** What a quantity is, in words of letters, digits and signs that end no comment. */
export function noteOf({ name, role, shape, of, numerator }: Quantity, sizes: SizeValues): string {
  const lengths = shape.map((size) => size.evaluate(sizes)).join("×");
  const suffix = lengths === "" ? "" : `, ${lengths}`;
  if (role === "adjoint" && of && numerator) {
    return `∂${labelOf(numerator)}/∂${labelOf(of)}${suffix}`;
  }
  return `${labelOf({ name, role })}${suffix}`;
}

function labelOf({ name, role }: Pick<Quantity, "name" | "role">): string {
  return role === "auxiliary" ? `part ${name}` : name;
}
