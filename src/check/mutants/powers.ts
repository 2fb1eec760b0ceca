/** Mistakes in the derivative of a power. */
import type { Definition } from "../../expression/definition.js";
import type { Expression, ProductNode } from "../../expression/expression.js";
import type { Graph } from "../../expression/graph.js";
import { sign as signOf } from "../../expression/operations/piecewise.js";
import type { Backward } from "../pass/backward.js";
import { modelText } from "../explanations/words.js";
import type { Mutant } from "./mutant.js";
import { dependsOnQuantities, mutantOf } from "./variant.js";

/** (uⁿ)′ as n, uⁿ⁻¹, n·uⁿ, uⁿ or, of a square, n·sign(u). */
export function* powerMutants(
  backward: Backward,
  definition: Definition,
  node: ProductNode,
): Generator<Mutant> {
  const { graph } = backward;
  for (const { base, exponent } of node.factors) {
    if (exponent === 1 || !dependsOnQuantities(base)) continue;
    const rest = restOf(graph, node, base);
    const sign = graph.apply(signOf, base);
    const text = `(${modelText(base)}).^${exponent}`;
    const number = graph.number(exponent);
    const left = modelText(graph.integerPower(base, exponent - 1));
    yield mutantOf(backward, definition, node, base, {
      partial: graph.multiply(rest, number),
      cause: "missing-factor",
      details: { factor: left },
      what: `computed with ${exponent} for the derivative of ${text}: multiply by ${left}`,
      cost: 1.9,
    });
    const factors: [factor: Expression, used: string, cost: number][] = [
      [graph.integerPower(base, exponent), `${text} itself`, 2.2],
      [graph.multiply(number, graph.integerPower(base, exponent)), `${exponent} * ${text}`, 2.2],
      [graph.integerPower(base, exponent + 1), `a power of ${exponent + 1}`, 2.2],
    ];
    if (exponent === 2) {
      factors.push(
        [sign, `sign(${modelText(base)})`, 2.2],
        // less usual than a derivative that is clipped
        [graph.multiply(number, sign), `2 * sign(${modelText(base)})`, 2.45],
      );
    }
    for (const [factor, used, cost] of factors) {
      yield mutantOf(backward, definition, node, base, {
        partial: graph.multiply(rest, factor),
        cause: "wrong-function",
        details: { used, instead: `the derivative of ${text}` },
        what: `computed with ${used} where the derivative of ${text} belongs, ${exponent} * (${modelText(base)}).^${exponent - 1}`,
        cost,
      });
    }
  }
}

function restOf(graph: Graph, node: ProductNode, base: Expression): Expression {
  return graph.multiply(
    graph.number(node.coefficient),
    ...node.factors
      .filter((factor) => factor.base !== base)
      .map((factor) => graph.integerPower(factor.base, factor.exponent)),
  );
}
