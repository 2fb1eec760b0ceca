/** Identities that people use when they write derivatives; all hold for all real numbers. */
import type { Expression, ProductNode } from "../expression/expression.js";
import type { Graph } from "../expression/graph.js";
import { exponential, sigmoid } from "../expression/operations/smooth.js";

/** eᵘ/(1 + eᵘ) and 1/(1 + e⁻ᵘ) are σ(u). */
export function simplify(graph: Graph, root: Expression): Expression {
  return graph.transform(root, (node) => {
    if (node.kind !== "product") return undefined;
    const shortened = logistic(graph, node);
    return shortened && simplify(graph, shortened);
  });
}

function logistic(graph: Graph, node: ProductNode): Expression | undefined {
  for (const { base, exponent } of node.factors) {
    if (exponent >= 0 || base.kind !== "sum" || base.terms.length !== 1) continue;
    const [{ coefficient, term }] = base.terms as [(typeof base.terms)[number]];
    if (!base.constant.equals(1) || !coefficient.equals(1)) continue;
    if (term.kind !== "apply" || term.operation !== exponential) continue;
    const argument = term.children[0]!;
    const isOver = node.factors.some((factor) => factor.base === term && factor.exponent > 0);
    const whole = graph.multiply(node, base);
    return isOver
      ? graph.multiply(whole, graph.integerPower(term, -1), graph.apply(sigmoid, argument))
      : graph.multiply(whole, graph.apply(sigmoid, graph.negate(argument)));
  }
  return undefined;
}
