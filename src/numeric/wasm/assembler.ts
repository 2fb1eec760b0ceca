/** As much of an assembler for WebAssembly as our kernels need (WebAssembly Core 2.0, chapter 5). */

/** Bytes of instructions. */
export type Code = readonly number[];

/** A whole number without sign, in LEB128. */
function unsigned(value: number): Code {
  const bytes: number[] = [];
  let rest = value;
  do {
    const more = rest > 0x7f;
    bytes.push((rest & 0x7f) | (more ? 0x80 : 0));
    rest >>>= 7;
  } while (rest > 0);
  return bytes;
}

function signed(value: number): Code {
  const bytes: number[] = [];
  let rest = value;
  for (;;) {
    const byte = rest & 0x7f;
    rest >>= 7;
    const isLast = (rest === 0 && (byte & 0x40) === 0) || (rest === -1 && (byte & 0x40) !== 0);
    bytes.push(isLast ? byte : byte | 0x80);
    if (isLast) return bytes;
  }
}

const vector = (items: readonly Code[]): Code => [...unsigned(items.length), ...items.flat()];
const text = (value: string): Code =>
  vector(Array.from(new TextEncoder().encode(value), (byte) => [byte]));
const section = (id: number, content: Code): Code => [id, ...unsigned(content.length), ...content];

const I32 = 0x7f;
const V128 = 0x7b;

export const get = (local: number): Code => [0x20, ...unsigned(local)];
export const set = (local: number): Code => [0x21, ...unsigned(local)];
export const number = (value: number): Code => [0x41, ...signed(value)];
export const add: Code = [0x6a];
export const subtract: Code = [0x6b];
export const multiply: Code = [0x6c];
const lessSigned: Code = [0x48];
const select: Code = [0x1b];

/** Repeats while the condition, the last thing that the body leaves, is not 0. */
export const loop = (...body: readonly Code[]): Code => [0x03, 0x40, ...body.flat(), 0x0d, 0, 0x0b];
export const isLess = (a: Code, b: Code): Code => [...a, ...b, ...lessSigned];
/** The smaller of two whole numbers. */
export const smaller = (a: Code, b: Code): Code => [...a, ...b, ...isLess(a, b), ...select];

const simd = (opcode: number, ...rest: Code): Code => [0xfd, ...unsigned(opcode), ...rest];
/** Memory operands: aligned to 8 bytes, at an offset. */
const at = (offset: number): Code => [3, ...unsigned(offset)];
export const loadPair = (offset: number): Code => simd(0x00, ...at(offset));
/** One double, twice. */
export const loadTwice: Code = simd(0x0a, ...at(0));
export const storePair = (offset: number): Code => simd(0x0b, ...at(offset));
export const zeroPair: Code = simd(0x0c, ...Array<number>(16).fill(0));
export const addPairs: Code = simd(0xf0);
export const multiplyPairs: Code = simd(0xf2);

export interface Kernel {
  readonly name: string;
  /** Number of parameters, all whole numbers: locals from 0. */
  readonly parameters: number;
  /** Further locals: whole numbers, then pairs of doubles. */
  readonly integers: number;
  readonly pairs: number;
  readonly body: Code;
}

/** A module that imports `env.memory` and exports one kernel. */
export function assembleModule({ name, parameters, integers, pairs, body }: Kernel): Uint8Array {
  const type = [0x60, ...vector(Array<Code>(parameters).fill([I32])), ...vector([])];
  const locals = vector([
    [...unsigned(integers), I32],
    [...unsigned(pairs), V128],
  ]);
  const code = [...locals, ...body, 0x0b];
  return Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, vector([type])),
    ...section(2, vector([[...text("env"), ...text("memory"), 0x02, 0x00, 0x00]])),
    ...section(3, vector([[0]])),
    ...section(7, vector([[...text(name), 0x00, 0]])),
    ...section(10, vector([[...unsigned(code.length), ...code]])),
  ]);
}
