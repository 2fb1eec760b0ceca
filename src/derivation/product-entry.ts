/** From a sum over an index to the entry of a product of matrices, one line at a time. */
import type { MatrixExpression } from "../forms/matrix/expression.js";
import { joined, said, type Sentence } from "../language/sentence.js";
import type { Claim, Side } from "./step.js";

/** What the entry of a matrix is equal to. */
type EntryOf = Pick<Claim, "left" | "letters"> & Pick<Extract<Side, { kind: "entry" }>, "indices">;

/**
 * The entry of what is printed as a product: where a factor is transposed, first as a sum over the
 * entries of the factors as they stand in the product, Σ_j (Wᵀ)_{ij} δ_{jn}; then as (Wᵀδ)_{in}.
 * @param why the matrices stand as they do
 */
export function productEntryClaims(
  matrix: MatrixExpression,
  { left, letters, indices }: EntryOf,
  why: Sentence,
): Claim[] {
  const entry: Claim = {
    rule: "entry of a product",
    why,
    left,
    right: { kind: "entry", matrix, indices },
    letters,
  };
  const order = plainFactors(matrix);
  if (!order) return [entry];
  const summed: Claim = {
    rule: "row times column",
    why: joined([order === "swapped" ? SWAPPED : KEPT, why]),
    left,
    right: { kind: "entry", matrix, indices, isSummed: true },
    letters,
  };
  return [summed, { ...entry, why: MULTIPLIED }];
}

const MEETING = "the summed index stands last in the first factor and first in the second.";
const SWAPPED = said`The factors are numbers and may change places, so that ${MEETING}`;
const KEPT = said`Written with a transposed matrix, ${MEETING}`;
const MULTIPLIED = said`This is how a product of matrices is defined.`;

/**
 * Whether the factors of a product stand as they do in the chain rule, the adjoint first, or
 * changed places; undefined for what is no product of two quantities, one of them transposed.
 */
function plainFactors(matrix: MatrixExpression): "kept" | "swapped" | undefined {
  if (matrix.kind !== "product" || matrix.factors.length !== 2) return undefined;
  const [first, second] = matrix.factors.map((one) => (one.kind === "transpose" ? one.of : one));
  const isTransposed = matrix.factors.some(({ kind }) => kind === "transpose");
  if (!isTransposed || first?.kind !== "quantity" || second?.kind !== "quantity") return undefined;
  const isSwapped = second.quantity.role === "adjoint" && first.quantity.role !== "adjoint";
  return isSwapped ? "swapped" : "kept";
}
