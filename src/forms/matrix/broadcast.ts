/** Matrices that repeat one column or one row, which the language stretches by itself beside a whole matrix. */
import { product, split, withFront } from "./products.js";
import type { MatrixExpression } from "./expression.js";

/**
 * Operands of one shape, with the column or the row in place of what repeats it. Unchanged where no operand is a
 * whole matrix, and where columns and rows would meet.
 */
export function unstretched(operands: readonly MatrixExpression[]): readonly MatrixExpression[] {
  const narrow = operands.map(repeatedIn);
  const found = narrow.filter((one) => one !== undefined);
  const isAllOf = (isOne: (one: MatrixExpression) => boolean): boolean => found.every(isOne);
  const isClear = isAllOf(({ columns }) => columns.isOne) || isAllOf(({ rows }) => rows.isOne);
  if (found.length === operands.length || !isClear) return operands;
  return operands.map((operand, k) => narrow[k] ?? operand);
}

/** The column of u·1ᵀ, the row of 1·uᵀ, with the scalars in front. */
function repeatedIn(node: MatrixExpression): MatrixExpression | undefined {
  const { front, rest } = split(node);
  if (rest?.kind !== "product") return undefined;
  const [first, last] = [rest.factors[0]!, rest.factors.at(-1)!];
  if (last.kind === "ones" && last.rows.isOne && !last.columns.isOne) {
    return withFront(front, product(...rest.factors.slice(0, -1)));
  }
  if (first.kind === "ones" && first.columns.isOne && !first.rows.isOne) {
    return withFront(front, product(...rest.factors.slice(1)));
  }
  return undefined;
}

/** Whether a matrix repeats a number, a column or a row: its shape says how often, an entry does not. */
export function isRepeating(node: MatrixExpression): boolean {
  return split(node).rest?.kind === "ones" || repeatedIn(node) !== undefined;
}

/** The u of 1 ./ u. */
export function divisorIn(node: MatrixExpression): MatrixExpression | undefined {
  const [only, ...others] = node.kind === "hadamard" ? node.factors : [];
  return only?.exponent === -1 && others.length === 0 ? only.base : undefined;
}
