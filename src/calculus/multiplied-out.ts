/** Sums that get shorter when their products are multiplied out, such as (1 − t)·a − t·(1 − a). */
import { Fraction } from "fraction.js";
import type { Expression, SumNode } from "../expression/expression.js";
import type { Graph } from "../expression/graph.js";
import { writtenLength } from "../expression/walk.js";

/** Terms that become more than this are left as they are. */
const MOST_TERMS = 8;

/**
 * The sum with the sums among its terms' factors multiplied out, where what then cancels makes it
 * shorter: a − t. A product no part of which stands in other terms stays. Undefined where it does not, or where there is
 * nothing to multiply.
 */
export function multipliedOut(graph: Graph, node: SumNode): Expression | undefined {
  const terms = node.terms.map(({ coefficient, term }) => ({
    whole: graph.scale(coefficient, term),
    parts: partsOf(graph, term).map((one) => graph.scale(coefficient, one)),
  }));
  if (terms.every(({ parts }) => parts.length === 1)) return undefined;
  const common = commonCores(graph, terms);
  const summands = terms.flatMap(({ whole, parts }) =>
    parts.some((one) => common.has(coreOf(graph, one))) ? parts : whole,
  );
  const sum = graph.add(graph.number(node.constant), ...summands);
  return writtenLength(sum) < writtenLength(node) ? sum : undefined;
}

/** What stands, but for a number, among the parts of more than one term: these parts are put together. */
function commonCores(
  graph: Graph,
  terms: readonly { readonly parts: readonly Expression[] }[],
): ReadonlySet<Expression> {
  const seen = new Set<Expression>();
  const common = new Set<Expression>();
  for (const { parts } of terms) {
    const own = new Set(parts.map((one) => coreOf(graph, one)));
    for (const core of own) (seen.has(core) ? common : seen).add(core);
  }
  return common;
}

function coreOf(graph: Graph, term: Expression): Expression {
  return graph.splitCoefficient(term)[1];
}

/** The terms of a product of sums; itself where it is none, or where they would be too many. */
function partsOf(graph: Graph, term: Expression): readonly Expression[] {
  if (term.kind === "sum") return summandsOf(graph, term);
  if (term.kind !== "product") return [term];
  const isSum = ({ base, exponent }: (typeof term.factors)[number]): boolean =>
    base.kind === "sum" && exponent === 1;
  let parts = [
    graph.monomial(
      new Fraction(1),
      term.factors.filter((one) => !isSum(one)),
    ),
  ];
  for (const { base } of term.factors.filter(isSum)) {
    if (base.kind !== "sum") continue;
    const summands = summandsOf(graph, base);
    if (parts.length * summands.length > MOST_TERMS) return [term];
    parts = parts.flatMap((one) => summands.map((other) => graph.multiply(one, other)));
  }
  return parts;
}

/** The terms of a sum, its constant last. */
export function summandsOf(graph: Graph, { constant, terms }: SumNode): Expression[] {
  const summands = terms.map(({ coefficient, term }) => graph.scale(coefficient, term));
  return constant.n === 0n ? summands : [...summands, graph.number(constant)];
}
