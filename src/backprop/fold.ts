import type { Syntax } from "../language/syntax.js";

/** How a node is computed: from the results of some of its parts. */
export interface Plan<Result> {
  readonly operands: readonly Syntax[];
  readonly combine: (results: readonly Result[]) => Result;
}

/** Computes a tree from its leaves up, without recursion: sums of 20,000 terms are deep trees. */
export function fold<Result>(root: Syntax, plan: (node: Syntax) => Plan<Result>): Result {
  interface Open {
    readonly plan: Plan<Result>;
    readonly results: Result[];
  }
  const start: Open = { plan: { operands: [root], combine: ([result]) => result! }, results: [] };
  const open = [start];
  for (;;) {
    const { plan: current, results } = open.at(-1)!;
    const next = current.operands[results.length];
    if (next) {
      open.push({ plan: plan(next), results: [] });
      continue;
    }
    const result = current.combine(results);
    open.pop();
    const above = open.at(-1);
    if (!above) return result;
    above.results.push(result);
  }
}
