/** What a printed formula says, before any number is known. */

/** A position along an axis, as it is printed: one, a range with both ends, or all. */
export type Position =
  | { readonly kind: "at"; readonly index: Node }
  | { readonly kind: "range"; readonly from: Node; readonly to: Node }
  | { readonly kind: "all" };

/** A quantity of the model: whole, or at indices. */
export interface Reference {
  readonly kind: "reference";
  readonly name: string;
  readonly positions: readonly Position[] | undefined;
}

/** ∂u/∂v; `isVec` where vec is written before it. */
export interface PartialSymbol {
  readonly kind: "partial";
  readonly of: Reference;
  readonly by: Reference;
  readonly ofIsVec: boolean;
  /** ∂⁺: what the loss depends on through other definitions is held fixed. */
  readonly isDirect?: boolean;
  readonly byIsVec: boolean;
}

/** How factors are joined: the matrix product (or scaling), ⊙, ⊘, ⊗. */
export type Join = "product" | "hadamard" | "quotient" | "kronecker";

export interface Chain {
  readonly kind: "chain";
  readonly first: Node;
  readonly rest: readonly { readonly join: Join; readonly node: Node }[];
}

export interface Sum {
  readonly kind: "sum";
  readonly terms: readonly { readonly sign: 1 | -1; readonly node: Node }[];
}

export interface Reduction {
  readonly kind: "reduction";
  readonly reduction: "sum" | "max" | "min";
  readonly letter: string;
  readonly from: Node;
  readonly to: Node;
  readonly body: Node;
}

export type Relation = "<" | ">" | "=" | "\\le" | "\\ge" | "\\ne";

export type Node =
  | Reference
  | PartialSymbol
  | Chain
  | Sum
  | Reduction
  | { readonly kind: "number"; readonly value: number }
  | { readonly kind: "letter"; readonly letter: string }
  | { readonly kind: "size"; readonly name: string }
  | { readonly kind: "fraction"; readonly over: Node; readonly under: Node }
  | { readonly kind: "power"; readonly base: Node; readonly exponent: Node }
  /** Entry by entry, of a matrix. */
  | { readonly kind: "entrywise power"; readonly base: Node; readonly exponent: Node }
  | { readonly kind: "transpose"; readonly of: Node }
  | {
      readonly kind: "call";
      readonly name: string;
      readonly along: string;
      readonly args: readonly Node[];
    }
  | { readonly kind: "ones" }
  | { readonly kind: "identity"; readonly size: Node }
  | { readonly kind: "unit"; readonly index: Node }
  | { readonly kind: "commutation"; readonly rows: Node; readonly columns: Node }
  | {
      readonly kind: "indicator";
      readonly left: Node;
      readonly relation: Relation;
      readonly right: Node;
    }
  | { readonly kind: "norm"; readonly of: Node; readonly isFrobenius: boolean }
  | { readonly kind: "slice"; readonly of: Node; readonly positions: readonly Position[] }
  | { readonly kind: "array"; readonly rows: readonly (readonly Node[])[] }
  | {
      readonly kind: "cases";
      readonly cases: readonly { readonly value: Node; readonly when: Node | undefined }[];
    }
  /** A factor with its printed shape below it. */
  | {
      readonly kind: "shaped";
      readonly of: Node;
      readonly rows: Node;
      readonly columns: Node;
    };

/** Letters that run over ranges of their own: i = 1, …, 4. */
export interface Range {
  readonly letter: string;
  readonly from: Node;
  readonly to: Node;
}

export interface Equation {
  readonly left: Node;
  readonly relation: "=" | "\\approx";
  readonly right: Node;
  readonly ranges: readonly Range[];
}
