/** Operations that the model language has no function of: norms, and what programs are lowered to. */
import type { Expression } from "../expression.js";
import type { Graph } from "../graph.js";
import { equal } from "./comparisons.js";
import { functionLatex, type Operation } from "./operation.js";
import { squareRoot } from "./smooth.js";
import { log1pDecimal } from "./special.js";
import { vectorLog1p } from "./vector-logarithms.js";

/** What is divided by: x, but 1 at 0, where the dividend is 0 too: x + [x = 0]. */
export function divisor(graph: Graph, x: Expression): Expression {
  return graph.add(x, graph.apply(equal, x, graph.zero));
}

/** log(others + ones) for a whole number of ones, at least one of them: accurate near 0 too. */
export const logBesideOnes: Operation = {
  name: "logbesideones",
  operands: ["others", "ones"],
  costly: true,
  value: (others, ones) => Math.log1p(others + (ones - 1)),
  decimal: (D, others, ones) => log1pDecimal(D, others.plus(ones.minus(1))),
  fixed: (on, others, ones) => on.ln(others + ones),
  derivative: (graph, [others, ones]) => {
    const slope = graph.integerPower(graph.add(others!, ones!), -1);
    return [slope, slope];
  },
  code: (others, ones) => `Math.log1p(${others} + (${ones} - 1))`,
  vector: (on, others, ones) => vectorLog1p(on, on.add(others, on.subtract(ones, on.number(1)))),
  latex: functionLatex("\\ln"),
  source: "ln(1 + x) with x = others + (ones − 1); DLMF 4.7.1",
};

/** The square root of a sum of squares. It prints as the square root that it is. */
export const normOfSquares: Operation = {
  ...squareRoot,
  kinks: (graph, squares) => [squares],
  domain: () => [],
  // rounding may move a sum of squares below 0
  value: (squares) => Math.sqrt(Math.max(squares, 0)),
  decimal: (D, squares) => D.sqrt(D.max(squares, 0)),
  fixed: (on, squares) => on.squareRoot(squares > 0n ? squares : 0n),
  code: (squares) => `Math.sqrt(Math.max(${squares}, 0))`,
  vector: (on, squares) => on.squareRoot(on.larger(squares, on.number(0))),
  convention: "the derivative of a norm at 0 is 0",
  limitingDerivative: (graph, args, y) => [
    graph.multiply(graph.number("1/2"), graph.integerPower(divisor(graph, y), -1)),
  ],
  source: "the Euclidean norm; 0 is the subgradient of least length at 0",
};

/** Whether an operation is √, of whatever or of a sum of squares. */
export function isRoot(operation: Operation): boolean {
  return operation === squareRoot || operation === normOfSquares;
}
