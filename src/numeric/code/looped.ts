/** Programs as loops: one function for each definition. */
import type { Definition } from "../../expression/definition.js";
import type { Quantity } from "../../expression/quantity.js";
import type { SizeValues } from "../../expression/size.js";
import { references } from "../../expression/walk.js";
import type { NumericProgram } from "../program.js";
import { COMPUTE, pairProgram, PREPARE } from "../wasm/program.js";
import { work } from "../work.js";
import type { Blocking } from "./blocks.js";
import { codeName, type Layout, OUT, THETA } from "./layout.js";
import { Emitter } from "./javascript.js";
import { Placement } from "./placement.js";
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
  return { ...common(program, layout, owned), blocks, called: emitter.called };
}

/** Loops over pairs of doubles, all in WebAssembly. */
export function loopedInPairs(
  program: NumericProgram,
  layout: Layout,
  sizes: SizeValues,
  blocking: Blocking,
): Source {
  const base = common(program, layout, [THETA, OUT]);
  const placement = new Placement(base.arrays);
  const options = { sizes, locate: layout.locate, blocking };
  const compiled = pairProgram(program.definitions, dataOnly(layout), options, placement);
  const label = `${noteOf(program.loss, sizes)} and its gradient`;
  const block = (name: string, note: string): Block => ({
    name: `run_${name}`,
    note,
    arrays: [],
    lines: [`  ${name}();`],
  });
  const blocks = [
    { ...block(PREPARE, "what depends on the data alone"), isFixed: true },
    block(COMPUTE, label),
  ];
  return { ...base, blocks, called: new Map(), memory: { placement, ...compiled } };
}

/** Whether a definition depends on the data alone: asked of all definitions, in order. */
function dataOnly({ data, locate }: Layout): (definition: Definition) => boolean {
  const fixed = new Set(data);
  return ({ quantity, clauses }) => {
    const reads = references(clauses.map(({ body }) => body));
    const target = locate(quantity).array;
    const isFixed = target !== OUT && reads.every((one) => fixed.has(locate(one.quantity).array));
    if (isFixed) fixed.add(target);
    return isFixed;
  };
}

function common(
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
