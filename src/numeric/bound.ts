/** Fast code for loss and gradient, made once for each set of sizes and shared by all that is bound. */
import type { SizeValues } from "../expression/size.js";
import type { Model } from "../language/model.js";
import { generate, type Style } from "./code/choose.js";
import { link } from "./code/source.js";
import { condensed, type NumericProgram, numericProgram } from "./program.js";

/** Entries of inputs and targets, in order of declaration. */
type Data = readonly Float64Array[];

/** Code at given sizes, and the arrays that it works in: for one set of data at a time. */
export interface BoundMachine {
  readonly parameterCount: number;
  /** Makes these the data that the code works on, if they are not. */
  readonly hold: (data: Data) => void;
  readonly run: (theta: Float64Array, out: Float64Array) => number;
}

/** So many sets of sizes are kept. */
const MOST_KEPT = 8;

export class BoundMachines {
  private readonly machines = new Map<string, BoundMachine>();
  private program: NumericProgram | undefined;

  constructor(
    private readonly model: Model,
    private readonly style?: Style,
  ) {}

  /** @throws InputError when the arrays would not fit into memory. */
  machineFor(sizes: SizeValues): BoundMachine {
    const key = this.model.sizes.map((name) => sizes.get(name)).join(",");
    const machine = this.machines.get(key) ?? this.make(sizes);
    // the one that was used last stands last
    this.machines.delete(key);
    this.machines.set(key, machine);
    const [oldest] = this.machines.keys();
    if (this.machines.size > MOST_KEPT && oldest !== undefined) this.machines.delete(oldest);
    return machine;
  }

  private make(sizes: SizeValues): BoundMachine {
    const { graph, params, inputs, targets } = this.model;
    this.program ??= condensed(graph, numericProgram(this.model, params));
    const given = { parameters: params, data: [...inputs, ...targets] };
    const { source, layout } = generate(graph, this.program, given, sizes, this.style);
    const { run, arrays } = link(source);
    const places = given.data.map((quantity) => arrays.get(layout.locate(quantity).array)!);
    let held: Data | undefined;
    const hold = (data: Data): void => {
      if (held === data) return;
      for (const [k, place] of places.entries()) place.set(data[k]!);
      held = data;
    };
    return { parameterCount: layout.parameterCount, hold, run };
  }
}
