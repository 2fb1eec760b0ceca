/** What a search may take, counted in operations: the same at every run and on every machine. */
import type { Graph } from "../../expression/graph.js";
import type { Bench } from "../pass/bench.js";

/** Numbers that take as long to compute as to make an expression. */
const EXPRESSION = 300;

export class Budget {
  private readonly begun: number;
  private others = 0;

  /** @param limit some 10⁶ take a few tenths of a second */
  constructor(
    private readonly graph: Graph,
    private readonly benches: readonly Bench[],
    private readonly limit: number,
  ) {
    this.begun = this.spent;
  }

  /** How many operations are left; negative where the last step took more. */
  get left(): number {
    return this.limit + this.begun - this.spent;
  }

  /** Counts operations that no pass and no expression is made of. */
  spend(operations: number): void {
    this.others += operations;
  }

  private get spent(): number {
    const passes = this.benches.reduce((total, { work }) => total + work, 0);
    return EXPRESSION * this.graph.count + passes + this.others;
  }
}
