/** Which code a program becomes at given sizes. */
import type { Graph } from "../../expression/graph.js";
import type { Quantity } from "../../expression/quantity.js";
import type { Size, SizeValues } from "../../expression/size.js";
import type { NumericProgram } from "../program.js";
import { hasPairs } from "../wasm/program.js";
import { operationCount, singleApplications, work } from "../work.js";
import { pairBlocks, registerBlocks } from "./blocks.js";
import { type Layout, layOut } from "./layout.js";
import { looped, noteOf } from "./looped.js";
import { loopedInPairs } from "./paired.js";
import type { Source } from "./source.js";
import { straight } from "./straight.js";
import { type Given, unroll, type Unrolled, unrollExample } from "./unroll.js";
import { isMostlyCurved, operationsOf } from "./uses.js";

/**
 * `straight`: every entry written out; `blocked`: loops; `pairs`: loops over pairs of doubles in
 * WebAssembly; `standalone`: the fastest that is JavaScript alone.
 */
export type Style = "straight" | "blocked" | "pairs" | "standalone";

/** `work` counts references too: at most so many for an operation. */
const ROUGH = 4;

/** Up to how many operations code is straight, and for how many of them a function such as exp counts. */
interface Limit {
  readonly operations: number;
  readonly costly: number;
}

interface Limits {
  readonly whole: Limit;
  /** Where more values come from transcendental functions than from masks. */
  readonly curved: Limit;
  /** For one example, in a loop over examples: totals and weights have to fit into registers. */
  readonly example: Limit;
}

/**
 * Measured with `bench/gradients.mjs`. Loops in JavaScript: 8-8-1 (260 operations) takes 0.2 µs straight
 * and 0.26 in loops, 16-16-4 with relu (1,040) 0.12 and 0.19, with sigmoids 0.24 and 0.25; with 32 examples 3-4-4-2 (190) 2.6 and 3.9, 8-8-1 6.5 and 5.4.
 */
const BESIDE_LOOPS: Limits = {
  whole: { operations: 1160, costly: 1 },
  curved: { operations: 700, costly: 1 },
  example: { operations: 250, costly: 1 },
};
/**
 * Pairs of doubles, whose call with its copies of theta and out takes as long as some hundred operations, and
 * which has its functions in pairs. 16-8-8-2 with relu (720) takes 0.07 µs straight and 0.13 in pairs, 16-16-4
 * (1,040) 0.12 and 0.17, without a function 0.14 and 0.16; 10-10-2 with sigmoids (530) 0.09 and 0.11, 12-12-2 (710)
 * both 0.12, 24-8-2 (760) 0.14 and 0.12. Where masks cannot be foretold, each takes some nanoseconds longer:
 * 16-16-4 at 1,024 unrelated points as long as in pairs, 20-16-4 (1,230) up to 1.4 times as long. With 32 examples 2-3-2 with relu (80) 0.33 and 0.36, with sigmoids (90) 1.13
 * and 0.77, 2-2-1 (45) 0.68 and 0.51.
 */
const BESIDE_PAIRS: Limits = {
  whole: { operations: 1160, costly: 12 },
  curved: { operations: 700, costly: 12 },
  example: { operations: 100, costly: 30 },
};

/**
 * @param style forces one; by default the fastest, by the operation count
 * @throws InputError when the arrays would not fit into memory.
 */
export function generate(
  graph: Graph,
  program: NumericProgram,
  given: Given,
  sizes: SizeValues,
  style?: Style,
): Source {
  const layout = layOut(program, given.parameters, given.data, sizes);
  const mayPair = style === undefined && hasPairs();
  const mayBePairs = style === "pairs" || (mayPair && fitsPairs(program, sizes));
  const limits = mayBePairs ? BESIDE_PAIRS : BESIDE_LOOPS;
  const isFree = style === undefined || style === "standalone";
  const unrolled = isFree
    ? written(graph, program, given, layout, sizes, limits)
    : style === "straight" && unroll(program, given, layout, sizes);
  if (!unrolled) {
    return mayBePairs
      ? loopedInPairs(program, layout, sizes, pairBlocks)
      : looped(program, layout, sizes, registerBlocks);
  }
  const note = `${noteOf(program.loss, sizes)} and its gradient`;
  const { arrays, ...code } = straight(unrolled, note, mayPair);
  const { data, parameterCount } = layout;
  const ofData = data.map((name) => [name, layout.arrays.get(name)!] as const);
  const all = new Map([...ofData, ...arrays]);
  return { ...code, arrays: all, loss: "", parameterCount, data };
}

/**
 * So many operations gain what one call from WebAssembly to JavaScript costs: with `Math.log1p` after each of
 * 32 units, and 107 operations for each call, both take the same time; with sin and cos, and 55, pairs 1.26
 * times as long.
 */
const OPERATIONS_FOR_A_CALL = 100;

/** Whether few operations have to be called for each double. */
function fitsPairs({ definitions }: NumericProgram, sizes: SizeValues): boolean {
  const calls = singleApplications(definitions, sizes);
  return calls * OPERATIONS_FOR_A_CALL <= operationCount(definitions, sizes);
}

/** The program written out, where that is small enough: for one example, or as a whole. */
function written(
  graph: Graph,
  program: NumericProgram,
  given: Given,
  layout: Layout,
  sizes: SizeValues,
  limits: Limits,
): Unrolled | undefined {
  // counted roughly first: entries are not written out to be counted
  const roughly = work(program.definitions, sizes) / ROUGH;
  const size = sizeOfExamples(given.data);
  const length = size?.evaluate(sizes) ?? 1;
  const { example } = limits;
  if (size && length > 1 && roughly <= example.operations * length) {
    const unrolled = unrollExample(graph, program, given, layout, sizes, size);
    if (unrolled && operationsOf(unrolled, example.costly) <= example.operations * length) {
      return unrolled;
    }
  }
  if (roughly > limits.whole.operations) return undefined;
  const unrolled = unroll(program, given, layout, sizes);
  const whole = isMostlyCurved(unrolled) ? limits.curved : limits.whole;
  return operationsOf(unrolled, whole.costly) <= whole.operations ? unrolled : undefined;
}

/** The named size that the data have in common. */
function sizeOfExamples(data: readonly Quantity[]): Size | undefined {
  const named = data.flatMap(({ shape }) => shape.filter((size) => size.soleName !== undefined));
  return named.find((size) =>
    data.every(({ shape }) => shape.some((one) => one.equals(size)) || shape.length < 2),
  );
}
