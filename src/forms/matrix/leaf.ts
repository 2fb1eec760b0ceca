/** References and deltas as factors. */
import type { DeltaNode, ReferenceNode } from "../../expression/expression.js";
import type { Index, Letter } from "../../expression/indices.js";
import { Size } from "../../expression/size.js";
import { diagonal, quantityMatrix, selection, slice, unit } from "./build.js";
import type { Along } from "./expression.js";
import { type Factor, same } from "./factor.js";

/** What an index takes along an axis: everything or a part, and the letter that runs along it. */
interface Reach {
  readonly letter?: Letter;
  readonly along: Along;
  readonly isWhole: boolean;
}

function reach(index: Index, size: Size): Reach | undefined {
  const [term, second] = index.terms;
  if (!term) return { along: { kind: "at", index: index.offset }, isWhole: size.isOne };
  if (second || !term.coefficient.isOne) return undefined;
  const { letter } = term;
  const isWhole = index.offset.constant === 0 && letter.size.equals(size);
  return { letter, along: { kind: "range", from: index.offset, count: letter.size }, isWhole };
}

/** W[i,j] is W, W[i,i] its diagonal, W[2,j] a row, x[i+1] a part; undefined for other indices. */
export function referenceFactor({ quantity: whole, indices }: ReferenceNode): Factor | undefined {
  if (indices.length > 2) return undefined;
  const reaches: Reach[] = [];
  for (const [axis, index] of indices.entries()) {
    const found = reach(index, whole.shape[axis]!);
    if (!found) return undefined;
    reaches.push(found);
  }
  const matrix = reaches.every(({ isWhole }) => isWhole)
    ? quantityMatrix(whole)
    : slice(
        whole,
        reaches.map(({ along }) => along),
      );
  const [row, column] = [reaches[0]?.letter, reaches[1]?.letter];
  if (row && same(row, column)) return { row, matrix: diagonal(matrix) };
  return { row, column, matrix };
}

/**
 * δ_ij is the identity, δ_ik with a number k a unit vector, δ_i,(j+k) columns of the identity;
 * undefined for other indices.
 */
export function deltaFactor({ indices: [a, b] }: DeltaNode): Factor | undefined {
  return placed(a, b) ?? placed(b, a);
}

/** The delta with the first index along the rows; the second must surely stay within them. */
function placed(along: Index, { offset, terms }: Index): Factor | undefined {
  const row = along.plain;
  const [term, second] = terms;
  if (!row || second || (term && !term.coefficient.isOne)) return undefined;
  const count = term?.letter.size ?? Size.one;
  const isInside =
    offset.nonNegative === true && row.size.minus(offset).minus(count).nonNegative === true;
  if (!isInside) return undefined;
  if (!term) return { row, matrix: unit(row.size, offset) };
  return { row, column: term.letter, matrix: selection(row.size, offset, count) };
}
