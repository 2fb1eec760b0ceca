import { Fraction } from "fraction.js";
import { Binding, type Operation } from "./operation.js";
import type { VectorValue } from "./vectors.js";

/** A comparison: 1 where it holds, else 0; its derivative is 0 everywhere. */
function comparison(
  name: string,
  tex: string,
  holds: (difference: number) => boolean,
  vector: VectorValue,
  code: string = name,
): Operation {
  return {
    name,
    operands: ["a", "b"],
    kinks: (graph, a, b) => [graph.subtract(a, b)],
    byOrder: (order) => (holds(order) ? 1 : 0),
    relation: tex,
    convention: "a comparison has the derivative 0 everywhere, also where it jumps",
    value: (a, b) => (Number.isNaN(a + b) && a !== b ? NaN : holds(a === b ? 0 : a - b) ? 1 : 0),
    decimal: (D, a, b) => new D(holds(a.comparedTo(b)) ? 1 : 0),
    exact: (a, b) => new Fraction(holds(a.compare(b)) ? 1 : 0),
    derivative: (graph) => [graph.zero, graph.zero],
    code: (a, b) => `(${a} ${code} ${b} ? 1 : 0)`,
    vector,
    latex: (a, b) => ({
      tex: `\\mathbf{1}\\left[${a.tex} ${tex} ${b.tex}\\right]`,
      binding: Binding.atom,
    }),
    source: "Iverson bracket; piecewise constant",
  };
}

const isLess: VectorValue = (on, a, b) => on.ifLess(a, b, on.number(1), on.number(0));
const isAtMost: VectorValue = (on, a, b) => on.ifAtMost(a, b, on.number(1), on.number(0));
const isEqual: VectorValue = (on, a, b) => on.ifAtMost(a, b, isAtMost(on, b, a), on.number(0));

export const less = comparison("<", "<", (d) => d < 0, isLess);
export const lessOrEqual = comparison("<=", "\\le", (d) => d <= 0, isAtMost);
export const greater = comparison(
  ">",
  ">",
  (d) => d > 0,
  (on, a, b) => isLess(on, b, a),
);
export const greaterOrEqual = comparison(
  ">=",
  "\\ge",
  (d) => d >= 0,
  (on, a, b) => isAtMost(on, b, a),
);
export const equal = comparison("==", "=", (d) => d === 0, isEqual, "===");
export const unequal = comparison(
  "!=",
  "\\ne",
  (d) => d !== 0,
  (on, a, b) => on.subtract(on.number(1), isEqual(on, a, b)),
  "!==",
);
