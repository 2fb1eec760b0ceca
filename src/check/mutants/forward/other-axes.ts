/** Reductions along another axis than the one that was meant, or along all of them. */
import type { Expression } from "../../../expression/expression.js";
import type { Graph } from "../../../expression/graph.js";
import { Index, letter, type Letter } from "../../../expression/indices.js";
import { has } from "../../../expression/predicates.js";
import type { Rewriting } from "./forward.js";

/** What people call a reduction; that of a softmax is a logsumexp. */
const TOLD: Readonly<Partial<Record<string, string>>> = {
  sum: "summed",
  logsumexp: "taken together (softmax, logsumexp)",
};

/**
 * @param around letters of the line in which the reduction stands
 */
export function otherAxes(graph: Graph, node: Expression, around: readonly Letter[]): Rewriting[] {
  if (node.kind !== "reduce") return [];
  const { reduction, letter: bound, body } = node;
  const isSum = reduction === "sum";
  return node.free.flatMap((kept): Rewriting[] => {
    const over = letter("over", kept.size);
    const found: Rewriting[] = [];
    const wrong = around.find((one) => one.size.equals(bound.size) && !has(node, one));
    const name = TOLD[reduction] ?? `reduced by ${reduction}`;
    if (wrong) {
      const turned = graph.substitute(
        body,
        new Map([
          [kept.key, Index.of(over)],
          [bound.key, Index.of(wrong)],
        ]),
      );
      found.push({
        result: graph.reduce(reduction, over, turned),
        cause: "wrong-function",
        tell: () => ({
          used: "a sum along the other axis",
          instead: "a sum along this axis",
          what: `its entries ${name} along the wrong axis`,
        }),
        cost: 2.1,
      });
    }
    const spread = graph.substitute(body, new Map([[kept.key, Index.of(over)]]));
    found.push({
      result: graph.reduce(reduction, over, graph.reduce(reduction, bound, spread)),
      cause: isSum ? "over-summed" : "wrong-function",
      tell: () => ({
        ...(isSum ? { term: kept.size.toString() } : { used: "all entries", instead: "one axis" }),
        what: `its entries ${name} over everything, not along one axis`,
      }),
      cost: 2.15,
    });
    return found;
  });
}
