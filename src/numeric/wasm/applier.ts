/**
 * Functions of arrays in WebAssembly, two entries at a time, for straight-line code in JavaScript. V8 puts a call
 * of them into the code that it optimises: it takes 3 ns. Sigmoids of 8 numbers take 33 ns so, 90 in a loop in
 * JavaScript, and one log1p 24 less than `Math.log1p`.
 */
import { operations } from "../../expression/operations/index.js";
import { isRoot, logBesideOnes } from "../../expression/operations/lowered.js";
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

const BYTES = 8;
const PAIR = 2 * BYTES;

/** What is called for an operation, in JavaScript. */
export function applierName({ name }: Operation): string {
  return `apply_${name}`;
}

/** Rows that are worth a call. */
const applied = [...operations.values(), logBesideOnes].filter(isApplied);

/** Whether there is a function for an operation: roots are an instruction in JavaScript too. */
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

let made: Applier | undefined;

/**
 * The one of this process: nothing stays in its memory from one call to the next, and V8 reserves 10 GB of
 * addresses for each memory.
 * @throws RangeError where the host refuses it
 */
export function applier(): Applier {
  made ??= makeApplier();
  return made;
}

function makeApplier(): Applier {
  const constants = new Constants(BYTES * MOST_OPERANDS);
  const functions = applied.map((operation) => loopOver(operation, constants));
  const bytes = assembleModule({ functions, constants });
  const memory = memoryOf(constants.from + BYTES * constants.values.length);
  return { memory, functions: instantiate(bytes, { memory }) };
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
