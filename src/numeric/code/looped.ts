/** Programs as loops: one function for each definition. */
import type { Definition } from "../../expression/definition.js";
import type { Graph } from "../../expression/graph.js";
import type { Quantity } from "../../expression/quantity.js";
import type { SizeValues } from "../../expression/size.js";
import { references } from "../../expression/walk.js";
import type { NumericProgram } from "../program.js";
import { work } from "../work.js";
import type { Blocking } from "./blocks.js";
import { codeName, type Layout, OUT, THETA, withArraysFor } from "./layout.js";
import { Emitter } from "./loops.js";
import { Placement } from "./placement.js";
import { type Operand, type ProductStep, withProducts, type Worth } from "./products.js";
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
  const emitter = new Emitter(sizes, layout.locate, blocking);
  const blocks = definitions.map((definition) => blockOf(emitter, definition, sizes));
  const isCopied = blocking && isReread(definitions, layout.parameterCount, sizes);
  const owned = isCopied ? [THETA] : [];
  return { ...common(program, layout, owned), blocks, called: emitter.called };
}

/** Loops, with products of matrices by the kernel in `wasm/`: all arrays stand in its memory. */
export function loopedWithProducts(
  graph: Graph,
  program: NumericProgram,
  layout: Layout,
  sizes: SizeValues,
  blocking: Blocking,
  isWorth: Worth,
): Source {
  const steps = withProducts(graph, program.definitions, sizes, isWorth);
  const targets = steps.map((step) =>
    step.kind === "product" ? step.c.quantity : step.definition.quantity,
  );
  const whole = withArraysFor(layout, targets, sizes);
  const { locate } = whole;
  const base = common(program, whole, [THETA, OUT]);
  const placement = new Placement(base.arrays);
  const emitter = new Emitter(sizes, locate, blocking);
  const fixed = new Set(layout.data);
  const blocks = steps.map((step): Block => {
    if (step.kind === "product") return productBlock(step, placement, locate, sizes);
    const { quantity, clauses } = step.definition;
    const block = blockOf(emitter, step.definition, sizes);
    const reads = references(clauses.map(({ body }) => body));
    const target = locate(quantity).array;
    const isFixed = target !== OUT && reads.every((one) => fixed.has(locate(one.quantity).array));
    if (isFixed) fixed.add(target);
    return { ...block, isFixed };
  });
  return { ...base, blocks, called: emitter.called, memory: placement };
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

function productBlock(
  { a, b, c, counts }: ProductStep,
  placement: Placement,
  locate: Layout["locate"],
  sizes: SizeValues,
): Block {
  const address = ({ quantity }: Operand): number => {
    const { array, offset } = locate(quantity);
    return placement.addressOf(array, offset);
  };
  const strides = [a.row, a.column, b.row, c.row].map((stride) => 8 * stride);
  const list = [...[a, b, c].map(address), ...counts, ...strides].join(", ");
  const [m, n, k] = counts;
  return {
    name: `compute_${codeName(c.quantity)}`,
    note: `${noteOf(c.quantity, sizes)} = ${m}×${k} times ${k}×${n}`,
    arrays: [],
    lines: [`  product(${list});`],
    isProduct: true,
  };
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
