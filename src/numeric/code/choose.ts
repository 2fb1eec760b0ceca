/** Which code a program becomes at given sizes. */
import type { Graph } from "../../expression/graph.js";
import type { Quantity } from "../../expression/quantity.js";
import type { Size, SizeValues } from "../../expression/size.js";
import type { NumericProgram } from "../program.js";
import { BLOCK, hasProducts } from "../wasm/product.js";
import { work } from "../work.js";
import { registerBlocks } from "./blocks.js";
import { type Layout, layOut } from "./layout.js";
import { looped, loopedWithProducts, noteOf } from "./looped.js";
import type { Worth } from "./products.js";
import { operationsOf } from "./schedule.js";
import type { Source } from "./source.js";
import { straight } from "./straight.js";
import { type Given, unroll, type Unrolled, unrollExample } from "./unroll.js";

/**
 * `straight`: every entry written out; `blocked`: loops; `products`: loops, and all products of
 * matrices by the kernel; `standalone`: the fastest that is JavaScript alone.
 */
export type Style = "straight" | "blocked" | "products" | "standalone";

/**
 * Multiplications from which a product of matrices is done by the kernel. It takes 0.11 ns for one,
 * loops 0.45; a call, and copying theta and out, take as long as some hundred. 8-8-1 with 32 examples
 * (2,048 in the largest product) takes 0.8 of the time of loops.
 */
const LEAST_PRODUCT = 1000;

/** Whether the kernel can do a product: it computes blocks, no part of one. */
function isPossible(rows: number, columns: number): boolean {
  return rows >= BLOCK && columns >= BLOCK;
}

/** `work` counts references too: at most so many for an operation. */
const ROUGH = 4;
/**
 * Straight-line code up to so many operations. Measured with `bench/gradients.mjs`: 8-8-1 (260
 * operations) takes 0.2 µs straight and 0.26 in loops, 16-16-4 (1,100) 0.8 and 0.55.
 */
const MOST_STRAIGHT = 700;
/**
 * Straight-line code for one example, in a loop over examples, up to so many: beyond, totals and
 * weights do not fit into registers and blocks share more loads. 3-4-4-2 (190 operations) takes
 * 2.6 µs for 32 examples and 3.9 in loops, 8-8-1 6.5 and 5.4.
 */
const MOST_FOR_EXAMPLE = 250;

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
  const isFree = style === undefined || style === "standalone";
  const unrolled = isFree
    ? written(graph, program, given, layout, sizes)
    : style === "straight" && unroll(program, given, layout, sizes);
  if (!unrolled) {
    const mayUseProducts = hasProducts() && style !== "standalone" && style !== "blocked";
    const isWorth: Worth =
      style === "products"
        ? isPossible
        : (m, n, k) => isPossible(m, n) && m * n * k >= LEAST_PRODUCT;
    const source =
      mayUseProducts && loopedWithProducts(graph, program, layout, sizes, registerBlocks, isWorth);
    const hasProduct = source && source.blocks.some(({ isProduct }) => isProduct);
    return hasProduct ? source : looped(program, layout, sizes, registerBlocks);
  }
  const note = `${noteOf(program.loss, sizes)} and its gradient`;
  const { blocks, called, arrays } = straight(unrolled, note);
  const { data, parameterCount } = layout;
  const ofData = data.map((name) => [name, layout.arrays.get(name)!] as const);
  const all = new Map([...ofData, ...arrays]);
  return { arrays: all, blocks, called, loss: "", parameterCount, data };
}

/** The program written out, where that is small enough: for one example, or as a whole. */
function written(
  graph: Graph,
  program: NumericProgram,
  given: Given,
  layout: Layout,
  sizes: SizeValues,
): Unrolled | undefined {
  // counted roughly first: entries are not written out to be counted
  const roughly = work(program.definitions, sizes) / ROUGH;
  const size = sizeOfExamples(given.data);
  const length = size?.evaluate(sizes) ?? 1;
  if (size && length > 1 && roughly <= MOST_FOR_EXAMPLE * length) {
    const unrolled = unrollExample(graph, program, given, layout, sizes, size);
    if (unrolled && operationsOf(unrolled) <= MOST_FOR_EXAMPLE * length) return unrolled;
  }
  if (roughly > MOST_STRAIGHT) return undefined;
  const unrolled = unroll(program, given, layout, sizes);
  return operationsOf(unrolled) <= MOST_STRAIGHT ? unrolled : undefined;
}

/** The named size that the data have in common. */
function sizeOfExamples(data: readonly Quantity[]): Size | undefined {
  const named = data.flatMap(({ shape }) => shape.filter((size) => size.soleName !== undefined));
  return named.find((size) =>
    data.every(({ shape }) => shape.some((one) => one.equals(size)) || shape.length < 2),
  );
}
