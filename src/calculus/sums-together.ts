/** Sums over the same places of terms that share factors: Σ_n a[n] − Σ_n a[n]·b[n] is Σ_n a[n]·(1 − b[n]). */
import { CONTENT } from "../expression/contents.js";
import type { Expression, ReduceNode, SumNode } from "../expression/expression.js";
import type { Graph } from "../expression/graph.js";
import { Index, letter } from "../expression/indices.js";
import { references, writtenLength } from "../expression/walk.js";
import { ONE } from "../expression/rational.js";
import { factorsOf } from "./products.js";

/** Longer sums are left as they are: every term is compared with every other one. */
const MOST_TERMS = 8;
/** Brackets with more letters than this are no matrix. */
const OF_MATRIX = 2;
/** What is left in the brackets of each is one entry or a power of one. */
const LONGEST_REST = 2;

/** coefficient · front · Σ body. */
interface Summed {
  readonly term: SumNode["terms"][number];
  readonly front: Expression;
  readonly sum: ReduceNode;
}

/** All such sums of an expression together, as they are written with indices. */
export function sumsTogether(graph: Graph, root: Expression): Expression {
  const put = (node: Expression): Expression | undefined => {
    const together = node.kind === "sum" ? withSumsTogether(graph, node, Infinity) : undefined;
    return together && sumsTogether(graph, together);
  };
  return graph.transform(root, put, CONTENT.reduce);
}

/**
 * The sum with two of its terms as one sum over an index; undefined where none fit. Those with derivatives of the
 * loss stay apart, as in the chain rule.
 * @param most how many letters there may be in the brackets; by default so few that they are a matrix
 */
export function withSumsTogether(
  graph: Graph,
  { constant, terms }: SumNode,
  most = OF_MATRIX,
): Expression | undefined {
  if (terms.length < 2 || terms.length > MOST_TERMS) return undefined;
  // what has a plus first, so that no minus stands in front
  const summed = terms
    .flatMap((term) => summedIn(graph, term) ?? [])
    .sort((a, b) => b.term.coefficient.compare(a.term.coefficient));
  for (const [position, one] of summed.entries()) {
    for (const other of summed.slice(position + 1)) {
      const together = oneSum(graph, one, other, most);
      if (!together) continue;
      const apart = terms.filter((term) => term !== one.term && term !== other.term);
      const shorter = graph.add(
        graph.number(constant),
        together,
        ...apart.map(({ coefficient, term }) => graph.scale(coefficient, term)),
      );
      // what is multiplied out again is no shorter
      if (shorter.kind !== "sum" || shorter.terms.length < terms.length) return shorter;
    }
  }
  return undefined;
}

function summedIn(graph: Graph, term: SumNode["terms"][number]): Summed | undefined {
  const sums = factorsOf(term.term).flatMap(({ base, exponent }) =>
    exponent === 1 && base.kind === "reduce" && base.reduction === "sum" ? [base] : [],
  );
  const [sum, ...others] = sums;
  if (!sum || others.length > 0) return undefined;
  const isOfLoss = references([sum]).some(({ quantity }) => quantity.role === "adjoint");
  return isOfLoss ? undefined : { term, front: graph.divide(term.term, sum), sum };
}

/** Two terms as one, where they differ in little. */
function oneSum(graph: Graph, one: Summed, other: Summed, most: number): Expression | undefined {
  const [a, b] = [one.term.coefficient, other.term.coefficient];
  const { size } = one.sum.letter;
  const isAlike =
    one.front === other.front && a.abs().equals(b.abs()) && size.equals(other.sum.letter.size);
  if (!isAlike) return undefined;
  const running = letter("together", size);
  const [first, second] = [one.sum, other.sum].map(({ letter: { key }, body }) =>
    graph.substitute(body, new Map([[key, Index.of(running)]])),
  );
  const inner = bodiesTogether(graph, first!, graph.scale(b.div(a), second!), most);
  return inner && graph.multiply(graph.number(a), one.front, graph.sum(running, inner));
}

/** a·b − a·c as a·(b − c), also under further sums. */
function bodiesTogether(
  graph: Graph,
  first: Expression,
  second: Expression,
  most: number,
): Expression | undefined {
  const whole = graph.add(first, second);
  if (whole.kind !== "sum") return undefined;
  if (first.kind === "reduce") return withSumsTogether(graph, whole, most);
  const others = factorsOf(second);
  const shared = factorsOf(first).flatMap(({ base, exponent }) => {
    const match = others.find((factor) => factor.base === base && factor.exponent === exponent);
    return match && base.kind !== "delta" ? [match] : [];
  });
  if (shared.length === 0) return undefined;
  const front = graph.monomial(ONE, shared);
  const rests = [first, second].map((one) => graph.divide(one, front));
  const areShort = rests.every(
    (rest) => writtenLength(graph.splitCoefficient(rest)[1]) <= LONGEST_REST,
  );
  // a matrix and its transpose are put together as matrices
  const quantities = rests.map((rest) => references([rest]).map(({ quantity }) => quantity));
  if (quantities[0]!.some((one) => quantities[1]!.includes(one))) return undefined;
  const bracket = graph.add(...rests);
  return areShort && bracket.free.length <= most ? graph.multiply(front, bracket) : undefined;
}
