/** Numbers in a sum that are written wrong: the shares of smoothed labels, (1 - ε)·y + ε/K. */
import type { Expression, SumNode } from "../../../expression/expression.js";
import type { Graph } from "../../../expression/graph.js";
import type { Letter } from "../../../expression/indices.js";
import { modelText } from "../../explanations/words.js";
import { inPlaceOf } from "../forward-fault.js";
import type { Rewriting } from "./rewriting.js";

/** No number that is a count of something is a share. */
const LEAST_LENGTH = 3;

/** @param around letters of the line in which the sum stands: a share may be one of as many as there are entries */
export function otherShares(
  graph: Graph,
  node: Expression,
  around: readonly Letter[],
): Rewriting[] {
  if (node.kind !== "sum") return [];
  return [...unscaled(graph, node), ...otherCounts(graph, node, around)];
}

/** y for 0.9·y. */
function unscaled(graph: Graph, node: SumNode): Rewriting[] {
  const isShare = ({ n, d }: SumNode["constant"]): boolean => d > 1n && n < d;
  return node.terms.flatMap(({ coefficient, term }): Rewriting[] => {
    if (!isShare(coefficient.abs())) return [];
    const [part, whole] = [graph.scale(coefficient, term), graph.scale(sign(coefficient), term)];
    return [
      {
        result: graph.add(graph.subtract(node, part), whole),
        cause: "wrong-variable",
        tell: () => inPlaceOf(modelText(whole), modelText(part)),
        cost: 2.2,
      },
    ];
  });
}

function sign(coefficient: SumNode["constant"]): SumNode["constant"] {
  return coefficient.div(coefficient.abs());
}

/** ε/(K − 1) for ε/K, and ε itself. */
function otherCounts(graph: Graph, node: SumNode, around: readonly Letter[]): Rewriting[] {
  const { constant } = node;
  const text = (one: SumNode["constant"]): string => modelText(graph.number(one));
  if (constant.d === 1n) return [];
  const lengths = new Set(around.flatMap(({ size }) => size.constant ?? []));
  const others = [...lengths]
    .filter((length) => length >= LEAST_LENGTH)
    .flatMap((length) => [constant.mul(length).div(length - 1), constant.mul(length)]);
  return others.map((other) => ({
    result: graph.add(node, graph.number(other.sub(constant))),
    cause: "wrong-variable",
    tell: () => inPlaceOf(text(other), text(constant)),
    cost: 2.25,
  }));
}
