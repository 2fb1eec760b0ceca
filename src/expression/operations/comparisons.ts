import { Fraction } from "fraction.js";
import { Binding, type Operation } from "./operation.js";

/** A comparison: 1 where it holds, else 0; its derivative is 0 everywhere. */
function comparison(
  name: string,
  tex: string,
  holds: (difference: number) => boolean,
  code: string = name,
): Operation {
  return {
    name,
    operands: ["a", "b"],
    kinks: (graph, a, b) => [graph.subtract(a, b)],
    byOrder: (order) => (holds(order) ? 1 : 0),
    relation: tex,
    convention: `a comparison ${name} jumps; its derivative is 0 everywhere`,
    value: (a, b) => (Number.isNaN(a + b) && a !== b ? NaN : holds(a === b ? 0 : a - b) ? 1 : 0),
    decimal: (D, a, b) => new D(holds(a.comparedTo(b)) ? 1 : 0),
    exact: (a, b) => new Fraction(holds(a.compare(b)) ? 1 : 0),
    derivative: (graph) => [graph.zero, graph.zero],
    code: (a, b) => `(${a} ${code} ${b} ? 1 : 0)`,
    latex: (a, b) => ({
      tex: `\\mathbf{1}\\left[${a.tex} ${tex} ${b.tex}\\right]`,
      binding: Binding.atom,
    }),
    source: "Iverson bracket; piecewise constant",
  };
}

export const less = comparison("<", "<", (d) => d < 0);
export const lessOrEqual = comparison("<=", "\\le", (d) => d <= 0);
export const greater = comparison(">", ">", (d) => d > 0);
export const greaterOrEqual = comparison(">=", "\\ge", (d) => d >= 0);
export const equal = comparison("==", "=", (d) => d === 0, "===");
export const unequal = comparison("!=", "\\ne", (d) => d !== 0, "!==");
