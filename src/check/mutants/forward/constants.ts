/** Numbers that are written wrong: the shares of smoothed labels, (1 - ε)·y + ε/K, and counts for their roots. */
import type { Expression, ProductNode, SumNode } from "../../../expression/expression.js";
import type { Graph } from "../../../expression/graph.js";
import type { Letter } from "../../../expression/indices.js";
import { squareRoot } from "../../../expression/operations/smooth.js";
import { modelText } from "../../explanations/words.js";
import type { Backward } from "../../pass/backward.js";
import { inPlaceOf } from "../forward-fault.js";
import type { Rewriting } from "./rewriting.js";

/** No number that is a count of something is a share. */
const LEAST_LENGTH = 3;

/** √n for a count n below the line, as the scale of dot products has it. */
export function otherRoots(backward: Backward, node: Expression): Rewriting[] {
  const { graph } = backward;
  if (node.kind !== "product") return [];
  return countsUnder(backward, node).map((count): Rewriting => {
    const root = graph.apply(squareRoot, count);
    const text = modelText(count);
    return {
      result: graph.multiply(node, count, graph.integerPower(root, -1)),
      cause: "wrong-function",
      tell: () => inPlaceOf(`sqrt(${text})`, text),
      cost: 2.25,
    };
  });
}

/** Lengths of axes that a product is divided by. */
function countsUnder({ graph, order }: Backward, node: ProductNode): Expression[] {
  const sizes = node.factors.flatMap(({ base, exponent }) =>
    base.kind === "size" && exponent === -1 ? [base] : [],
  );
  const { d } = node.coefficient;
  const isLength = order.some(({ shape }) => shape.some(({ constant }) => constant === Number(d)));
  return [...sizes, ...(d > 1n && isLength ? [graph.number(Number(d))] : [])];
}

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
