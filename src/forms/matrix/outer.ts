/**
 * Σ u·v·w over entries is uᵀ(v ⊙ w): which of several vectors stays out of the product by entries. What is
 * part of a slope does not: Σ g·p·(1 − p) is 1ᵀ(g ⊙ p ⊙ (1 − p)), where g is the derivative by p.
 */
import type { Quantity } from "../../expression/quantity.js";
import { postorder } from "../../expression/walk.js";
import { type MatrixExpression, operands } from "./expression.js";
import { quantityIn } from "./mentions.js";

/** What is given stands before what is computed from it, and an adjoint stays beside its local derivative. */
const ROLES: readonly Quantity["role"][] = [
  "input",
  "target",
  "parameter",
  "auxiliary",
  "definition",
  "partial",
  "adjoint",
];

/**
 * The vector that stays out; branches alike are then written alike. Undefined where all belong together.
 * @param vectors at least two, along the same letter
 */
export function outerOf(vectors: readonly MatrixExpression[]): MatrixExpression | undefined {
  return vectors
    .filter((one) => !isInSlope(one, vectors))
    .toSorted((one, other) => rankOf(one) - rankOf(other) || (one.key < other.key ? -1 : 1))[0];
}

/** A quantity or a part of one. */
export function isLeaf(
  matrix: MatrixExpression,
): matrix is Extract<MatrixExpression, { kind: "quantity" | "slice" }> {
  return matrix.kind === "quantity" || matrix.kind === "slice";
}

/** A part of one rather than another. */
function rankOf(matrix: MatrixExpression): number {
  if (matrix.kind === "slice") return 0;
  return isLeaf(matrix) ? ROLES.indexOf(matrix.quantity.role) + 1 : ROLES.length + 1;
}

/** Whether a vector is about what a slope beside it is about; pᵀ(1 − p) alone is a product of two vectors. */
function isInSlope(one: MatrixExpression, vectors: readonly MatrixExpression[]): boolean {
  const isPairOfValues = vectors.length === 2 && isLeaf(one) && one.quantity.role !== "adjoint";
  if (isPairOfValues) return false;
  const own = quantitiesOf(one);
  return vectors.some(
    (other) =>
      other !== one &&
      (isSlope(other) || isSlope(one)) &&
      [...quantitiesOf(other)].some((quantity) => own.has(quantity)),
  );
}

/** A difference from 1, such as 1 − p and 1 − h². */
function isSlope(matrix: MatrixExpression): boolean {
  return matrix.kind === "sum" && matrix.terms.some(({ term }) => term.kind === "ones");
}

/** The quantities in an expression, and those by which adjoints are derivatives. */
function quantitiesOf(root: MatrixExpression): ReadonlySet<Quantity> {
  const found = postorder([root], operands).flatMap((node) => quantityIn(node) ?? []);
  return new Set(found.flatMap((quantity) => [quantity, ...(quantity.of ? [quantity.of] : [])]));
}
