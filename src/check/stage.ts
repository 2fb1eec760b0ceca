/** Arrays of quantities at the sizes of a point, and generated code that computes one from others. */
import type { Clause, Definition } from "../expression/definition.js";
import type { Graph } from "../expression/graph.js";
import type { Quantity } from "../expression/quantity.js";
import type { Shape, SizeValues } from "../expression/size.js";
import { Emitter } from "../numeric/code/loops.js";
import { Lowering } from "../numeric/lower.js";

export type Run = () => void;

export class Stage {
  private readonly arrays = new Map<Quantity, Float64Array>();
  private readonly names = new Map<Quantity, string>();
  private readonly owners = new Map<string, Quantity>();
  private readonly emitter: Emitter;

  /** @param admit throws for quantities that no code may read or write */
  constructor(
    private readonly graph: Graph,
    private readonly sizes: SizeValues,
    private readonly admit: (quantity: Quantity) => void,
  ) {
    this.emitter = new Emitter(sizes, (quantity) => ({ array: this.nameOf(quantity), offset: 0 }));
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

  /** Code that computes a definition and what it needs first. */
  compile(quantity: Quantity, clauses: readonly Clause[]): Run {
    const lowering = new Lowering(this.graph);
    lowering.add({ quantity, clauses });
    const runs = lowering.definitions.map((definition) => this.link(definition));
    return () => runs.forEach((run) => run());
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
    // The code is made of our own templates, numbers and numbered names: see Emitter.
    // eslint-disable-next-line @typescript-eslint/no-implied-eval
    const make = new Function(...arrays, ...called.map(([name]) => name), lines.join("\n")) as (
      ...values: unknown[]
    ) => Run;
    const values = arrays.map((name) => this.arrays.get(this.owners.get(name)!)!);
    return make(...values, ...called.map(([, operation]) => operation.value));
  }
}
