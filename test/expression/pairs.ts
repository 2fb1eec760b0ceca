/** Values of operations for pairs of doubles, as WebAssembly computes them. */
import type { Operation } from "../../src/expression/operations/operation.js";
import {
  assembleModule,
  type Code,
  loadPair,
  number,
  storePair,
} from "../../src/numeric/wasm/assembler.js";
import { Constants, FunctionBuilder } from "../../src/numeric/wasm/builder.js";
import { instantiate, memoryOf } from "../../src/numeric/wasm/host.js";

const BYTES = 16;

/** A function of as many doubles as the row has operands, twice: of both places of a pair. */
export function pairEvaluator({
  operands,
  vector,
}: Operation): (first: readonly number[], second: readonly number[]) => [number, number] {
  const result = BYTES * operands.length;
  const constants = new Constants(result + BYTES);
  const builder = new FunctionBuilder({ parameters: [], results: [] }, constants);
  const args = operands.map((_, k): Code => [...number(0), ...loadPair(BYTES * k)]);
  const value = vector!(builder.vectors, ...args);
  builder.emit(number(0), value, storePair(result));
  const memory = memoryOf(2 ** 16);
  const bytes = assembleModule({ functions: [builder.finish("run")], constants });
  const { run } = instantiate(bytes, { memory }) as { run: () => void };
  const entries = new Float64Array(memory.buffer);
  return (first, second) => {
    for (const k of operands.keys()) entries.set([first[k]!, second[k]!], 2 * k);
    run();
    return [entries[result / 8]!, entries[result / 8 + 1]!];
  };
}
