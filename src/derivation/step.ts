/** Steps are data: every renderer reads the same ones. */
import type { Piece } from "../calculus/cases.js";
import type { Expression } from "../expression/expression.js";
import type { Graph } from "../expression/graph.js";
import type { Index, Letter } from "../expression/indices.js";
import { isZero } from "../expression/predicates.js";
import type { MatrixExpression } from "../forms/matrix/expression.js";
import type { Sentence } from "../language/sentence.js";
import type { Known } from "../numeric/known.js";

/** How the leaves of a matrix side are written: as symbols, entry by entry, or as numbers. */
export type Leaves = "symbols" | "entries" | "numbers";

/** A summand of which every factor is written, in this order; numbers and signs stand in front. */
export interface Listed {
  readonly product: Expression;
  readonly factors: readonly Expression[];
}

/** What terms of sums, without their numbers, were in the lines before; undefined where that is not known. */
export interface Origins {
  readonly get: (term: Expression) => readonly Expression[] | undefined;
}

/** One side of an equation. */
export type Side =
  | {
      readonly kind: "scalar";
      readonly expression: Expression;
      /** What it is the sum of, where every summand is written, in this order. */
      readonly terms?: readonly Listed[] | undefined;
      /** What its terms were in the lines before, whose places they keep. */
      readonly origins?: Origins | undefined;
      /** Whether adjoints are written as ∂L/∂z even where they have a name of their own, δ. */
      readonly isUnnamed?: boolean;
      /** Whether sums stand in front of whole products, as in a chain rule: Σ_j δ_j ∂z_j/∂a_i ∂a_i/∂u_i. */
      readonly isChain?: boolean;
    }
  | {
      readonly kind: "matrix";
      readonly matrix: MatrixExpression;
      readonly leaves?: Leaves;
      /** As in a scalar side, of the terms that the matrix was made of. */
      readonly origins?: Origins | undefined;
    }
  /** The entry of a matrix at the letters of the equation, which run along its axes: (Wᵀδ)_{in}. */
  | {
      readonly kind: "entry";
      readonly matrix: MatrixExpression;
      readonly indices: readonly Index[];
      /** Whether the entry of a product of two matrices is written as a sum: Σ_j (Wᵀ)_{ij} δ_{jn}. */
      readonly isSummed?: boolean;
    }
  /** A vector or matrix of expressions, rows first. */
  | {
      readonly kind: "entries";
      readonly rows: number;
      readonly columns: number;
      readonly entries: readonly Expression[];
      /** The matrix whose products are multiplied out, if it is one. */
      readonly of?: MatrixExpression;
      /** As in a scalar side. */
      readonly origins?: Origins | undefined;
    }
  | { readonly kind: "cases"; readonly pieces: readonly Piece[] }
  /** An expression with numbers in place of its quantities. */
  | {
      readonly kind: "numbers";
      readonly expression: Expression;
      /** As in a scalar side. */
      readonly terms?: readonly Listed[] | undefined;
      /** As in a scalar side. */
      readonly origins?: Origins | undefined;
    }
  /** A number. */
  | { readonly kind: "value"; readonly value: Known }
  /** A vector or matrix of numbers, rows first. */
  | {
      readonly kind: "array";
      readonly rows: number;
      readonly columns: number;
      readonly entries: readonly Known[];
    };

export type ScalarSide = Extract<Side, { kind: "scalar" }>;

export interface StepCheck {
  /** At how many points both sides were evaluated. */
  readonly points: number;
  /**
   * The largest difference of two entries, relative to the largest entry of the sides; where all of
   * them cancel, to 10⁻⁵ of what is added up.
   */
  readonly maxError: number;
  /** Present where the sides were also evaluated in fractions, at one point, and are equal. */
  readonly exact?: true;
  /** What else has to be said of the check: narrower sizes, chosen entries, whose numbers stood. */
  readonly notes?: readonly string[];
}

/** What makes the right side from the line before it. */
export type Rule =
  | "definition"
  | "name"
  | "names put in"
  | "derivative of the loss"
  | "local derivative"
  | "cases"
  | "chain rule"
  | "recursion"
  | "local derivatives"
  | "cancellation"
  | "labels that add up to 1"
  | "known sum"
  | "substitution"
  | "the entry"
  | "sum over paths"
  | "local derivatives put in"
  | "matrix form"
  | "row times column"
  | "entry of a product"
  | "local Jacobian"
  | "product of Jacobians"
  | "rate of the step"
  | "gradient step"
  | "loss after the step"
  | WrittenOut;

/** How a line is written out further. */
export type WrittenOut =
  | "matrices entry by entry"
  | "multiplied out"
  | "entry by entry"
  | "entries that are not 0"
  | "sums written out"
  | "sums written out and cancelled"
  | "numbers"
  | "result";

/** An equation, or the assignment of a new value, `w ← w − μ ∂L/∂w`. */
export type Relation = "equation" | "assignment";

/** left = right, for all values of the letters. */
export interface Step {
  readonly rule: Rule;
  /** The reason, a sentence or more. */
  readonly why: Sentence;
  readonly left: Side;
  readonly right: Side;
  /** An equation where it is left out. */
  readonly relation?: Relation;
  /** Which of two values of the left side is meant, where a step changes it. */
  readonly moment?: "before" | "after";
  /**
   * Whether the equation goes on from the one before it, in the same display; where it is left out,
   * it does when the left side is the same.
   */
  readonly continues?: boolean;
  /**
   * Present where the equation is about the user's point alone: its numbers are put in, and sides
   * are equal to the digits shown, or sums are written for its sizes.
   */
  readonly isAtPoint?: boolean;
  /** The free letters of a scalar equation. */
  readonly letters: readonly Letter[];
  /** Of an equation about one of many entries, the row of their matrix that it stands in, from 0. */
  readonly row?: number;
  readonly check: StepCheck;
}

/** A step before its check. */
export type Claim = Omit<Step, "check">;

/** Marks the equations that go on from the one before: those with the same left side. */
export function chained(steps: readonly Step[]): Step[] {
  return steps.map((step, position) => {
    const before = steps[position - 1];
    const continues =
      before !== undefined &&
      sameSide(before.left, step.left) &&
      before.letters.length === step.letters.length;
    return step.continues === undefined && continues ? { ...step, continues } : step;
  });
}

/** Steps without those that say what the step before says. */
export function withoutRepeats(claims: readonly Claim[]): Claim[] {
  return claims.filter(({ left, right }, position) => {
    const before = claims[position - 1];
    return !(before && sameSide(before.left, left) && sameSide(before.right, right));
  });
}

function sameSide(a: Side, b: Side): boolean {
  if (a.kind === "matrix") return b.kind === "matrix" && a.matrix.key === b.matrix.key;
  return a.kind === "scalar" && b.kind === "scalar" && a.expression === b.expression;
}

/** A product of derivatives along a chain, or a sum of such products. */
export function chain(expression: Expression): ScalarSide {
  return { kind: "scalar", expression, isChain: true };
}

export function scalar(expression: Expression): ScalarSide {
  return { kind: "scalar", expression };
}

/** A product whose factors stay as they are given. */
export function product(graph: Graph, factors: readonly Expression[]): Listed {
  return { product: graph.multiply(...factors), factors };
}

/** A sum of just these summands, also where some of them are alike; those that are 0 are left out. */
export function listedSum(graph: Graph, summands: readonly Listed[]): ScalarSide {
  const terms = summands.filter((one) => !isZero(one.product));
  const expression = graph.add(...terms.map((one) => one.product));
  return terms.length > 0 ? { kind: "scalar", expression, terms } : scalar(expression);
}
