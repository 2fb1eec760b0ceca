/**
 * What stands in an expression, as a set of bits that each node has from the start: what looks for something leaves
 * out what does not hold it, without a walk.
 */
/** One bit for each kind of node, and for what is often looked for among them. */
export const CONTENT = {
  number: 1,
  size: 1 << 1,
  constant: 1 << 2,
  reference: 1 << 3,
  sum: 1 << 4,
  product: 1 << 5,
  apply: 1 << 6,
  reduce: 1 << 7,
  delta: 1 << 8,
  /** ∂L/∂v. */
  adjoint: 1 << 9,
  /** ∂u/∂v, as one symbol. */
  partial: 1 << 10,
  /** A comparison, 1[u > v]. */
  comparison: 1 << 11,
  /** A function whose meaning is said where it is written first. */
  explained: 1 << 12,
  /** σ′, before it is put in. */
  slope: 1 << 13,
  /** A factor with a negative exponent, sizes left out. */
  quotient: 1 << 14,
  /** π, e, and functions that leave the rational numbers wherever they are. */
  irrational: 1 << 15,
  /** A step, 1[u > 0]. */
  indicator: 1 << 16,
} as const;

/** Whether any of some contents stands in an expression. */
export function holds({ contents }: { readonly contents: number }, some: number): boolean {
  return (contents & some) !== 0;
}
