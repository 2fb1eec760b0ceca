/** Whole programs in WebAssembly: loops over pairs of doubles, one function for each definition. */
import type { Definition } from "../../expression/definition.js";
import type { Expression } from "../../expression/expression.js";
import type { Operation } from "../../expression/operations/operation.js";
import { postorder } from "../../expression/walk.js";
import { type LoopOptions, writeLoops } from "../code/loops.js";
import type { Placement } from "../code/placement.js";
import {
  assembleModule,
  call,
  F64,
  type FunctionType,
  get,
  V128,
  type ValueType,
  type WasmFunction,
  zeroPair,
} from "./assembler.js";
import { Constants, FunctionBuilder } from "./builder.js";
import { instantiate, isValid, type Memory, memoryOf } from "./host.js";
import { type Callable, PairTarget } from "./pairs.js";

/** The functions that a module exports: definitions that depend on the data alone, and the others. */
export const PREPARE = "prepare";
export const COMPUTE = "compute";

export interface PairProgram {
  /** Makes a memory, with arrays and constants behind them, and the functions that work in it. */
  readonly open: () => {
    readonly memory: Memory;
    readonly functions: Readonly<Record<string, unknown>>;
  };
}

const PROBE = assembleModule({
  functions: [{ parameters: [], results: [V128], locals: [], body: zeroPair }],
});

/** Whether there is WebAssembly with pairs of doubles here. */
export function hasPairs(): boolean {
  return isValid(PROBE);
}

const NOTHING: FunctionType = { parameters: [], results: [] };

/** @param isFixed whether a definition depends on the data alone */
export function pairProgram(
  definitions: readonly Definition[],
  isFixed: (definition: Definition) => boolean,
  options: LoopOptions,
  placement: Placement,
): PairProgram {
  const constants = new Constants(placement.bytes);
  const applied = operationsIn(definitions);
  // what has no code for pairs is called for each double
  const given = applied.filter(({ vector }) => !vector);
  const own = applied.filter(({ vector, costly }) => vector && costly);
  const callable = new Map<Operation, Callable>(
    [...given, ...own].map((operation, index) => [
      operation,
      { index, ofPairs: !!operation.vector },
    ]),
  );
  const functions: WasmFunction[] = own.map((operation) => valueFunction(operation, constants));
  const calls: Record<typeof PREPARE | typeof COMPUTE, number[]> = { prepare: [], compute: [] };
  for (const definition of definitions) {
    const builder = new FunctionBuilder(NOTHING, constants);
    writeLoops(definition, options, new PairTarget(builder, placement, callable));
    calls[isFixed(definition) ? PREPARE : COMPUTE].push(given.length + functions.length);
    functions.push(builder.finish());
  }
  for (const [name, indices] of Object.entries(calls)) {
    const builder = new FunctionBuilder(NOTHING, constants);
    builder.emit(...indices.map(call));
    functions.push(builder.finish(name));
  }
  const imports = given.map(({ operands }, k) => ({
    name: `f${k}`,
    parameters: operands.map((): ValueType => F64),
    results: [F64] as const,
  }));
  const bytes = assembleModule({ imports, functions, constants });
  const values = Object.fromEntries(given.map(({ value }, k) => [`f${k}`, value]));
  return {
    open: () => {
      const memory = memoryOf(constants.from + 8 * constants.values.length);
      return { memory, functions: instantiate(bytes, { memory, ...values }) };
    },
  };
}

/** Pairs → a pair. */
function valueFunction(operation: Operation, constants: Constants): WasmFunction {
  const parameters = operation.operands.map((): ValueType => V128);
  const builder = new FunctionBuilder({ parameters, results: [V128] }, constants);
  const operands = parameters.map((_, k) => get(k));
  const value = operation.vector?.(builder.vectors, ...operands);
  if (!value) throw new TypeError(`${operation.name} has no code for pairs`);
  builder.emit(value);
  return builder.finish();
}

function operationsIn(definitions: readonly Definition[]): Operation[] {
  const bodies = definitions.flatMap(({ clauses }) => clauses.map(({ body }) => body));
  const nodes = [...postorder(bodies, (node: Expression) => node.children)];
  return [...new Set(nodes.flatMap((node) => (node.kind === "apply" ? [node.operation] : [])))];
}
