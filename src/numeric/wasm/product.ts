/**
 * The product of two matrices with pairs of doubles (WebAssembly SIMD): C[i,j] = Σ_p A[i,p]·B[p,j],
 * sixteen entries of C at once, each summed in the order of p.
 */
import {
  add,
  addPairs,
  assembleModule,
  type Code,
  get,
  isLess,
  loadPair,
  loadTwice,
  loop,
  multiply,
  multiplyPairs,
  number,
  set,
  smaller,
  storePair,
  subtract,
  zeroPair,
} from "./assembler.js";
import { host, type Memory } from "./host.js";

/** Rows and columns that are computed at once: no product may have fewer. */
export const BLOCK = 4;

/**
 * All are bytes, but for the counts m, n (both at least 4) and k: where A, B and C begin, and the
 * distances between rows (i of A and C, p of B) and between columns (p of A). Columns of B and C
 * are neighbours.
 */
export type Product = (
  a: number,
  b: number,
  c: number,
  m: number,
  n: number,
  k: number,
  aRow: number,
  aColumn: number,
  bRow: number,
  cRow: number,
) => void;

const [A, B, C, M, N, K, A_ROW, A_COLUMN, B_ROW, C_ROW] = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9] as const;
const [I, J, ROW, COLUMN, LEFT, FROM_B, TO] = [10, 11, 12, 13, 14, 15, 16] as const;
/** Where the four rows of A are read. */
const FROM_A = [17, 18, 19, 20] as const;
/** Two pairs of sums for each row, two pairs of B, an entry of A. */
const SUMS = [21, 23, 25, 27] as const;
const [LEFT_PAIR, RIGHT_PAIR, ENTRY] = [29, 30, 31] as const;

const assign = (local: number, ...code: readonly Code[]): Code => [...code.flat(), ...set(local)];
const plus = (a: Code, b: Code): Code => [...a, ...b, ...add];
const times = (a: Code, b: Code): Code => [...a, ...b, ...multiply];

/** sums += entry · pair */
const accumulate = (sums: number, pair: number): Code =>
  assign(sums, get(sums), get(ENTRY), get(pair), multiplyPairs, addPairs);

const round: Code = [
  ...assign(LEFT_PAIR, get(FROM_B), loadPair(0)),
  ...assign(RIGHT_PAIR, get(FROM_B), loadPair(16)),
  ...FROM_A.flatMap((from, row) => [
    ...assign(ENTRY, get(from), loadTwice),
    ...accumulate(SUMS[row]!, LEFT_PAIR),
    ...accumulate(SUMS[row]! + 1, RIGHT_PAIR),
    ...assign(from, plus(get(from), get(A_COLUMN))),
  ]),
  ...assign(FROM_B, plus(get(FROM_B), get(B_ROW))),
  ...assign(LEFT, get(LEFT), number(1), subtract),
  ...get(LEFT),
];

const block: Code = [
  // the last block ends where the matrix does, and overlaps the one before it
  ...assign(COLUMN, smaller(get(J), [...get(N), ...number(BLOCK), ...subtract])),
  ...assign(FROM_A[0], plus(get(A), times(get(ROW), get(A_ROW)))),
  ...[1, 2, 3].flatMap((row) => assign(FROM_A[row]!, plus(get(FROM_A[row - 1]!), get(A_ROW)))),
  ...assign(FROM_B, plus(get(B), times(get(COLUMN), number(8)))),
  ...SUMS.flatMap((sums) => [...assign(sums, zeroPair), ...assign(sums + 1, zeroPair)]),
  ...assign(LEFT, get(K)),
  ...loop(round),
  ...assign(TO, plus(get(C), plus(times(get(ROW), get(C_ROW)), times(get(COLUMN), number(8))))),
  ...SUMS.flatMap((sums) => [
    ...[...get(TO), ...get(sums), ...storePair(0)],
    ...[...get(TO), ...get(sums + 1), ...storePair(16)],
    ...assign(TO, plus(get(TO), get(C_ROW))),
  ]),
  ...assign(J, plus(get(J), number(BLOCK))),
  ...isLess(get(J), get(N)),
];

const body: Code = [
  ...assign(I, number(0)),
  ...loop([
    ...assign(ROW, smaller(get(I), [...get(M), ...number(BLOCK), ...subtract])),
    ...assign(J, number(0)),
    ...loop(block),
    ...assign(I, plus(get(I), number(BLOCK))),
    ...isLess(get(I), get(M)),
  ]),
];

const bytes = once(() =>
  assembleModule({ name: "product", parameters: 10, integers: 11, pairs: 11, body }),
);
/** Small enough to be compiled at once in browsers too (below 4 KB). */
const compiled = once(() => host && new host.Module(bytes()));
const isValid = once(() => host?.validate(bytes()) === true);

/** Whether there is WebAssembly with pairs of doubles here. */
export function hasProducts(): boolean {
  return isValid();
}

/** The product of matrices in a memory. */
export function productIn(memory: Memory): Product {
  const module = compiled();
  if (!host || !module) throw new TypeError("there is no WebAssembly here");
  const { exports } = new host.Instance(module, { env: { memory } });
  return exports["product"] as Product;
}

function once<Value>(make: () => Value): () => Value {
  let made: { value: Value } | undefined;
  return () => (made ??= { value: make() }).value;
}
