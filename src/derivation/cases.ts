/** Expressions with comparisons as case distinctions: 1[z > 0] is 1 where z > 0, else 0. */
import type { ApplyNode, Expression } from "../expression/expression.js";
import type { Graph } from "../expression/graph.js";
import {
  equal,
  greater,
  greaterOrEqual,
  less,
  lessOrEqual,
  unequal,
} from "../expression/operations/comparisons.js";
import type { Operation, Order } from "../expression/operations/operation.js";
import { postorder } from "../expression/walk.js";
import type { Piece } from "./step.js";

const ORDERS: readonly Order[] = [1, 0, -1];
const COMPARISONS: readonly Operation[] = [
  greater,
  less,
  equal,
  greaterOrEqual,
  lessOrEqual,
  unequal,
];

/**
 * The cases of an expression in which one number is compared with another; undefined where nothing
 * is compared, or more than one pair, or a pair for each value of a bound letter.
 */
export function casesOf(graph: Graph, expression: Expression): readonly Piece[] | undefined {
  const nodes = [...postorder([expression], (one: Expression) => one.children)];
  const compared = nodes.filter((node): node is ApplyNode => isCompared(node));
  const pairs = compared.map(({ children: [left, right = graph.zero] }) => [left!, right] as const);
  const [pair] = pairs;
  if (!pair || !pairs.every(([left, right]) => left === pair[0] && right === pair[1])) {
    return undefined;
  }
  const outer = new Set(expression.free.map(({ key }) => key));
  if (pair.some(({ free }) => free.some(({ key }) => !outer.has(key)))) return undefined;
  const values = ORDERS.map((order) =>
    graph.transform(expression, (node) =>
      isCompared(node) ? graph.number(node.operation.byOrder!(order)) : undefined,
    ),
  );
  const distinct = [...new Set(values)];
  if (distinct.length === 1) return undefined;
  return distinct.map((value) => {
    const orders = ORDERS.filter((_, position) => values[position] === value);
    const operation = COMPARISONS.find(({ byOrder }) =>
      ORDERS.every((order) => byOrder!(order) === Number(orders.includes(order))),
    )!;
    return { expression: value, condition: graph.apply(operation, ...pair) };
  });
}

function isCompared(node: Expression): node is ApplyNode {
  return node.kind === "apply" && node.operation.byOrder !== undefined;
}
