/** Quotients of exponentials that are a sigmoid. */
import { CONTENT, holds } from "../expression/contents.js";
import type { Expression, ProductNode } from "../expression/expression.js";
import type { Graph } from "../expression/graph.js";
import { exponential, sigmoid } from "../expression/operations/smooth.js";
import { isUnit } from "../expression/rational.js";
import { postorder } from "../expression/walk.js";

/** eᵘ/(1 + eᵘ) and 1/(1 + e⁻ᵘ) are σ(u); undefined where a product has no such quotient. */
export function logistic(graph: Graph, node: ProductNode): Expression | undefined {
  for (const { base, exponent } of node.factors) {
    if (exponent >= 0 || base.kind !== "sum" || base.terms.length !== 1) continue;
    const [{ coefficient, term }] = base.terms as [(typeof base.terms)[number]];
    if (!isUnit(base.constant) || !isUnit(coefficient)) continue;
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

/** Whether there is a quotient eᵘ/(1 + eᵘ) in an expression. */
export function hasLogistic(graph: Graph, root: Expression): boolean {
  if (!holds(root, CONTENT.quotient)) return false;
  const nodes = postorder([root], (one: Expression) => one.children);
  return nodes.some((node) => node.kind === "product" && logistic(graph, node) !== undefined);
}

/** Whether σ stands in an expression. */
export function hasSigmoid(root: Expression): boolean {
  return postorder([root], (one: Expression) => one.children).some(
    (node) => node.kind === "apply" && node.operation === sigmoid,
  );
}
