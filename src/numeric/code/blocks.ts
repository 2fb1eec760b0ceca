/**
 * Register blocking: how many neighbours along each letter of a clause are computed together, so
 * that what they share is loaded once and their sums do not wait for each other.
 */
import type { Clause } from "../../expression/definition.js";
import type { Expression } from "../../expression/expression.js";
import type { Letter } from "../../expression/indices.js";
import { postorder } from "../../expression/walk.js";

/** For each letter of a clause how many of its values are computed together. */
export type Blocking = (clause: Clause, lengths: readonly number[]) => readonly number[];

/** One entry after the other. */
export const unblocked: Blocking = ({ letters }) => letters.map(() => 1);

/**
 * Rows × columns of a block of sums. Measured on V8 11.3 with a product of 128×784 by 784×32, in ns
 * for a multiplication and an addition: 1×4 0.81, 2×2 0.65, 2×4 0.53, 4×2 0.50, 4×4 0.55, 2×8 0.62.
 */
const ROWS = [4, 5, 3];
const COLUMNS = [2, 3];
/** Sums over a vector, of which four keep the adders busy: 1 0.75, 2 0.52, 4 0.38, 8 0.45. */
const SUMS = [4, 6, 5, 3];

export const registerBlocks: Blocking = (clause, lengths) => {
  const { letters } = clause;
  const nodes = [...postorder([clause.body], (node: Expression) => node.children)];
  const blocks = letters.map(() => 1);
  const last = letters.length - 1;
  if (nodes.some(({ kind }) => kind === "reduce")) {
    if (last === 0) blocks[0] = fitting(lengths[0]!, SUMS);
    if (last > 0) {
      blocks[last - 1] = fitting(lengths[last - 1]!, ROWS);
      blocks[last] = fitting(lengths[last]!, COLUMNS);
    }
  } else if (last > 0 && isOuter(nodes, letters) && !nodes.some(isCostly)) {
    blocks[last - 1] = fitting(lengths[last - 1]!, ROWS);
  }
  return blocks;
};

/**
 * Blocks of entries where a code computes two of them. Measured: 8 sums over a vector (4 or 12 take 1.07 times
 * as long), 4×4 over a matrix (4×2 up to 1.2, 3×4, 2×8 and 6×4 within 6 %), 8 entries without a sum (4 up to 1.1).
 */
const PAIRED_SUMS = [8, 6, 4];
const PAIRED_ROWS = [4, 3, 2];
const PAIRED_COLUMNS = [4, 6];
const PAIRED_ENTRIES = [8, 6, 4];

export const pairBlocks: Blocking = ({ letters, body }, lengths) => {
  const blocks = letters.map(() => 1);
  const last = letters.length - 1;
  if (last < 0) return blocks;
  const nodes = [...postorder([body], (node: Expression) => node.children)];
  if (!nodes.some(({ kind }) => kind === "reduce")) {
    blocks[last] = fitting(lengths[last]!, PAIRED_ENTRIES);
    return blocks;
  }
  blocks[last] = fitting(lengths[last]!, last > 0 ? PAIRED_COLUMNS : PAIRED_SUMS);
  if (last > 0) blocks[last - 1] = fitting(lengths[last - 1]!, PAIRED_ROWS);
  return blocks;
};

/** The first choice that leaves no rest, or else the first. */
function fitting(length: number, choices: readonly number[]): number {
  if (length <= Math.max(...choices)) return length;
  return choices.find((choice) => length % choice === 0) ?? choices[0]!;
}

/** Whether rows share what is loaded: some operand does not depend on all letters. */
function isOuter(nodes: readonly Expression[], letters: readonly Letter[]): boolean {
  return nodes.some(({ kind, free }) => kind === "reference" && free.length < letters.length);
}

function isCostly(node: Expression): boolean {
  return node.kind === "apply" && node.operation.costly === true;
}
