/**
 * Derivatives of functions as people write them out, with a slip in them: brackets forgotten, a square
 * around too much. A table beside that of the operations, with a row for each whose derivative is often
 * written out.
 */
import type { Expression } from "../../../expression/expression.js";
import type { Graph } from "../../../expression/graph.js";
import type { Operation } from "../../../expression/operations/operation.js";
import { absolute, elu, step } from "../../../expression/operations/piecewise.js";
import { logarithm } from "../../../expression/operations/powers.js";
import {
  exponential,
  hyperbolicTangent,
  sigmoid,
  silu,
  softplus,
  squareRoot,
} from "../../../expression/operations/smooth.js";

/** What is written for the derivative by the first operand, where the function has the value y. */
type Slips = (graph: Graph, y: Expression, ...args: readonly Expression[]) => readonly Expression[];

const minusExp = (graph: Graph, x: Expression): Expression =>
  graph.apply(exponential, graph.negate(x));

export const SLIPS: ReadonlyMap<Operation, Slips> = new Map<Operation, Slips>([
  // (1 − y)² and √(1 − y²), which is 1/cosh without its square
  [
    hyperbolicTangent,
    (g, y) => [
      g.integerPower(g.subtract(g.one, y), 2),
      g.apply(squareRoot, g.subtract(g.one, g.integerPower(y, 2))),
    ],
  ],
  // one factor of y·(1 − y) for the other, y·(1 − y²), e^(−x)/(1 + (e^(−x))²)
  [
    sigmoid,
    (g, y, x) => [
      g.integerPower(g.subtract(g.one, y), 2),
      g.integerPower(y, 2),
      g.multiply(y, g.subtract(g.one, g.integerPower(y, 2))),
      g.divide(minusExp(g, x), g.add(g.one, g.integerPower(minusExp(g, x), 2))),
    ],
  ],
  [
    silu,
    (g, y, x) => {
      const [s, e] = [g.apply(sigmoid, x), minusExp(g, x)];
      const rest = g.subtract(g.one, s);
      const square = g.integerPower(g.add(g.one, e), 2);
      const last = g.multiply(x, e);
      return [
        // σ·(1 + x·(1 − σ)) without one of its brackets
        g.add(s, g.multiply(x, rest)),
        g.multiply(s, g.add(g.one, g.subtract(x, s))),
        // σ + x·σ·(1 − σ) with the value for x
        g.add(s, g.multiply(y, s, rest)),
        // (1 + e^(−x) + x·e^(−x))/(1 + e^(−x))² without one of its brackets
        g.add(g.one, e, g.divide(last, square)),
        g.add(g.one, g.divide(g.add(e, last), square)),
        g.divide(g.add(g.one, e, last), g.add(g.one, g.integerPower(e, 2))),
        // without the square
        g.divide(g.add(g.one, e, last), g.add(g.one, e)),
      ];
    },
  ],
  // 1/(1 + eˣ)
  [softplus, (g, _, x) => [g.apply(sigmoid, g.negate(x))]],
  // 1/2·√x for 1/(2·√x)
  [
    squareRoot,
    (g, y, x) => [g.divide(y, g.number(2)), g.divide(g.one, g.multiply(g.number(2), x))],
  ],
  // x·e^(x − 1)
  [exponential, (g, _, x) => [g.multiply(x, g.apply(exponential, g.subtract(x, g.one)))]],
  // 1/log(x)
  [logarithm, (g, y) => [g.integerPower(y, -1)]],
  // x², left over from another norm
  [absolute, (g, _, x) => [g.integerPower(x, 2)]],
  // y + α on both sides of 0; below it y without α, and y + 1, whatever α is
  [
    elu,
    (g, y, x, alpha) => {
      const above = g.apply(step, x);
      const below = (slope: Expression): Expression =>
        g.add(above, g.multiply(g.subtract(g.one, above), slope));
      return [g.add(y, alpha), below(y), below(g.add(y, g.one))];
    },
  ],
]);
