/** Reductions along another axis than the one that was meant, or along all of them. */
import type { Expression } from "../../../expression/expression.js";
import type { Graph } from "../../../expression/graph.js";
import { Index, letter, type Letter } from "../../../expression/indices.js";
import { has } from "../../../expression/predicates.js";
import { modelText } from "../../explanations/words.js";
import { inPlaceOf } from "../forward-fault.js";
import type { Rewriting } from "./rewriting.js";

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
    // where both axes are as long, as in a matrix of all pairs, the line has each of its entries either way
    const isSquare = kept.size.equals(bound.size);
    const wrong =
      around.find((one) => one.size.equals(bound.size) && !has(node, one)) ??
      (isSquare ? kept : undefined);
    const name = TOLD[reduction] ?? `reduced by ${reduction}`;
    if (wrong) {
      const turned = graph.substitute(
        body,
        new Map([
          [kept.key, Index.of(over)],
          [bound.key, Index.of(wrong)],
        ]),
      );
      const along = (result: Expression, more = ""): Rewriting => ({
        result,
        cause: "wrong-function",
        tell: () => ({
          used: "a sum along the other axis",
          instead: "a sum along this axis",
          what:
            wrong === kept
              ? inPlaceOf(modelText(result), modelText(node)).what
              : `its entries ${name} along the wrong axis${more}`,
        }),
        cost: 2.1,
      });
      found.push(along(graph.reduce(reduction, over, turned)));
      if (reduction === "logsumexp") {
        // exp(x - max(x, 2)), which the sum along this axis alone would leave as it is
        const largest = graph.reduce("max", bound, body);
        const shift = graph.substitute(largest, new Map([[kept.key, Index.of(over)]]));
        const shifted = graph.reduce(reduction, over, graph.subtract(turned, shift));
        const more = ", after the largest along the right one was taken off";
        found.push(along(graph.add(largest, shifted), more));
      }
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
