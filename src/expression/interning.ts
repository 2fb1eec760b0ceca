/** Interning: equal expressions are the same node, found by a hash of their parts. */
import type { Fraction } from "fraction.js";
import { CONTENT } from "./contents.js";
import type { Draft, Expression, ProductNode, Reduction, SumNode } from "./expression.js";
import { hashText, mix } from "./hash.js";
import type { Index, Letter } from "./indices.js";
import { lettersOf, union, without } from "./letters.js";
import type { Operation } from "./operations/operation.js";
import { isSlope } from "./operations/slope.js";
import type { Quantity } from "./quantity.js";
import { areEqual, hashRational } from "./rational.js";
import type { Size } from "./size.js";

interface Hashes {
  /** Of the node. */
  readonly own: number;
  /** Of the node with the names of its letters forgotten. */
  readonly skeleton: number;
}

/** The parts that some kind of node has. */
interface Parts {
  readonly kind: Draft["kind"];
  readonly children: readonly Expression[];
  readonly value?: Fraction;
  readonly size?: Size;
  readonly name?: string;
  readonly quantity?: Quantity;
  readonly indices?: readonly Index[];
  readonly constant?: Fraction;
  readonly terms?: SumNode["terms"];
  readonly coefficient?: Fraction;
  readonly factors?: ProductNode["factors"];
  readonly operation?: Operation;
  readonly reduction?: Reduction;
  readonly letter?: Letter;
  readonly body?: Expression;
}

/** What follows from the parts of a node. */
interface Derived {
  readonly id: number;
  readonly free: readonly Letter[];
  readonly height: number;
  readonly skeleton: number;
  readonly contents: number;
}

/**
 * A node with all parts, those that its kind does not have left open: nodes of all kinds look alike to V8,
 * which then finds what every walk reads where it was the last time.
 */
function whole(parts: Parts, { id, free, height, skeleton, contents }: Derived): Expression {
  const node = {
    kind: parts.kind,
    children: parts.children,
    id,
    free,
    height,
    skeleton,
    contents,
    value: parts.value,
    size: parts.size,
    name: parts.name,
    quantity: parts.quantity,
    indices: parts.indices,
    constant: parts.constant,
    terms: parts.terms,
    coefficient: parts.coefficient,
    factors: parts.factors,
    operation: parts.operation,
    reduction: parts.reduction,
    letter: parts.letter,
    body: parts.body,
  };
  return node as Expression;
}

/** The nodes of one graph. */
export class Interning {
  private readonly byHash = new Map<number, Expression | Expression[]>();
  private readonly quantities = new Map<Quantity, number>();
  private count = 0;

  /** The one node of these parts. */
  node(draft: Draft): Expression {
    const { own, skeleton } = this.hashes(draft);
    const known = this.byHash.get(own);
    if (known === undefined) {
      const made = this.make(draft, skeleton);
      this.byHash.set(own, made);
      return made;
    }
    if (!Array.isArray(known)) {
      if (isSame(draft, known)) return known;
      const made = this.make(draft, skeleton);
      this.byHash.set(own, [known, made]);
      return made;
    }
    const same = known.find((node) => isSame(draft, node));
    if (same) return same;
    const made = this.make(draft, skeleton);
    known.push(made);
    return made;
  }

  /** How many nodes there are. */
  get size(): number {
    return this.count;
  }

  private make(draft: Draft, skeleton: number): Expression {
    let free = lettersOf(indicesOf(draft));
    let height = 0;
    const { children } = draft;
    for (let at = 0; at < children.length; at++) {
      const child = children[at]!;
      free = union(free, child.free);
      if (child.height > height) height = child.height;
    }
    if (draft.kind === "reduce") {
      free = without(free, draft.letter);
      height = Math.max(height + 1, Number(draft.letter.name.slice(1)));
    }
    return whole(draft, { id: this.count++, free, height, skeleton, contents: contentsOf(draft) });
  }

