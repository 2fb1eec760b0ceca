/** Identities that people use when they write derivatives; all hold for all real numbers. */
import type { Expression, ProductNode, SumNode } from "../expression/expression.js";
import type { Graph } from "../expression/graph.js";
import { exponential, sigmoid } from "../expression/operations/smooth.js";

/** eᵘ/(1 + eᵘ) and 1/(1 + e⁻ᵘ) are σ(u); 2a/N − 2b/N is 2/N (a − b). */
export function simplify(graph: Graph, root: Expression): Expression {
  return graph.transform(root, (node) => {
    if (node.kind === "sum") return withCommonInFront(graph, node);
    if (node.kind !== "product") return undefined;
    const shortened = logistic(graph, node);
    return shortened && simplify(graph, shortened);
  });
}

/** A sum whose terms all have a number or the same sizes below them in common, with these in front. */
function withCommonInFront(graph: Graph, { constant, terms }: SumNode): Expression | undefined {
  const number = terms[0]!.coefficient.abs();
  const isCommon = terms.every(({ coefficient }) => coefficient.abs().equals(number));
  const factor = isCommon && !number.equals(1) && terms.length > 1 ? number : undefined;
  const [first = [], ...rest] = terms.map(({ term }) => sizesBelow(term));
  const sizes = first.filter((size) => rest.every((others) => others.includes(size)));
  if (constant.n !== 0n || (sizes.length === 0 && factor === undefined)) return undefined;
  const divisor = graph.multiply(...sizes);
  const front = graph.divide(graph.number(factor ?? 1), divisor);
  const parts = terms.map(({ coefficient, term }) =>
    graph.multiply(graph.number(coefficient.div(factor ?? 1)), term, divisor),
  );
  return graph.multiply(front, simplify(graph, graph.add(...parts)));
}

/** The sizes that a term is divided by. */
function sizesBelow(term: Expression): Expression[] {
  if (term.kind !== "product") return [];
  return term.factors.flatMap(({ base, exponent }) =>
    base.kind === "size" && exponent < 0 ? [base] : [],
  );
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
