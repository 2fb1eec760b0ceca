/**
 * Matrix expressions: how people write what the index expressions mean. Every node has a shape
 * `rows × columns`; a vector is n×1 and a scalar 1×1. Immutable trees, built by `build.ts`, which
 * keeps them in a normal form: products and sums are flat, numbers and scalars stand in front.
 */
import type { Fraction } from "fraction.js";
import type { ConstantName, Expression } from "../../expression/expression.js";
import type { Operation } from "../../expression/operations/operation.js";
import type { Quantity } from "../../expression/quantity.js";
import type { Size } from "../../expression/size.js";

interface Base {
  readonly rows: Size;
  readonly columns: Size;
  /** Equal for equal expressions and only for them. */
  readonly key: string;
  /** Number of nodes. */
  readonly weight: number;
  /** Number of transposes that are written. */
  readonly transposes: number;
  /**
   * The transpose, once it was asked for: what contains the node is transposed by way of it. It stands here, since
   * V8's collections take long for a `WeakMap` of all nodes.
   */
  turned?: MatrixExpression;
}

/** A whole quantity. */
export interface QuantityNode extends Base {
  readonly kind: "quantity";
  readonly quantity: Quantity;
}

/** What a slice takes along one axis: one index (from 0), or `count` of them from `from` on. */
export type Along =
  | { readonly kind: "at"; readonly index: Size }
  | { readonly kind: "range"; readonly from: Size; readonly count: Size };

/** An entry, a row, a column or a block of a quantity; a row W[2,:] is 1×n. */
export interface SliceNode extends Base {
  readonly kind: "slice";
  readonly quantity: Quantity;
  /** One for each axis of the quantity. */
  readonly axes: readonly Along[];
}

export interface NumberNode extends Base {
  readonly kind: "number";
  readonly value: Fraction;
}

export interface SizeNode extends Base {
  readonly kind: "size";
  readonly size: Size;
}

export interface ConstantNode extends Base {
  readonly kind: "constant";
  readonly name: ConstantName;
}

/** Filled with 1; with 0; the identity. */
export interface PlainNode extends Base {
  readonly kind: "ones" | "zeros" | "identity";
}

/** The unit vector n×1 with its 1 at `index` (from 0). */
export interface UnitNode extends Base {
  readonly kind: "unit";
  readonly index: Size;
}

/** The columns of the n×n identity from `from` on, n×count. */
export interface SelectionNode extends Base {
  readonly kind: "selection";
  readonly from: Size;
}

/** Σ coefficient·term; all of one shape, no term twice. */
export interface SumNode extends Base {
  readonly kind: "sum";
  readonly terms: readonly {
    readonly coefficient: Fraction;
    readonly term: MatrixExpression;
    /** The terms of sums with indices that it was made of, where there are some, those of the whole sum first. */
    readonly of?: readonly Expression[];
    /** What it was in the lines before, where others were put into these: a term of each, those of the whole sum first. */
    readonly from?: readonly MatrixExpression[];
  }[];
}

/** coefficient · Π numerator / Π denominator · of: scalars in front of at most one matrix. */
export interface ScaleNode extends Base {
  readonly kind: "scale";
  readonly coefficient: Fraction;
  readonly numerator: readonly MatrixExpression[];
  readonly denominator: readonly MatrixExpression[];
  /** Not a scalar. */
  readonly of: MatrixExpression | undefined;
}

/** The matrix product of at least two factors. */
export interface ProductNode extends Base {
  readonly kind: "product";
  readonly factors: readonly MatrixExpression[];
}

/** Π base^exponent, elementwise, with whole exponents ≠ 0. */
export interface HadamardNode extends Base {
  readonly kind: "hadamard";
  readonly factors: readonly { readonly base: MatrixExpression; readonly exponent: number }[];
}

/** A row of the table of operations, elementwise; an operand is a scalar or of the node's shape. */
export interface ApplyNode extends Base {
  readonly kind: "apply";
  readonly operation: Operation;
  readonly args: readonly MatrixExpression[];
}

/**
 * One matrix and what is done to it: its transpose; the matrix with a vector on its diagonal; the
 * diagonal of a matrix, n×1; its trace.
 */
export interface UnaryNode extends Base {
  readonly kind: "transpose" | "diag" | "diagonal" | "trace";
  readonly of: MatrixExpression;
}

/** The Euclidean or Frobenius norm, or its square. */
export interface NormNode extends Base {
  readonly kind: "norm";
  readonly squared: boolean;
  readonly of: MatrixExpression;
}

/** A ⊗ B ⊗ … */
export interface KroneckerNode extends Base {
  readonly kind: "kronecker";
  readonly factors: readonly MatrixExpression[];
}

/** Which entries are neighbours when a matrix is written as one column. */
export type VecOrder = "columns" | "rows";

/** A matrix as one column, mn×1. */
export interface VecNode extends Base {
  readonly kind: "vec";
  readonly order: VecOrder;
  readonly of: MatrixExpression;
}

/** The permutation K with K vec(A) = vec(Aᵀ) for A of `m`×`n`. */
export interface CommutationNode extends Base {
  readonly kind: "commutation";
  readonly order: VecOrder;
  readonly m: Size;
  readonly n: Size;
}

/** What a reduction runs over: within each row, within each column, or everything. */
export type Over = "row" | "column" | "all";

/** One number for each row (m×1), for each column (1×n), or for all. */
export interface ReductionNode extends Base {
  readonly kind: "reduction";
  readonly reduction: "max" | "min" | "logsumexp";
  readonly over: Over;
  readonly of: MatrixExpression;
}

/** `max`, or `rowmax` where each row has one. */
export function reductionWord({ reduction, over }: ReductionNode): string {
  return `${{ row: "row", column: "col", all: "" }[over]}${reduction}`;
}

/** softmax, or its logarithm, of each row, each column, or all entries. */
export interface SoftmaxNode extends Base {
  readonly kind: "softmax";
  readonly log: boolean;
  readonly over: Over;
  readonly of: MatrixExpression;
}

export type MatrixExpression =
  | QuantityNode
  | SliceNode
  | NumberNode
  | SizeNode
  | ConstantNode
  | PlainNode
  | UnitNode
  | SelectionNode
  | SumNode
  | ScaleNode
  | ProductNode
  | HadamardNode
  | ApplyNode
  | UnaryNode
  | NormNode
  | KroneckerNode
  | VecNode
  | CommutationNode
  | ReductionNode
  | SoftmaxNode;

export function isScalar({ rows, columns }: MatrixExpression): boolean {
  return rows.isOne && columns.isOne;
}

export function isVector(node: MatrixExpression): boolean {
  return node.rows.isOne !== node.columns.isOne;
}

/** What a node is made of; the rest follows from it. */
export type Draft = MatrixExpression extends infer Node
  ? Node extends MatrixExpression
    ? Omit<Node, keyof Base>
    : never
  : never;

/** The operands of a node, in the order in which they are written. */
export function operands(node: Draft): readonly MatrixExpression[] {
  switch (node.kind) {
    case "sum":
      return node.terms.map(({ term }) => term);
    case "scale":
      return [...node.numerator, ...node.denominator, ...(node.of ? [node.of] : [])];
    case "product":
    case "kronecker":
      return node.factors;
    case "hadamard":
      return node.factors.map(({ base }) => base);
    case "apply":
      return node.args;
    case "transpose":
    case "diag":
    case "diagonal":
    case "trace":
    case "norm":
    case "vec":
    case "reduction":
    case "softmax":
      return [node.of];
    default:
      return [];
  }
}
