import type { Expression } from "./expression.js";
import { Index, letter, type Letter } from "./indices.js";
import type { Quantity } from "./quantity.js";
import type { Shape, Size } from "./size.js";

/**
 * A contribution to a quantity: for all values of `letters`, `body` is added to the entry at
 * `indices`; entries that no clause reaches are 0. Almost every definition is one clause whose
 * indices are its letters, z[i] := Σ_j W[i,j]·x[j]; concatenations, Kronecker products and the
 * adjoints of sliced quantities need several, or indices such as i + 3.
 */
export interface Clause {
  readonly letters: readonly Letter[];
  /** One for each axis of the quantity. */
  readonly indices: readonly Index[];
  /** Free letters are among `letters`. */
  readonly body: Expression;
}

/** A quantity and what it is. */
export interface Definition {
  readonly quantity: Quantity;
  readonly clauses: readonly Clause[];
}

/** The letter that runs along an axis in definitions. */
export function axisLetter(axis: number, size: Size): Letter {
  return letter(`@${axis}`, size);
}

/** The letters and indices that run over a whole shape; an axis of size 1 has no letter. */
export function fullAxes(shape: Shape): { letters: Letter[]; indices: Index[] } {
  const letters: Letter[] = [];
  const indices: Index[] = [];
  for (let axis = 0; axis < shape.length; axis++) {
    const size = shape[axis]!;
    if (size.isOne) {
      indices.push(Index.number(0));
      continue;
    }
    const along = axisLetter(axis, size);
    letters.push(along);
    indices.push(along.index);
  }
  return { letters, indices };
}

/** The body of a definition that is one clause over its whole shape, else undefined. */
export function fullBody(shape: Shape, clauses: readonly Clause[]): Expression | undefined {
  const [clause] = clauses;
  if (clauses.length !== 1) return undefined;
  const { letters, indices } = fullAxes(shape);
  const isFull =
    clause!.letters.length === letters.length &&
    clause!.indices.every((index, axis) => index.equals(indices[axis]!));
  return isFull ? clause!.body : undefined;
}

/** A definition that is one clause over the whole shape; the body uses the axes' letters. */
export function fullClause(shape: Shape, body: Expression): Clause {
  return { ...fullAxes(shape), body };
}