  private hashes(draft: Draft): Hashes {
    switch (draft.kind) {
      case "number":
        return both(mix(1, hashRational(draft.value)));
      case "size":
        return both(mix(2, draft.size.hash));
      case "constant":
        return both(mix(3, hashText(draft.name)));
      case "reference": {
        let own = mix(4, this.numberOf(draft.quantity));
        let skeleton = own;
        const { indices } = draft;
        for (let axis = 0; axis < indices.length; axis++) {
          own = mix(own, indices[axis]!.hash);
          skeleton = mix(skeleton, indices[axis]!.skeleton);
        }
        return { own, skeleton };
      }
      case "delta": {
        const [a, b] = draft.indices;
        return {
          own: mix(mix(5, a.hash), b.hash),
          skeleton: mix(5, (a.skeleton + b.skeleton) | 0),
        };
      }
      case "sum": {
        let own = mix(6, hashRational(draft.constant));
        let skeleton = own;
        const { terms } = draft;
        for (let at = 0; at < terms.length; at++) {
          const { coefficient, term } = terms[at]!;
          const factor = hashRational(coefficient);
          own = mix(mix(own, factor), term.id);
          skeleton = (skeleton + mix(factor, term.skeleton)) | 0;
        }
        return { own, skeleton };
      }
      case "product": {
        let own = mix(7, hashRational(draft.coefficient));
        let skeleton = own;
        const { factors } = draft;
        for (let at = 0; at < factors.length; at++) {
          const { base, exponent } = factors[at]!;
          own = mix(mix(own, exponent), base.id);
          skeleton = (skeleton + mix(exponent, base.skeleton)) | 0;
        }
        return { own, skeleton };
      }
      case "apply": {
        let own = mix(8, hashText(draft.operation.name));
        let skeleton = own;
        const { children } = draft;
        for (let at = 0; at < children.length; at++) {
          own = mix(own, children[at]!.id);
          skeleton = mix(skeleton, children[at]!.skeleton);
        }
        return { own, skeleton };
      }
      case "reduce": {
        const { reduction, letter, body } = draft;
        const kind = mix(9, hashText(reduction));
        return {
          own: mix(mix(kind, letter.hash), body.id),
          skeleton: mix(mix(kind, letter.size.hash), body.skeleton),
        };
      }
    }
  }

  private numberOf(quantity: Quantity): number {
    let number = this.quantities.get(quantity);
    if (number === undefined) this.quantities.set(quantity, (number = this.quantities.size));
    return number;
  }
}

function both(hash: number): Hashes {
  return { own: hash, skeleton: hash };
}

function indicesOf(draft: Draft): readonly Index[] {
  return draft.kind === "reference" || draft.kind === "delta" ? draft.indices : [];
}

/** The contents of a node: its own, and all of what it is made of. */
function contentsOf(draft: Draft): number {
  let contents: number = CONTENT[draft.kind];
  const { children } = draft;
  for (let at = 0; at < children.length; at++) contents |= children[at]!.contents;
  if (draft.kind === "reference") {
    const { role } = draft.quantity;
    if (role === "adjoint") contents |= CONTENT.adjoint;
    if (role === "partial") contents |= CONTENT.partial;
  } else if (draft.kind === "apply") {
    const { relation, isIndicator, meaning } = draft.operation;
    if (relation !== undefined) contents |= CONTENT.comparison;
    if (isIndicator === true) contents |= CONTENT.indicator;
    if (meaning !== undefined) contents |= CONTENT.explained;
    if (isSlope(draft.operation)) contents |= CONTENT.slope;
    if (draft.operation.exact === undefined) contents |= CONTENT.irrational;
  } else if (draft.kind === "constant") {
    contents |= CONTENT.irrational;
  } else if (draft.kind === "product") {
    if (draft.factors.some(({ base, exponent }) => exponent < 0 && base.kind !== "size"))
      contents |= CONTENT.quotient;
  }
  return contents;
}

/** Whether a node has exactly these parts; operands are compared by identity. */
function isSame(draft: Draft, node: Expression): boolean {
  switch (draft.kind) {
    case "number":
      return node.kind === "number" && areEqual(draft.value, node.value);
    case "size":
      return node.kind === "size" && draft.size.equals(node.size);
    case "constant":
      return node.kind === "constant" && draft.name === node.name;
    case "reference":
      return (
        node.kind === "reference" &&
        draft.quantity === node.quantity &&
        draft.indices.every((index, axis) => index.equals(node.indices[axis]!))
      );
    case "delta":
      return (
        node.kind === "delta" &&
        draft.indices.every((index, side) => index.equals(node.indices[side]!))
      );
    case "sum":
      return (
        node.kind === "sum" &&
        draft.terms.length === node.terms.length &&
        areEqual(draft.constant, node.constant) &&
        draft.terms.every(({ coefficient, term }, position) => {
          const other = node.terms[position]!;
          return term === other.term && areEqual(coefficient, other.coefficient);
        })
      );
    case "product":
      return (
        node.kind === "product" &&
        draft.factors.length === node.factors.length &&
        areEqual(draft.coefficient, node.coefficient) &&
        draft.factors.every(({ base, exponent }, position) => {
          const other = node.factors[position]!;
          return base === other.base && exponent === other.exponent;
        })
      );
    case "apply":
      return (
        node.kind === "apply" &&
        draft.operation === node.operation &&
        draft.children.length === node.children.length &&
        draft.children.every((child, position) => child === node.children[position])
      );
    case "reduce":
      return (
        node.kind === "reduce" &&
        draft.reduction === node.reduction &&
        draft.body === node.body &&
        sameLetter(draft.letter, node.letter)
      );
  }
}

function sameLetter(a: Letter, b: Letter): boolean {
  return a === b || a.key === b.key;
}
