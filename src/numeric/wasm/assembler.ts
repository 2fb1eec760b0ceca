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

export const I32 = 0x7f;
export const F64 = 0x7c;
export const V128 = 0x7b;
export type ValueType = typeof I32 | typeof F64 | typeof V128;

export const get = (local: number): Code => [0x20, ...unsigned(local)];
export const set = (local: number): Code => [0x21, ...unsigned(local)];
export const number = (value: number): Code => [0x41, ...signed(value)];
export const add: Code = [0x6a];
export const multiply: Code = [0x6c];
const lessSigned: Code = [0x48];

/** What stands between them is done again while the last thing that it leaves is not 0. */
export const openLoop: Code = [0x03, 0x40];
export const closeLoop: Code = [0x0d, 0, 0x0b];
export const isLess = (a: Code, b: Code): Code => [...a, ...b, ...lessSigned];

export const call = (index: number): Code => [0x10, ...unsigned(index)];
const isSameNumber: Code = [0x46];
/** 1 where two whole numbers are equal, else 0, as a double. */
export const isEqual = (a: Code, b: Code): Code => [...a, ...b, ...isSameNumber, 0xb8];
/** Fills bytes with zeros: where they begin, and how many. */
export const clear = (from: number, bytes: number): Code => [
  ...[...number(from), ...number(0), ...number(bytes)],
  ...[0xfc, 0x0b, 0x00],
];

const simd = (opcode: number, ...rest: Code): Code => [0xfd, ...unsigned(opcode), ...rest];
/** Memory operands: aligned to 8 bytes, at an offset. */
const at = (offset: number): Code => [3, ...unsigned(offset)];
export const loadPair = (offset: number): Code => simd(0x00, ...at(offset));
/** One double, twice. */
export const loadTwice = (offset: number): Code => simd(0x0a, ...at(offset));
/** One double, and 0. */
export const loadFirst = (offset: number): Code => simd(0x5d, ...at(offset));
/** One double, in the second place of a pair that stands above the address. */
export const loadSecond = (offset: number): Code => simd(0x57, ...at(offset), 1);
export const storePair = (offset: number): Code => simd(0x0b, ...at(offset));
/** One of the doubles of a pair. */
export const storeOne = (offset: number, lane: 0 | 1): Code => simd(0x5b, ...at(offset), lane);
export const zeroPair: Code = simd(0x0c, ...Array<number>(16).fill(0));
/** A pair of one double; one of a pair; a pair with its second double replaced. */
export const twice: Code = simd(0x14);
export const one = (lane: 0 | 1): Code => simd(0x21, lane);
export const withSecond: Code = simd(0x22, 1);
export const addPairs: Code = simd(0xf0);
export const subtractPairs: Code = simd(0xf1);
export const multiplyPairs: Code = simd(0xf2);
export const dividePairs: Code = simd(0xf3);
export const negatePair: Code = simd(0xed);
export const absolutePair: Code = simd(0xec);
export const rootOfPair: Code = simd(0xef);
/** NaN where one operand is. */
export const smallerPairs: Code = simd(0xf4);
export const largerPairs: Code = simd(0xf5);
/** The second operand where it is smaller, larger, than the first one, else the first one. */
export const limitAbove: Code = simd(0xf6);
export const limitBelow: Code = simd(0xf7);
export const lessPairs: Code = simd(0x49);
export const atMostPairs: Code = simd(0x4b);
/** Bits of the first operand where the third has them set, else of the second. */
export const chooseBits: Code = simd(0x52);
/** The bits of each double as a whole number: shifted to the left, and to the right with its sign. */
export const shiftPair = (bits: number): Code => [...number(bits), ...simd(0xcb)];
export const shiftPairBack = (bits: number): Code => [...number(bits), ...simd(0xcc)];
export const addBits: Code = simd(0xce);
export const subtractBits: Code = simd(0xd1);

export interface FunctionType {
  readonly parameters: readonly ValueType[];
  readonly results: readonly ValueType[];
}

export interface WasmFunction extends FunctionType {
  /** What it is exported as, if it is. */
  readonly name?: string;
  /** The types of what follows the parameters. */
  readonly locals: readonly ValueType[];
  readonly body: Code;
}

interface WasmModule {
  /** Functions that are given, from `env`: they have the indices from 0. */
  readonly imports?: readonly (FunctionType & { readonly name: string })[];
  readonly functions: readonly WasmFunction[];
  /** Doubles that the memory holds from the start, and the byte at which they begin. */
  readonly constants?: { readonly from: number; readonly values: readonly number[] };
}

/** A module that imports `env.memory`. */
export function assembleModule({ imports = [], functions, constants }: WasmModule): Uint8Array {
  const all = [...imports, ...functions];
  const type = ({ parameters, results }: FunctionType): Code => [
    0x60,
    ...vector(parameters.map((one) => [one])),
    ...vector(results.map((one) => [one])),
  ];
  const typeIndex = (index: number): Code => unsigned(index);
  const exported = functions.flatMap(({ name }, k): Code[] =>
    name === undefined ? [] : [[...text(name), 0x00, ...unsigned(imports.length + k)]],
  );
  const bodies = functions.map(({ locals, body }): Code => {
    const code = [...vector(locals.map((one) => [1, one])), ...body, 0x0b];
    return [...unsigned(code.length), ...code];
  });
  return Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, vector(all.map(type))),
    ...section(
      2,
      vector([
        [...text("env"), ...text("memory"), 0x02, 0x00, 0x00],
        ...imports.map(({ name }, k) => [...text("env"), ...text(name), 0x00, ...typeIndex(k)]),
      ]),
    ),
    ...section(3, vector(functions.map((_, k) => typeIndex(imports.length + k)))),
    ...section(7, vector(exported)),
    ...section(10, vector(bodies)),
    ...(constants ? section(11, vector([dataSegment(constants)])) : []),
  ]);
}

function dataSegment({ from, values }: { from: number; values: readonly number[] }): Code {
  const bytes = new DataView(new ArrayBuffer(8 * values.length));
  for (const [k, value] of values.entries()) bytes.setFloat64(8 * k, value, true);
  return [
    0x00,
    ...number(from),
    0x0b,
    ...unsigned(bytes.byteLength),
    ...new Uint8Array(bytes.buffer),
  ];
}
