/** Fast code for loss and gradient, made once for each set of sizes and shared by all that is bound. */
import type { SizeValues } from "../expression/size.js";
import type { Model } from "../language/model.js";
import { generate, type Style } from "./code/choose.js";
import { linkBind, type Source } from "./code/source.js";
import { OrderedPrograms } from "./ordered.js";
import { condensed, numericProgram } from "./program.js";

/**
 * Fixes the entries of inputs and targets, in order of declaration. The functions that it returns
 * may be called in any order: the code's arrays hold the data of the one that was called last.
 */
export type Bind = (
  data: readonly Float64Array[],
) => (theta: Float64Array, out: Float64Array) => number;

/** So many sets of sizes are kept. */
const MOST_KEPT = 8;

export class BoundCode {
  private readonly made = new Map<string, Bind>();
  private readonly programs: OrderedPrograms;

  /** @param style of the code; by default the fastest is chosen */
  constructor(
    private readonly model: Model,
    private readonly style?: Style,
  ) {
    const { graph, params } = model;
    this.programs = new OrderedPrograms(model, (ordered) =>
      condensed(graph, numericProgram(ordered, params)),
    );
  }

  /** @throws InputError when the arrays would not fit into memory. */
  at(sizes: SizeValues): Bind {
    const key = this.model.sizes.map((name) => sizes.get(name)).join(",");
    const bind = this.made.get(key) ?? this.linked(sizes);
    // what was used last stands last
    this.made.delete(key);
    this.made.set(key, bind);
    const [oldest] = this.made.keys();
    if (this.made.size > MOST_KEPT && oldest !== undefined) this.made.delete(oldest);
    return bind;
  }

  /** @throws InputError when the arrays would not fit into memory. */
  sourceAt(sizes: SizeValues, style = this.style): Source {
    const { graph, params: parameters, inputs, targets } = this.model;
    const given = { parameters, data: [...inputs, ...targets] };
    return generate(graph, this.programs.at(sizes), given, sizes, style);
  }

  private linked(sizes: SizeValues): Bind {
    const source = this.sourceAt(sizes);
    try {
      return linkBind(source);
    } catch (error) {
      // A host may refuse a memory (each takes 10 GB of the process's addresses), and modules of more than
      // 4 KB on the main thread of a page (Chrome before 114).
      const isRefused = source.memory !== undefined && error instanceof RangeError;
      if (!isRefused || this.style !== undefined) throw error;
      return linkBind(this.sourceAt(sizes, "standalone"));
    }
  }
}
