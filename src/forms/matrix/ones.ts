/** Products with vectors of ones: what they add, and how sentences say it. */
import type { Size } from "../../expression/size.js";
import { capitalised, distinct, enumerated, said, type Sentence } from "../../language/sentence.js";
import { isVector, type MatrixExpression } from "./expression.js";
import { mentionOf, ofMention } from "./mentions.js";
import { split } from "./products.js";

/** What one vector of ones adds in the derivative by a quantity: the matrix, and what of it is added. */
export interface SummedParts {
  /** Not as it is transposed. */
  readonly matrix: MatrixExpression;
  readonly part: "entry" | "row" | "column";
  /** How many there are. */
  readonly count: Size;
}

/** What ∂L/∂b adds, where it is one matrix times ones; undefined where it is anything else. */
export function summedParts(derivative: MatrixExpression): SummedParts | undefined {
  const { front, rest } = split(derivative);
  const [only, ...others] = rest ? [rest] : front.numerator;
  if (only?.kind !== "product" || only.factors.length !== 2 || others.length > 0) return undefined;
  const [first, last] = only.factors as readonly [MatrixExpression, MatrixExpression];
  if (isOnes(first) === isOnes(last)) return undefined;
  const isLast = isOnes(last);
  const factor = isLast ? first : last;
  const count = isLast ? last.rows : first.columns;
  if (isVector(factor)) return { matrix: untransposed(factor), part: "entry", count };
  // the columns of Zᵀ are the rows of Z
  const isColumn = isLast === (factor.kind !== "transpose");
  return { matrix: untransposed(factor), part: isColumn ? "column" : "row", count };
}

function untransposed(node: MatrixExpression): MatrixExpression {
  return node.kind === "transpose" ? node.of : node;
}

const PRODUCT = "the product with the vector of ones";

/** One sentence for all vectors whose entries are added. */
export function summedReason(vectors: readonly MatrixExpression[]): Sentence {
  const [only, ...others] = vectors;
  if (only && others.length === 0) {
    return capitalised(said`${PRODUCT} adds all entries${ofMention(only)}.`);
  }
  const named = distinct(vectors.flatMap((one) => mentionOf(one) ?? []));
  return named.length === vectors.length
    ? said`The products with vectors of ones add all entries of ${enumerated(named)}.`
    : said`Each product with a vector of ones adds all entries of its other factor.`;
}

/**
 * Of a matrix.
 * @param axis what is added, of the factor as it is written
 */
export function onesText(factor: MatrixExpression, axis: "row" | "column"): string | Sentence {
  const of = mentionOf(factor);
  if (of === undefined) return `${PRODUCT} adds all ${axis}s of its factor`;
  // the columns of Zᵀ are the rows of Z
  const own = (axis === "row") === (factor.kind === "transpose") ? "column" : "row";
  return said`${PRODUCT} adds all ${own}s of ${of}`;
}

export function isOnes({ kind }: MatrixExpression): boolean {
  return kind === "ones";
}
