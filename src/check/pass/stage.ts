/** Arrays of quantities at the sizes of a point, and what computes one from others. */
import type { Clause, Definition } from "../../expression/definition.js";
import type { Graph } from "../../expression/graph.js";
import type { Quantity } from "../../expression/quantity.js";
import type { Shape, SizeValues } from "../../expression/size.js";
import { Emitter } from "../../numeric/code/javascript.js";
import { Lowering } from "../../numeric/lower.js";
import { Cells } from "./cells.js";

export type Run = () => void;

/** Code is generated, which takes a fraction of a millisecond, where more numbers are computed. */
const MOST_IN_CELLS = 4000;
/** Numbers in cells that take as long as to generate code, and generated code computes so many while they compute one. */
const GENERATING = 10_000;
const QUICKER = 32;

export class Stage {
  private readonly arrays = new Map<Quantity, Float64Array>();
  private readonly names = new Map<Quantity, string>();
  private readonly owners = new Map<string, Quantity>();
  private readonly emitter: Emitter;
  private readonly cells: Cells;
  /** Quantities whose arrays hold other numbers than the right ones. */
  private readonly moved = new Set<Quantity>();
  private generatedWork = 0;

  /** @param admit throws for quantities that no code may read or write */
  constructor(
    private readonly graph: Graph,
    private readonly sizes: SizeValues,
    private readonly admit: (quantity: Quantity) => void,
  ) {
    this.emitter = new Emitter({
      sizes,
      locate: (quantity) => ({ array: this.nameOf(quantity), offset: 0 }),
    });
    this.cells = new Cells(sizes, {
      read: (quantity) => {
        this.admit(quantity);
        return this.array(quantity);
      },
      isMoved: (quantity) => this.moved.has(quantity),
    });
  }

  /** How many numbers were computed, with what it took to make their code: the same at every run. */
  get work(): number {
    return this.cells.work + this.generatedWork;
  }

  /** The right numbers are others from now on. */
  forget(): void {
    this.cells.forget();
  }

  /** A quantity's array holds other numbers than the right ones from now on. */
  markMoved(quantity: Quantity): void {
    this.moved.add(quantity);
  }

  /** All arrays hold the right numbers again. */
  markRestored(): void {
    this.moved.clear();
  }

  /** Whether one of these quantities holds other numbers than the right ones. */
  hasMoved(quantities: ReadonlySet<Quantity>): boolean {
    if (this.moved.size === 0) return false;
    for (const quantity of quantities) if (this.moved.has(quantity)) return true;
    return false;
  }

  lengthsOf(shape: Shape): number[] {
    return shape.map((size) => size.evaluate(this.sizes));
  }

  array(quantity: Quantity): Float64Array {
    let array = this.arrays.get(quantity);
    if (!array) {
      const count = this.lengthsOf(quantity.shape).reduce((total, length) => total * length, 1);
      array = new Float64Array(count);
      this.arrays.set(quantity, array);
    }
    return array;
  }

  /** What is read where clauses are computed. */
  readBy(clauses: readonly Clause[]): ReadonlySet<Quantity> {
    const read = new Set<Quantity>();
    for (const { body } of clauses) {
      for (const node of this.cells.nodesIn(body)) {
        if (node.kind === "reference") read.add(node.quantity);
      }
    }
    return read;
  }

  /** What computes a definition and what it needs first. */
  compile(quantity: Quantity, clauses: readonly Clause[]): Run {
    const weight = clauses.reduce((total, clause) => total + this.cells.weigh(clause), 0);
    return weight <= MOST_IN_CELLS
      ? this.inCells(quantity, clauses)
      : this.generated(quantity, clauses, weight);
  }

  private inCells(quantity: Quantity, clauses: readonly Clause[]): Run {
    const lengths = this.lengthsOf(quantity.shape);
    const adders = clauses.map((clause) => this.cells.adder(clause, lengths));
    const array = this.array(quantity);
    return () => {
      if (adders.length === 0) array.fill(0);
      for (let k = 0; k < adders.length; k++) adders[k]!(array, k === 0);
    };
  }

  private generated(quantity: Quantity, clauses: readonly Clause[], weight: number): Run {
    const lowering = new Lowering(this.graph);
    lowering.add({ quantity, clauses });
    const runs = lowering.definitions.map((definition) => this.link(definition));
    this.generatedWork += GENERATING;
    return () => {
      this.generatedWork += weight / QUICKER;
      runs.forEach((run) => run());
    };
  }

  private nameOf(quantity: Quantity): string {
    let name = this.names.get(quantity);
    if (name === undefined) {
      this.admit(quantity);
      name = `q${this.names.size}`;
      this.names.set(quantity, name);
      this.owners.set(name, quantity);
      this.array(quantity);
    }
    return name;
  }

  private link(definition: Definition): Run {
    const { arrays, lines: body } = this.emitter.emit("f", definition);
    const called = [...this.emitter.called];
    const list = arrays.join(", ");
    const lines = [
      '"use strict";',
      `function f(${list}) {`,
      ...body,
      "}",
      `return () => f(${list});`,
    ];
    // eslint-disable-next-line @typescript-eslint/no-implied-eval -- made of our own templates, numbers and numbered names: see Emitter
    const make = new Function(...arrays, ...called.map(([name]) => name), lines.join("\n")) as (
      ...values: unknown[]
    ) => Run;
    const values = arrays.map((name) => this.arrays.get(this.owners.get(name)!)!);
    return make(...values, ...called.map(([, operation]) => operation.value));
  }
}
