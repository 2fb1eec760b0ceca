/**
 * Expressions computed node by node, each for all values of its letters at once, and kept: equal
 * expressions are one node, so that of a pass with a mistake only what the mistake changes is
 * computed. For few entries that is much quicker than generated code.
 */
import type { Clause } from "../../expression/definition.js";
import type { Expression } from "../../expression/expression.js";
import type { Quantity } from "../../expression/quantity.js";
import type { SizeValues } from "../../expression/size.js";
import { postorder } from "../../expression/walk.js";
import { toNumber } from "../../numeric/numbers.js";
import { AffinePositions, type Positions } from "./affine.js";
import {
  applyKernel,
  copy,
  type Kernel,
  productKernel,
  reduceKernel,
  type Spread,
  sumKernel,
} from "./kernels.js";

/** The arrays that references read. */
export interface Store {
  /** @throws where no code may read the quantity */
  readonly read: (quantity: Quantity) => Float64Array;
  /** Whether an array holds other numbers than the right ones. */
  readonly isMoved: (quantity: Quantity) => boolean;
}

/** A node's values for all values of its free letters, the last letter fastest. */
interface Cell {
  /** Right values, or those that a mistake leads to, whichever were computed last. */
  current: Float64Array;
  isMoved: boolean;
  /** The right values, and in which round they were computed. */
  right: Float64Array;
  round: number;
  /** Where other values are computed. */
  other: Float64Array | undefined;
  readonly count: number;
  readonly compute: Kernel | undefined;
  readonly operands: readonly Cell[];
  /** For a reference, what it reads. */
  readonly quantity: Quantity | undefined;
}

/** Numbers that take as long as to look at a node, and as to make its kernel. */
const VISIT = 10;
const KERNEL = 150;

/** Nothing, for nodes that have not been computed. */
const NONE = new Float64Array(0);

export class Cells {
  private readonly cells = new Map<Expression, Cell>();
  private readonly orders = new Map<Expression, readonly Expression[]>();
  private readonly positions: AffinePositions;
  /** Right values of other rounds are out of date. */
  private round = 0;
  private spent = 0;

  constructor(
    private readonly sizes: SizeValues,
    private readonly store: Store,
  ) {
    this.positions = new AffinePositions(sizes);
  }

  /** How many numbers were computed, with what it takes to begin with a node: the same at every run. */
  get work(): number {
    return this.spent;
  }

  /** The right values are others from now on. */
  forget(): void {
    this.round++;
  }

  /** Operands before what uses them; the body itself comes last. Found once. */
  nodesIn(body: Expression): readonly Expression[] {
    let order = this.orders.get(body);
    if (!order) this.orders.set(body, (order = postorder([body], (node) => node.children)));
    return order;
  }

  /** How many numbers are computed for a clause. */
  weigh({ letters, body }: Clause): number {
    let total = this.positions.count(letters);
    for (const node of this.nodesIn(body)) {
      total += this.positions.count(node.kind === "reduce" ? node.body.free : node.free);
    }
    return total;
  }

  /**
   * What adds a clause to the entries of a quantity, which the first one begins.
   * @param lengths of the quantity's axes
   * @throws as `store.read`
   */
  adder(
    { letters, indices, body }: Clause,
    lengths: readonly number[],
  ): (into: Float64Array, isFirst: boolean) => void {
    const order = this.nodesIn(body).map((node) => this.cell(node));
    const root = order.at(-1)!;
    const { positions } = this;
    const from = positions.places(letters, positions.among(body.free));
    const to = positions.places(letters, positions.entry(indices, lengths));
    const count = positions.count(letters);
    return (into, isFirst) => {
      for (let at = 0; at < order.length; at++) this.update(order[at]!);
      const values = root.current;
      if (isFirst && !to && count === into.length) {
        copy(into, values, from);
        return;
      }
      if (isFirst) into.fill(0);
      if (!from && !to) for (let k = 0; k < count; k++) into[k]! += values[k]!;
      else for (let k = 0; k < count; k++) into[to ? to[k]! : k]! += values[from ? from[k]! : k]!;
    };
  }

  private update(cell: Cell): void {
    const { quantity, operands, compute, count } = cell;
    let isMoved = quantity !== undefined && this.store.isMoved(quantity);
    for (let k = 0; k < operands.length && !isMoved; k++) isMoved = operands[k]!.isMoved;
    cell.isMoved = isMoved;
    this.spent += VISIT;
    if (!compute) return;
    if (isMoved) {
      this.spent += count;
      compute((cell.current = cell.other ??= new Float64Array(count)));
      return;
    }
    if (cell.round !== this.round) {
      if (cell.right === NONE) cell.right = new Float64Array(count);
      this.spent += count;
      compute(cell.right);
      cell.round = this.round;
    }
    cell.current = cell.right;
  }

  private cell(node: Expression): Cell {
    let cell = this.cells.get(node);
    if (!cell) this.cells.set(node, (cell = this.make(node)));
    return cell;
  }

  private make(node: Expression): Cell {
    const { positions } = this;
    this.spent += KERNEL;
    const count = positions.count(node.free);
    const blank = { isMoved: false, right: NONE, round: -1, other: undefined, count };
    if (node.kind === "reference") {
      const { quantity, indices } = node;
      const array = this.store.read(quantity);
      const lengths = quantity.shape.map((size) => size.evaluate(this.sizes));
      const places = positions.places(node.free, positions.entry(indices, lengths));
      if (!places && count === array.length) {
        return { ...blank, current: array, compute: undefined, operands: [], quantity };
      }
      const compute = sumKernel(0, [{ operand: { current: array }, places, coefficient: 1 }]);
      return { ...blank, current: NONE, compute, operands: [], quantity };
    }
    const operands = node.children.map((child) => this.cell(child));
    const compute = this.kernel(node);
    return { ...blank, current: NONE, compute, operands, quantity: undefined };
  }

  private kernel(node: Exclude<Expression, { kind: "reference" }>): Kernel {
    const { positions, sizes } = this;
    const spread = (child: Expression): Spread => {
      const places = positions.places(node.free, positions.among(child.free));
      return { operand: this.cell(child), places };
    };
    switch (node.kind) {
      case "number":
        return sumKernel(toNumber(node.value), []);
      case "size":
        return sumKernel(node.size.evaluate(sizes), []);
      case "constant":
        return sumKernel(node.name === "pi" ? Math.PI : Math.E, []);
      case "delta": {
        const [a, b] = node.indices.map((index) =>
          positions.places(node.free, positions.entry([index], [1])),
        );
        return deltaKernel(a!, b!);
      }
      case "sum": {
        const terms = node.terms.map(({ coefficient, term }) => ({
          ...spread(term),
          coefficient: toNumber(coefficient),
        }));
        return sumKernel(toNumber(node.constant), terms);
      }
      case "product": {
        const factors = node.factors.map(({ base, exponent }) => ({ ...spread(base), exponent }));
        return productKernel(toNumber(node.coefficient), factors);
      }
      case "apply":
        return applyKernel(node.operation, node.children.map(spread));
      case "reduce": {
        const { body, letter, reduction } = node;
        const places = positions.places([...node.free, letter], positions.among(body.free));
        const over = letter.size.evaluate(sizes);
        return reduceKernel(reduction, over, { operand: this.cell(body), places });
      }
    }
  }
}

function deltaKernel(a: Positions, b: Positions): Kernel {
  return (result) => {
    for (let k = 0; k < result.length; k++) result[k] = Number((a?.[k] ?? k) === (b?.[k] ?? k));
  };
}
