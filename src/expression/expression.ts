/**
 * Expressions: scalars with free indices (Ricci notation). Everything the engine knows is one of
 * these, and everything it prints, compiles or checks is a view of it.
 *
 * Nodes are immutable and hash-consed by a `Graph`: equal expressions are the same object, operands
 * stand in a canonical order and bound letters have canonical names.
 */
import type { Fraction } from "fraction.js";
import type { Index, Letter } from "./indices.js";
import type { Operation } from "./operations/operation.js";
import type { Quantity } from "./quantity.js";
import type { Size } from "./size.js";

interface Base {
  /** Order of creation in the graph; operands are sorted by it. */
  readonly id: number;
  /** Free letters, sorted by key. */
  readonly free: readonly Letter[];
  /** Nesting depth of reductions; names bound letters. */
  readonly height: number;
  /** A hash that renaming letters leaves as it is: nodes that differ in it are never renamings. */
  readonly skeleton: number;
  /** What stands in it, itself included: see `CONTENT`. */
  readonly contents: number;
  /** Operands, reduced bodies included: what a walk visits. */
  readonly children: readonly Expression[];
}

/** An exact rational number. */
export interface NumberNode extends Base {
  readonly kind: "number";
  readonly value: Fraction;
}

/** A size used as a number, such as the N of a mean. Never a plain number. */
export interface SizeNode extends Base {
  readonly kind: "size";
  readonly size: Size;
}

/** π or e. */
export interface ConstantNode extends Base {
  readonly kind: "constant";
  readonly name: ConstantName;
}
export type ConstantName = "pi" | "e";

/** An entry of a quantity. */
export interface ReferenceNode extends Base {
  readonly kind: "reference";
  readonly quantity: Quantity;
  readonly indices: readonly Index[];
}

/** constant + Σ coefficient·term; at least two summands, no term twice. */
export interface SumNode extends Base {
  readonly kind: "sum";
  readonly constant: Fraction;
  readonly terms: readonly { readonly coefficient: Fraction; readonly term: Expression }[];
}

/** coefficient · Π base^exponent with whole exponents ≠ 0; no base twice. */
export interface ProductNode extends Base {
  readonly kind: "product";
  readonly coefficient: Fraction;
  readonly factors: readonly { readonly base: Expression; readonly exponent: number }[];
}

/** A row of the table of operations, applied. */
export interface ApplyNode extends Base {
  readonly kind: "apply";
  readonly operation: Operation;
  readonly children: readonly Expression[];
}

export type Reduction = "sum" | "max" | "min" | "logsumexp";

/** A reduction of `body` over all values of `letter`. */
export interface ReduceNode extends Base {
  readonly kind: "reduce";
  readonly reduction: Reduction;
  readonly letter: Letter;
  readonly body: Expression;
}

/** The Kronecker delta: 1 where the two indices are equal, else 0. */
export interface DeltaNode extends Base {
  readonly kind: "delta";
  readonly indices: readonly [Index, Index];
}

export type Expression =
  | NumberNode
  | SizeNode
  | ConstantNode
  | ReferenceNode
  | SumNode
  | ProductNode
  | ApplyNode
  | ReduceNode
  | DeltaNode;

/** What a node is made of; the rest follows from it. */
export type Draft = Expression extends infer Node
  ? Node extends Expression
    ? Omit<Node, "id" | "free" | "height" | "skeleton" | "contents">
    : never
  : never;
