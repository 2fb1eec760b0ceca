/** The engine's own numbers: values and adjoints of everything at a point, by compiled programs. */
import type { Quantity } from "../expression/quantity.js";
import { entryCount, type SizeValues } from "../expression/size.js";
import type { Model } from "../language/model.js";
import type { CheckedPoint } from "../language/point.js";
import { assemble, type Machine } from "../numeric/machine.js";
import { type NumericProgram, numericProgram } from "../numeric/program.js";
import type { ModelValues } from "./valuation.js";

/**
 * Computes everything at one point after the other. Values and the gradient come from the program
 * that is stable for extreme arguments; the adjoints of definitions need one of their own, in which
 * these stay links of the chain.
 */
export class EngineValues {
  private readonly gradient: Programmed;
  private readonly links: Programmed;

  constructor(model: Model) {
    const { inputs, targets, params } = model;
    const defined = model.definitions.map(({ quantity }) => quantity);
    this.gradient = new Programmed(model, [...inputs, ...targets, ...params], defined);
    this.links = new Programmed(model, defined, []);
  }

  /** @throws InputError when the arrays would not fit into memory. */
  at(point: CheckedPoint): ModelValues {
    const stable = this.gradient.at(point);
    const { adjoints } = this.links.at(point);
    return { ...stable, adjoints: new Map([...adjoints, ...stable.adjoints]) };
  }
}

/** A program with its compiled code for each set of sizes. */
class Programmed {
  private readonly data: readonly Quantity[];
  private readonly program: NumericProgram;
  private readonly machines = new Map<string, Machine>();

  constructor(
    private readonly model: Model,
    private readonly wanted: readonly Quantity[],
    private readonly defined: readonly Quantity[],
  ) {
    this.data = [...model.inputs, ...model.targets];
    this.program = numericProgram(model, wanted, defined);
  }

  at({ sizes, entries }: CheckedPoint): ModelValues {
    const { params: parameters } = this.model;
    const { run, arrays, locate } = this.machine(sizes);
    const count = ({ shape }: Quantity): number => entryCount(shape).evaluate(sizes);
    const theta = new Float64Array(parameters.reduce((n, one) => n + count(one), 0));
    for (const one of parameters) theta.set(entries.get(one)!, locate(one).offset);
    for (const one of this.data) arrays.get(locate(one).array)!.set(entries.get(one)!);
    const out = new Float64Array(theta.length);
    run(theta, out);
    const buffers = new Map([...arrays, ["theta", theta], ["out", out]]);
    const read = (quantity: Quantity): readonly number[] => {
      const { array, offset } = locate(quantity);
      return Array.from(buffers.get(array)!.subarray(offset, offset + count(quantity)));
    };
    const known = [...this.data, ...parameters, ...this.defined];
    return {
      sizes,
      values: new Map(known.map((one) => [one, read(one)])),
      adjoints: new Map(this.wanted.map((one) => [one, read(this.program.adjoints.get(one)!)])),
    };
  }

  private machine(sizes: SizeValues): Machine {
    const key = [...sizes].flat().join(" ");
    let machine = this.machines.get(key);
    if (!machine) {
      machine = assemble(this.program, this.model.params, this.data, sizes);
      this.machines.set(key, machine);
    }
    return machine;
  }
}
