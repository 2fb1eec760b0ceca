/** Programs whose terms are contracted in the order that is cheapest at the sizes of the data. */
import type { SizeValues } from "../expression/size.js";
import { contracted } from "./contraction.js";
import type { NumericProgram, ProgramSource } from "./program.js";

/** The programs of a model: one for each order, whatever the sizes that ask for it. */
export class OrderedPrograms {
  private readonly made = new Map<string, NumericProgram>();

  /** @param make a program of the definitions in their cheapest order */
  constructor(
    private readonly source: ProgramSource,
    private readonly make: (source: ProgramSource) => NumericProgram,
  ) {}

  at(sizes: SizeValues): NumericProgram {
    const { graph, loss } = this.source;
    const definitions = contracted(graph, this.source.definitions, sizes);
    // equal bodies are the same object
    const key = definitions.flatMap(({ clauses }) => clauses.map(({ body }) => body.id)).join(",");
    let program = this.made.get(key);
    if (!program) this.made.set(key, (program = this.make({ graph, loss, definitions })));
    return program;
  }
}
