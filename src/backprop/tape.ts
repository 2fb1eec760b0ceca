/**
 * The tape: every operation notes, for each operand, its vector-Jacobian product, which takes the
 * adjoint of the result, Ȳ = ∂L/∂Y, to what it adds to the operand's, X̄. The backward sweep reads
 * the notes from the last to the first. (Griewank & Walther, Evaluating Derivatives, 2008, ch. 3.)
 */
import type { Field } from "./field.js";
import { each, entryOf, filled, type Matrix, single, sizeOf, zip } from "./matrices.js";

/** Scalar, vector or matrix: how a value is given back. */
export type Rank = 0 | 1 | 2;

export interface Shape {
  readonly rows: number;
  readonly columns: number;
  readonly rank: Rank;
}

/** A matrix [rows, columns]; a vector is a column n×1 and a scalar 1×1. */
export interface Value extends Shape {
  readonly matrix: Matrix;
  /** Where the tape keeps it; undefined for what depends on nothing to differentiate by. */
  readonly slot: number | undefined;
}

/** Ȳ, of the result's size → X̄, of the operand's size. */
export type Pullback = (adjoint: Matrix) => Matrix;

interface Link {
  readonly operand: Value & { readonly slot: number };
  readonly pullback: Pullback;
}

export class Tape {
  /** links[slot]: the operands of that value; none for a leaf. Operands have smaller slots. */
  private readonly links: (readonly Link[])[] = [];

  constructor(readonly field: Field) {}

  /** A value without derivatives. */
  constant(matrix: Matrix, rank: Rank): Value {
    return valueOf(matrix, rank, undefined);
  }

  /** @param written a decimal */
  number(written: string): Value {
    return this.constant(single(this.field.number(written)), 0);
  }

  /** A value to differentiate by. */
  leaf(matrix: Matrix, rank: Rank): Value {
    return valueOf(matrix, rank, this.links.push([]) - 1);
  }

  /** The result of an operation; operands that nothing is asked of are not noted. */
  record(
    matrix: Matrix,
    rank: Rank,
    operands: readonly (readonly [operand: Value, pullback: Pullback])[],
  ): Value {
    const links: Link[] = [];
    for (const [operand, pullback] of operands) {
      const { slot } = operand;
      if (slot !== undefined) links.push({ operand: { ...operand, slot }, pullback });
    }
    return valueOf(matrix, rank, links.length > 0 ? this.links.push(links) - 1 : undefined);
  }

  /**
   * The backward sweep from L̄ = 1; the answer gives ∂L/∂v of each leaf, and of the kept values.
   */
  gradients(loss: Value, kept: readonly Value[] = []): (value: Value) => Matrix {
    return this.sweep(loss, kept, (added) => added);
  }

  /**
   * How large what is added up to ∂L/∂v is, however much of it cancels: the same sweep with the absolute values of
   * all that is added. Of doubles.
   */
  magnitudes(loss: Value, kept: readonly Value[] = []): (value: Value) => Matrix {
    return this.sweep(loss, kept, (added) => each(added, Math.abs));
  }

  private sweep(
    loss: Value,
    kept: readonly Value[],
    part: (added: Matrix) => Matrix,
  ): (value: Value) => Matrix {
    const keptSlots = new Set(kept.map(({ slot }) => slot));
    entryOf(loss.matrix);
    const adjoints = new Map<number, Matrix>();
    const start = loss.slot ?? -1;
    if (start >= 0) adjoints.set(start, single(this.field.one));
    for (let slot = start; slot >= 0; slot--) {
      const links = this.links[slot]!;
      const adjoint = adjoints.get(slot);
      if (!adjoint || links.length === 0) continue;
      if (!keptSlots.has(slot)) adjoints.delete(slot);
      for (const { operand, pullback } of links) {
        const added = part(pullback(adjoint));
        const [rows, columns] = sizeOf(added);
        if (rows !== operand.rows || columns !== operand.columns) {
          throw new Error(
            `an adjoint is ${rows}×${columns}, its value ${operand.rows}×${operand.columns}`,
          );
        }
        const sofar = adjoints.get(operand.slot);
        const total = sofar ? zip(sofar, added, (a, b) => this.field.add(a, b)) : added;
        adjoints.set(operand.slot, total);
      }
    }
    return ({ slot, rows, columns }) =>
      (slot === undefined ? undefined : adjoints.get(slot)) ??
      filled(rows, columns, this.field.zero);
  }
}

function valueOf(matrix: Matrix, rank: Rank, slot: number | undefined): Value {
  const [rows, columns] = sizeOf(matrix);
  if (columns > 1 && rank < 2) throw new Error(`a value of rank ${rank} is ${rows}×${columns}`);
  if (rows > 1 && rank < 1) throw new Error(`a scalar has ${rows} rows`);
  return { matrix, rows, columns, rank, slot };
}
