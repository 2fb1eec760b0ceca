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
import { isMask, type Operation, type Order } from "../expression/operations/operation.js";
import { isZero } from "../expression/predicates.js";
import { postorder, writtenLength } from "../expression/walk.js";
import { multipliedOut } from "./multiplied-out.js";
import { isOutsideWhere } from "./outside.js";

/** A piece of a case distinction. */
export interface Piece {
  readonly expression: Expression;
  /** A comparison; the conditions of all pieces exclude each other. */
  readonly condition: Expression;
}

/** The two numbers that are compared; a step and a sign compare with 0. */
type Pair = readonly [Expression, Expression];

const ORDERS: readonly Order[] = [1, 0, -1];
const UNEQUAL: readonly Order[] = [1, -1];
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
 * is compared, or more than one pair, or a pair for each value of a bound letter. There is no case for
 * numbers that are equal where the expression has no value for them: sign(u)/u² is 1/u² and −1/u².
 */
export function casesOf(graph: Graph, expression: Expression): readonly Piece[] | undefined {
  const pair = comparedIn(graph, expression);
  if (!pair) return undefined;
  const outer = new Set(expression.free.map(({ key }) => key));
  if (pair.some(({ free }) => free.some(({ key }) => !outer.has(key)))) return undefined;
  const orders = isOutsideAtTie(graph, expression, pair) ? UNEQUAL : ORDERS;
  const values = orders.map((order) =>
    graph.transform(expression, (node) => {
      if (!isCompared(node)) return undefined;
      const isTurned = operandsOf(graph, node)[0] !== pair[0];
      return graph.number(node.operation.byOrder!(isTurned ? opposite(order) : order));
    }),
  );
  const distinct = [...new Set(values)];
  if (distinct.length === 1) return undefined;
  return distinct.map((value) => {
    const holds = comparisonThat((order) => values[orders.indexOf(order)] === value);
    const condition = graph.apply(holds, ...pair);
    return { expression: value, condition: solvedComparison(graph, condition) ?? condition };
  });
}

/** Whether an expression has no value where the two numbers that it compares are equal. */
function isOutsideAtTie(graph: Graph, expression: Expression, [left, right]: Pair): boolean {
  const [part, value] = left.kind === "number" ? [right, left] : [left, right];
  return isOutsideWhere(graph, expression, part, value);
}

/** The comparison that holds for some orders. */
function comparisonThat(holds: (order: Order) => boolean): Operation {
  return COMPARISONS.find(({ byOrder }) =>
    ORDERS.every((order) => byOrder!(order) === Number(holds(order))),
  )!;
}

/**
 * A comparison, or a step, as people write it: solved for what is compared. τ·r > (τ − 1)·r is r > 0,
 * −z > 0 is z < 0, 1 − m > 0 is m < 1, and t − y > 0 is t > y. Undefined for others, and for what is so
 * already.
 */
export function solvedComparison(graph: Graph, node: Expression): Expression | undefined {
  if (node.kind !== "apply" || !isMask(node.operation)) return undefined;
  const [left, right] = operandsOf(graph, node);
  const difference = graph.subtract(left, right);
  const shorter = difference.kind === "sum" ? multipliedOut(graph, difference) : difference;
  const [factor, rest] = graph.splitCoefficient(shorter ?? difference);
  const solved = solvedFor(graph, rest);
  if (!solved) return undefined;
  const { term, sign, against } = solved;
  const isTurned = factor.s * sign < 0n;
  // a step is written as the comparison with 0 that it is
  const isPlain = term === left && isZero(against) && !isTurned;
  if (isPlain && (node.operation.relation === undefined || isZero(right))) return undefined;
  const { byOrder } = node.operation;
  const holds = comparisonThat((order) => byOrder!(isTurned ? opposite(order) : order) === 1);
  const result = graph.apply(holds, term, against);
  return result === node ? undefined : result;
}

/** Two sides that are equal where an expression is 0; the sign says which is larger where it is not. */
interface Solved {
  readonly term: Expression;
  readonly sign: bigint;
  readonly against: Expression;
}

function solvedFor(graph: Graph, node: Expression): Solved | undefined {
  if (node.kind === "number") return undefined;
  if (node.kind !== "sum") return { term: node, sign: 1n, against: graph.zero };
  const { constant, terms } = node;
  if (terms.some(({ term }) => term.kind === "sum")) return undefined;
  const [first, second, ...others] = terms;
  if (first && !second) {
    const { term, coefficient } = first;
    return { term, sign: coefficient.s, against: graph.number(constant.div(coefficient).neg()) };
  }
  const isDifference = second && others.length === 0 && constant.n === 0n;
  if (!first || !isDifference || !first.coefficient.equals(second.coefficient.neg()))
    return undefined;
  const [more, less] = first.coefficient.s > 0n ? [first, second] : [second, first];
  return { term: more.term, sign: 1n, against: less.term };
}

/**
 * ½·1[u = v] + 1[u > v] + a·(½·1[u = v] + 1[v > u]) is 1[u > v] + a·1[u < v] + ½(1 + a)·1[u = v]:
 * every case once. Undefined where this is longer, or nothing changes.
 * @param simplify for the values of the cases
 */
export function casesApart(
  graph: Graph,
  node: Expression,
  simplify: (value: Expression) => Expression,
): Expression | undefined {
  const pieces = casesOf(graph, node);
  const pair = pieces && comparedIn(graph, node);
  if (!pair || isOutsideAtTie(graph, node, pair)) return undefined;
  const apart = graph.add(
    ...pieces.map(({ expression, condition }) => graph.multiply(simplify(expression), condition)),
  );
  const isShort = apart !== node && writtenLength(apart) <= writtenLength(node);
  return isShort ? apart : undefined;
}

/** The one pair that is compared in an expression, in whatever order. */
function comparedIn(graph: Graph, expression: Expression): Pair | undefined {
  const nodes = [...postorder([expression], (one: Expression) => one.children)];
  const pairs = nodes.filter(isCompared).map((node) => operandsOf(graph, node));
  const [pair] = pairs;
  if (!pair) return undefined;
  const [a, b] = pair;
  const isOne = pairs.every(([u, v]) => (u === a && v === b) || (u === b && v === a));
  return isOne ? pair : undefined;
}

export function isCompared(node: Expression): node is ApplyNode {
  return node.kind === "apply" && node.operation.byOrder !== undefined;
}

function operandsOf(graph: Graph, { children: [left, right = graph.zero] }: ApplyNode): Pair {
  return [left!, right];
}

function opposite(order: Order): Order {
  return order === 0 ? 0 : order === 1 ? -1 : 1;
}
