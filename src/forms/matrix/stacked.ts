/** Sums of parts that each stand among other rows or columns: one above the other, or side by side. */
import { Size } from "../../expression/size.js";
import { identity, product, scale, transpose, zeros } from "./build.js";
import type { MatrixExpression, SumNode } from "./expression.js";
import { split, together, withFront } from "./products.js";

export interface Stack {
  /** The dimension along which the blocks are joined, as `concat` counts them. */
  readonly dimension: 1 | 2;
  readonly blocks: readonly MatrixExpression[];
}

/** A part and its first row; it has rows of its own only. */
interface Placed {
  readonly from: number;
  readonly block: MatrixExpression;
}

/**
 * E₁·A + E₂·B as A above B, where E₁ and E₂ are columns of the identity, and A·E₁ᵀ + B·E₂ᵀ as A beside B;
 * rows that no part stands in are 0. Undefined where parts overlap, or a place is not known as a number.
 */
export function stackOf({ terms, rows, columns }: SumNode): Stack | undefined {
  const all = terms.map(({ coefficient, term }) => scale(coefficient, [], term));
  const above = blocksOf(all, rows);
  if (above) return { dimension: 1, blocks: above };
  const beside = blocksOf(all.map(transpose), columns);
  return beside && { dimension: 2, blocks: beside.map(transpose) };
}

/** The parts in the order of their rows, with zeros between them. */
function blocksOf(
  terms: readonly MatrixExpression[],
  rows: Size,
): readonly MatrixExpression[] | undefined {
  const placed = terms.map(placedIn).filter((one) => one !== undefined);
  const total = rows.constant;
  if (placed.length < terms.length || total === undefined) return undefined;
  const blocks: MatrixExpression[] = [];
  let reached = 0;
  const fillTo = (row: number): void => {
    if (row > reached) blocks.push(zeros(Size.of(row - reached), terms[0]!.columns));
  };
  for (const { from, block } of placed.sort((a, b) => a.from - b.from)) {
    const count = block.rows.constant;
    if (count === undefined || from < reached) return undefined;
    fillTo(from);
    blocks.push(block);
    reached = from + count;
  }
  fillTo(total);
  return blocks;
}

/** E·A as A in its place; undefined for anything else. */
function placedIn(term: MatrixExpression): Placed | undefined {
  const { front, rest } = split(term);
  if (!rest) return undefined;
  const [first, ...others] = rest.kind === "product" ? rest.factors : [rest];
  if (first?.kind !== "selection" && first?.kind !== "unit") return undefined;
  const from = (first.kind === "selection" ? first.from : first.index).constant;
  if (from === undefined) return undefined;
  const inner = split(others.length > 0 ? product(...others) : identity(first.columns));
  return { from, block: withFront(together(front, inner.front), inner.rest) };
}
