/** Mistakes in the derivative of a power. */
import type { Definition } from "../../../expression/definition.js";
import type { Expression, ProductNode } from "../../../expression/expression.js";
import type { Graph } from "../../../expression/graph.js";
import { sign as signOf } from "../../../expression/operations/piecewise.js";
import type { Backward } from "../../pass/backward.js";
import { modelText } from "../../explanations/words.js";
import type { Mutant } from "../mutant.js";
import { dependsOnQuantities, mutantOf, type Variant } from "../variant.js";

/** (uⁿ)′ as uⁿ⁻¹, n, n·uⁿ, uⁿ, uⁿ⁺¹ or, of a square, n·sign(u). */
export function* powerMutants(
  backward: Backward,
  definition: Definition,
  node: ProductNode,
): Generator<Mutant> {
  const { graph } = backward;
  for (const { base, exponent } of node.factors) {
    if (exponent === 1 || !dependsOnQuantities(base)) continue;
    const rest = restOf(graph, node, base);
    const variants = [
      ...exponentLeftOut(graph, base, exponent),
      ...factorsLeftOut(graph, base, exponent),
      ...otherSlopes(graph, base, exponent),
    ];
    for (const one of variants) {
      yield mutantOf(backward, definition, node, base, {
        ...one,
        partial: graph.multiply(rest, one.partial),
      });
    }
  }
}

/** uⁿ⁻¹ for n·uⁿ⁻¹, in one place of a derivative: the 2 of a square. */
function exponentLeftOut(graph: Graph, base: Expression, exponent: number): Variant[] {
  if (Math.abs(exponent) < 2) return [];
  const partial = graph.integerPower(base, exponent - 1);
  return [
    {
      partial,
      cause: "constant-factor",
      tell: () => {
        const [power, right] = [partial, graph.multiply(graph.number(exponent), partial)].map(
          modelText,
        );
        const what = `computed with ${power} for the derivative of ${powerText(base, exponent)}, ${right}: multiply by ${exponent} there`;
        return { factor: 1 / exponent, what };
      },
      cost: 1.65,
    },
  ];
}

/** n for n·uⁿ⁻¹, and n/u² for n/u³: the power of the function below the line of its derivative. */
function factorsLeftOut(graph: Graph, base: Expression, exponent: number): Variant[] {
  const number = graph.number(exponent);
  const lost = (left: number, cost: number): Variant => {
    const kept = graph.multiply(number, graph.integerPower(base, exponent - 1 - left));
    return {
      partial: kept,
      cause: "missing-factor",
      tell: () => {
        const factor = modelText(graph.integerPower(base, left));
        return {
          factor,
          what: `computed with ${modelText(kept)} for the derivative of ${powerText(base, exponent)}: multiply by ${factor}`,
        };
      },
      cost,
    };
  };
  return [lost(exponent - 1, 1.9), ...(exponent < 0 ? [lost(-1, 2.2)] : [])];
}

function otherSlopes(graph: Graph, base: Expression, exponent: number): Variant[] {
  const number = graph.number(exponent);
  /** @param used what is used, of the power and of its base */
  const variant = (
    partial: Expression,
    used: (power: string, base: string) => string,
    cost: number,
  ): Variant => ({
    partial,
    cause: "wrong-function",
    tell: () => {
      const text = powerText(base, exponent);
      const told = { used: used(text, modelText(base)), instead: `the derivative of ${text}` };
      const right = `${exponent} * ${powerText(base, exponent - 1)}`;
      return {
        ...told,
        what: `computed with ${told.used} where ${told.instead} belongs, ${right}`,
      };
    },
    cost,
  });
  const same = graph.integerPower(base, exponent);
  const found = [
    variant(same, (power) => `${power} itself`, 2.2),
    variant(graph.integerPower(base, exponent + 1), () => `a power of ${exponent + 1}`, 2.2),
  ];
  if (exponent > 0) {
    found.push(variant(graph.multiply(number, same), (power) => `${exponent} * ${power}`, 2.2));
  }
  if (exponent === 2) {
    const sign = graph.apply(signOf, base);
    found.push(variant(sign, (_, u) => `sign(${u})`, 2.2));
    // less usual than a derivative that is clipped
    found.push(variant(graph.multiply(number, sign), (_, u) => `2 * sign(${u})`, 2.45));
  }
  return found;
}

function powerText(base: Expression, exponent: number): string {
  const text = modelText(base);
  if (exponent === 1) return text;
  return /^\w+(\([^()]*\))?$/.test(text) ? `${text}.^${exponent}` : `(${text}).^${exponent}`;
}

function restOf(graph: Graph, node: ProductNode, base: Expression): Expression {
  return graph.multiply(
    graph.number(node.coefficient),
    ...node.factors
      .filter((factor) => factor.base !== base)
      .map((factor) => graph.integerPower(factor.base, factor.exponent)),
  );
}
