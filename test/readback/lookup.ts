/** The numbers behind symbols: quantities, their entries and parts, and partial derivatives. */
import { columnsFirst } from "./combine.js";
import { build, entryOf, isScalar, type Matrix, scalar } from "./matrix.js";
import { UnreadableError } from "./tokens.js";
import type { Node, PartialSymbol, Position, Reference } from "./tree.js";

/** The numbers behind the symbols. */
export interface World {
  readonly indexBase: 0 | 1;
  value(name: string): Matrix;
  size(name: string): number;
  /**
   * ∂u/∂v: a row for every entry of u and a column for every entry of v, both rows first. Of the
   * loss it is the whole derivative, of others that of their own definition.
   */
  partial(of: string, by: string, isDirect?: boolean): Matrix;
  isLoss(name: string): boolean;
}

export type Letters = ReadonlyMap<string, number>;

export abstract class Lookup {
  constructor(protected readonly world: World) {}

  /** A whole number: an index, a size, a bound. */
  abstract integer(node: Node, letters: Letters): number;

  protected index(node: Node, letters: Letters, length: number): number {
    const index = this.integer(node, letters) - this.world.indexBase;
    if (index < 0 || index >= length) {
      const base = this.world.indexBase;
      throw new UnreadableError(`index ${index + base} of ${length}, counted from ${base}`);
    }
    return index;
  }

  protected reference({ name, positions }: Reference, letters: Letters): Matrix {
    const value = this.world.value(name);
    return positions ? this.sliced(value, positions, letters) : value;
  }

  /** Positions (from 0) along an axis. */
  private along(position: Position, length: number, letters: Letters): number[] {
    if (position.kind === "at") return [this.index(position.index, letters, length)];
    const [from, to] =
      position.kind === "all"
        ? [0, length - 1]
        : [position.from, position.to].map((one) => this.index(one, letters, length));
    return Array.from({ length: to! - from! + 1 }, (_, k) => from! + k);
  }

  protected sliced(of: Matrix, positions: readonly Position[], letters: Letters): Matrix {
    if (positions.length > 2) throw new UnreadableError("more than two indices");
    const rows = this.along(positions[0]!, of.rows, letters);
    const columns = positions[1] ? this.along(positions[1], of.columns, letters) : [0];
    if (!positions[1] && of.columns > 1) throw new UnreadableError("one index of a matrix");
    return build(rows.length, columns.length, (i, j) => entryOf(of, rows[i]!, columns[j]!));
  }

  /** Entries: a number. Of the loss by a whole quantity: its shape. Else the Jacobian. */
  protected partial(node: PartialSymbol, letters: Letters): Matrix {
    const { of, by } = node;
    const all = this.world.partial(of.name, by.name, node.isDirect);
    const [above, below] = [this.world.value(of.name), this.world.value(by.name)];
    const at = (one: Reference, whole: Matrix): number | undefined => {
      if (!one.positions) return isScalar(whole) ? 0 : undefined;
      const [row, column] = one.positions.map((position, axis) => {
        const found = this.along(position, axis === 0 ? whole.rows : whole.columns, letters);
        if (found.length !== 1) throw new UnreadableError("∂ of a slice");
        return found[0]!;
      });
      return row! * whole.columns + (column ?? 0);
    };
    const [row, column] = [at(of, above), at(by, below)];
    if (row !== undefined && column !== undefined) return scalar(entryOf(all, row, column));
    if (of.positions || by.positions) throw new UnreadableError("∂ of an entry by a whole");
    if (this.world.isLoss(of.name) && !node.byIsVec) {
      return { rows: below.rows, columns: below.columns, data: all.data };
    }
    for (const [whole, isVec] of [
      [above, node.ofIsVec],
      [below, node.byIsVec],
    ] as const) {
      const isMatrix = whole.rows > 1 && whole.columns > 1;
      if (isMatrix && !isVec) throw new UnreadableError("the Jacobian of a matrix without vec");
    }
    const [rows, columns] = [columnsFirst(above), columnsFirst(below)];
    return build(rows.length, columns.length, (i, j) => entryOf(all, rows[i]!, columns[j]!));
  }
}
