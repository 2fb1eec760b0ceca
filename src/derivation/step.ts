/** Steps are data: every renderer reads the same ones. */
import type { Expression } from "../expression/expression.js";
import type { Letter } from "../expression/indices.js";
import type { MatrixExpression } from "../forms/matrix/expression.js";

/** One side of an equation. */
export type Side =
  | { readonly kind: "scalar"; readonly expression: Expression }
  | { readonly kind: "matrix"; readonly matrix: MatrixExpression }
  /** An expression with numbers in place of its quantities. */
  | { readonly kind: "numbers"; readonly expression: Expression }
  /** A number. */
  | { readonly kind: "value"; readonly value: number }
  /** A vector or matrix of numbers, rows first. */
  | {
      readonly kind: "array";
      readonly rows: number;
      readonly columns: number;
      readonly entries: readonly number[];
    };

export interface StepCheck {
  /** At how many points both sides were evaluated. */
  readonly points: number;
  /** The largest relative difference of the two sides. */
  readonly maxError: number;
}

/** left = right, for all values of the letters. */
export interface Step {
  readonly rule: string;
  /** The reason, a sentence or more. */
  readonly why: string;
  readonly left: Side;
  readonly right: Side;
  /** Present where the right side is rounded: then the sides are equal to the digits shown. */
  readonly isRounded?: boolean;
  /** The free letters of a scalar equation. */
  readonly letters: readonly Letter[];
  /** For matrices: the same as an expression of indices, which tells the size of what cancels. */
  readonly entries?: { readonly expression: Expression; readonly letters: readonly Letter[] };
  readonly check: StepCheck;
}

/** A step before its check. */
export type Claim = Omit<Step, "check">;

export function scalar(expression: Expression): Side {
  return { kind: "scalar", expression };
}
