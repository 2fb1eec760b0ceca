/**
 * Functions of arrays in WebAssembly, two entries at a time, for straight-line code in JavaScript. V8 puts a call
 * of them into the code that it optimises: it takes 3 ns. Sigmoids of 8 numbers take 35 ns so, 80 in a loop in
 * JavaScript.
 */
import { isRoot } from "../../expression/operations/lowered.js";
import type { Operation } from "../../expression/operations/operation.js";
import {
  add,
  assembleModule,
  closeLoop,
  get,
  I32,
  isLess,
  loadFirst,
  loadSecond,
  multiply,
  number,
  openLoop,
  set,
  storePair,
  type WasmFunction,
} from "./assembler.js";
import { Constants, FunctionBuilder } from "./builder.js";
import { instantiate, type Memory, memoryOf } from "./host.js";

/** So many doubles may be operands at a time: they stand at the begin of the memory. */
export const MOST_OPERANDS = 4096;

/** Bytes: room for as many constants behind the operands, of which all rows together have some hundred. */
const MEMORY = 2 ** 16;
const BYTES = 8;
const PAIR = 2 * BYTES;

/** What is called for an operation, in JavaScript. */
export function applierName({ name }: Operation): string {
  return `apply_${name}`;
}

/** Whether an operation is worth a call: roots are an instruction in JavaScript too. */
export function isApplied(operation: Operation): boolean {
  return operation.vector !== undefined && operation.costly === true && !isRoot(operation);
}

export interface Applier {
  readonly memory: Memory;
  /**
   * By `applierName`: functions of the position and the number, which is even, of entries of the memory. Behind
   * them stand as many for each further operand. The values take the place of the first operands.
   */
  readonly functions: Readonly<Record<string, unknown>>;
}

/**
 * One memory for the process: nothing stays in it from one call to the next but constants, and V8 reserves 10 GB
 * of addresses for each.
 */
let shared: { readonly memory: Memory; readonly constants: Constants } | undefined;
/** By the names of the operations. */
const modules = new Map<string, Applier>();

/**
 * One module for all that a function of straight-line code calls: V8 puts calls of one module alone into it.
 * @throws RangeError where the host refuses the memory or the module
 */
export function applier(operations: readonly Operation[]): Applier {
  const names = operations.map(applierName).toSorted().join(" ");
  const known = modules.get(names);
  if (known) return known;
  shared ??= { memory: memoryOf(MEMORY), constants: new Constants(BYTES * MOST_OPERANDS) };
  const { memory, constants } = shared;
  const functions = operations.map((operation) => loopOver(operation, constants));
  const bytes = assembleModule({ functions, constants });
  const made = { memory, functions: instantiate(bytes, { memory }) };
  modules.set(names, made);
  return made;
}

function loopOver(operation: Operation, constants: Constants): WasmFunction {
  const [from, count] = [get(0), get(1)];
  const builder = new FunctionBuilder({ parameters: [I32, I32], results: [] }, constants);
  const [at, run, end] = [builder.local(I32), builder.local(I32), builder.local(I32)];
  builder.emit(from, number(BYTES), multiply, set(at));
  builder.emit(count, number(BYTES), multiply, set(run));
  builder.emit(get(at), get(run), add, set(end), openLoop);
  const operands = operation.operands.map((_, k) => {
    const place = [...get(at), ...get(run), ...number(k), ...multiply, ...add];
    // one by one, as they were stored: a processor hands on what it stores only to loads within it
    return builder.named(place, place, loadFirst(0), loadSecond(BYTES));
  });
  const value = operation.vector?.(builder.vectors, ...operands);
  if (!value) throw new TypeError(`${operation.name} has no code for pairs`);
  builder.emit(get(at), value, storePair(0));
  builder.emit(get(at), number(PAIR), add, set(at), isLess(get(at), get(end)), closeLoop);
  return builder.finish(applierName(operation));
}
