/** Programs as loops over pairs of doubles, all in WebAssembly. */
import type { Definition } from "../../expression/definition.js";
import type { SizeValues } from "../../expression/size.js";
import { references } from "../../expression/walk.js";
import type { NumericProgram } from "../program.js";
import { COMPUTE, pairProgram, PREPARE } from "../wasm/program.js";
import type { Blocking } from "./blocks.js";
import { type Layout, OUT, THETA } from "./layout.js";
import { noteOf, surroundings } from "./looped.js";
import { Placement } from "./placement.js";
import type { Block, Source } from "./source.js";

/** @param blocking how many entries are computed together */
export function loopedInPairs(
  program: NumericProgram,
  layout: Layout,
  sizes: SizeValues,
  blocking: Blocking,
): Source {
  const base = surroundings(program, layout, [THETA, OUT]);
  const replaced = outlivesTheta(program, layout) ? new Map([[OUT, THETA]]) : undefined;
  const placement = new Placement(base.arrays, replaced);
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

/**
 * Whether nothing reads theta from the first entry of out on, which may then stand in its place: the arrays of a
 * call fit into the processor's nearest memory up to a larger net.
 */
function outlivesTheta({ definitions }: NumericProgram, { locate }: Layout): boolean {
  const first = definitions.findIndex(({ quantity }) => locate(quantity).array === OUT);
  const bodies = definitions.slice(first).flatMap(({ clauses }) => clauses.map(({ body }) => body));
  return references(bodies).every(({ quantity }) => locate(quantity).array !== THETA);
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
