/** Powers with any exponent. */
import type { Expression } from "./expression.js";
import type { Graph } from "./graph.js";
import { power } from "./operations/powers.js";
import { exponential } from "./operations/smooth.js";

/** base^exponent: a whole power where the exponent is a whole number; e^u is exp(u). */
export function powerOf(graph: Graph, base: Expression, exponent: Expression): Expression {
  if (exponent.kind === "number" && exponent.value.d === 1n) {
    const value = exponent.value.valueOf();
    if (Number.isSafeInteger(value)) return graph.integerPower(base, value);
  }
  if (base.kind === "constant" && base.name === "e") return graph.apply(exponential, exponent);
  return graph.apply(power, base, exponent);
}
