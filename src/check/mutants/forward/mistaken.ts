/**
 * What is computed in place of an operation: approximations of it, whose derivatives differ by little,
 * and functions that are taken for it by their names or their curves. A table of its own beside that
 * of the operations, with a row for each that has a derivative.
 */
import type { Expression } from "../../../expression/expression.js";
import type { Graph } from "../../../expression/graph.js";
import type { Operation } from "../../../expression/operations/operation.js";
import {
  absolute,
  elu,
  leakyRelu,
  maximum,
  minimum,
  relu,
  sign,
} from "../../../expression/operations/piecewise.js";
import { logarithm, power } from "../../../expression/operations/powers.js";
import {
  cosine,
  erf,
  exponential,
  gelu,
  hyperbolicTangent,
  log1p,
  sigmoid,
  silu,
  sine,
  softplus,
  squareRoot,
  tangent,
} from "../../../expression/operations/smooth.js";

type Mistaken = (graph: Graph, ...args: readonly Expression[]) => readonly Expression[];

const over = (graph: Graph, x: Expression, number: number): Expression =>
  graph.divide(x, graph.number(number));

/** clip(u, low, high) */
function clip(graph: Graph, u: Expression, low: number, high: number): Expression {
  const above = graph.apply(maximum, u, graph.number(low));
  return graph.apply(minimum, above, graph.number(high));
}

/** clip(x/6 + 1/2, 0, 1): Howard et al. 2019. */
function hardSigmoid(graph: Graph, x: Expression): Expression {
  return clip(graph, graph.add(over(graph, x, 6), graph.number("1/2")), 0, 1);
}

/** tanh(√(2/π)·(z + 0.044715 z³)) for erf(z/√2): Hendrycks, Gimpel 2016. */
function tanhForm(graph: Graph, z: Expression): Expression {
  const cubed = graph.multiply(graph.number("0.044715"), graph.integerPower(z, 3));
  const scale = graph.apply(squareRoot, graph.divide(graph.number(2), graph.constant("pi")));
  return graph.apply(hyperbolicTangent, graph.multiply(scale, graph.add(z, cubed)));
}

/** z·σ(1.702 z) for z·Φ(z): Hendrycks, Gimpel 2016. */
function logisticForm(graph: Graph, z: Expression): Expression {
  return graph.apply(sigmoid, graph.multiply(graph.number("1.702"), z));
}

const half = (graph: Graph, x: Expression): Expression => over(graph, x, 2);

const log = (graph: Graph, number: number): Expression =>
  graph.apply(logarithm, graph.number(number));

export const MISTAKEN: ReadonlyMap<Operation, Mistaken> = new Map<Operation, Mistaken>([
  [exponential, (g, x) => [g.add(g.one, x), g.power(g.number(2), x), g.apply(softplus, x)]],
  [
    logarithm,
    (g, x) => [
      g.apply(log1p, x),
      g.divide(g.apply(logarithm, x), log(g, 2)),
      g.divide(g.apply(logarithm, x), log(g, 10)),
    ],
  ],
  [log1p, (g, x) => [g.apply(logarithm, x), x]],
  [squareRoot, (g, x) => [g.integerPower(x, 2), g.apply(logarithm, x)]],
  [power, (g, a, b) => [g.multiply(a, b), g.power(b, a)]],
  [sine, (g, x) => [g.apply(cosine, x), x]],
  [cosine, (g, x) => [g.apply(sine, x), g.one]],
  [tangent, (g, x) => [g.apply(hyperbolicTangent, x), x]],
  [hyperbolicTangent, (g, x) => [clip(g, x, -1, 1), g.apply(sigmoid, x), g.apply(tangent, x)]],
  [
    sigmoid,
    (g, x) => [
      hardSigmoid(g, x),
      clip(g, g.add(over(g, x, 5), g.number("1/2")), 0, 1),
      g.add(g.number("1/2"), over(g, x, 4)),
      logisticForm(g, x),
      g.apply(hyperbolicTangent, x),
      // SciPy's expit taken for exp in 1/(1 + exp(-x))
      g.integerPower(g.add(g.one, g.apply(sigmoid, g.negate(x))), -1),
    ],
  ],
  [softplus, (g, x) => [g.apply(relu, x), g.apply(exponential, x)]],
  [
    silu,
    (g, x) => [
      g.multiply(x, hardSigmoid(g, x)),
      g.multiply(x, logisticForm(g, x)),
      g.apply(sigmoid, x),
    ],
  ],
  [
    gelu,
    (g, x) => [
      half(g, g.multiply(x, g.add(g.one, tanhForm(g, x)))),
      g.multiply(x, logisticForm(g, x)),
      g.apply(silu, x),
    ],
  ],
  [
    erf,
    (g, x) => {
      const z = g.multiply(g.apply(squareRoot, g.number(2)), x);
      const logistic = g.multiply(g.number(2), logisticForm(g, z));
      return [tanhForm(g, z), g.subtract(logistic, g.one), g.apply(hyperbolicTangent, x)];
    },
  ],
  [
    relu,
    (g, x) => [g.apply(absolute, x), g.apply(softplus, x), clip(g, x, 0, 6), clip(g, x, 0, 1)],
  ],
  [
    leakyRelu,
    (g, x, slope) => [
      g.apply(relu, x),
      ...["0.01", "0.1", "0.2", "0.3"]
        .map((text) => g.number(text))
        .filter((other) => other !== slope)
        .map((other) => g.apply(leakyRelu, x, other)),
    ],
  ],
  [elu, (g, x) => [g.apply(relu, x), g.apply(leakyRelu, x, g.number("0.01"))]],
  [absolute, (g, x) => [g.integerPower(x, 2), g.apply(relu, x), g.apply(sign, x)]],
  [maximum, (g, a, b) => [g.apply(minimum, a, b), g.add(a, b), a, b]],
  [minimum, (g, a, b) => [g.apply(maximum, a, b), g.add(a, b), a, b]],
]);
