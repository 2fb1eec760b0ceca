/** Lines of the backward pass taken apart: what their bodies are sums of. */
import type { Expression } from "../../../expression/expression.js";
import type { Backward, Edge } from "../../pass/backward.js";

/** The terms of a step's body: of a sum, or of each sum that is a factor. */
export function termsOf(backward: Backward, { clause }: Edge): Expression[] {
  const { graph } = backward;
  return partitionsOf(backward, clause.body)
    .flatMap(({ of, terms }) =>
      // of 1 − u nothing but 1 is the whole factor left out, which is told as that
      terms.filter(({ term }) => of === clause.body || !isUnit(graph.subtract(of, term))),
    )
    .map(({ whole }) => whole);
}

/** What a step's body is the sum of, each term once: of a sum, or of the first sum that is a factor and no 1 − u. */
export function summandsOf(backward: Backward, { clause }: Edge): Expression[] {
  const partition = partitionsOf(backward, clause.body).find(
    ({ of, terms }) => of === clause.body || !terms.some(({ term }) => isUnit(term)),
  );
  return partition?.terms.map(({ whole }) => whole) ?? [];
}

/** A sum, and all its terms: each as it is, and with what the sum is multiplied by. */
interface Partition {
  readonly of: Expression;
  readonly terms: readonly { readonly term: Expression; readonly whole: Expression }[];
}

/** A sum, or every sum that is a factor of a product. */
function partitionsOf({ graph }: Backward, body: Expression): Partition[] {
  const partition = (of: Expression, rest: Expression): Partition[] => {
    if (of.kind !== "sum") return [];
    const all = of.terms.map(({ coefficient, term }) => graph.scale(coefficient, term));
    if (!of.constant.equals(0)) all.push(graph.number(of.constant));
    if (all.length < 2) return [];
    return [{ of, terms: all.map((term) => ({ term, whole: graph.multiply(rest, term) })) }];
  };
  if (body.kind !== "product") return partition(body, graph.one);
  return body.factors.flatMap(({ base, exponent }, position) => {
    if (exponent !== 1) return [];
    const rest = graph.multiply(
      graph.number(body.coefficient),
      ...body.factors
        .toSpliced(position, 1)
        .map((factor) => graph.integerPower(factor.base, factor.exponent)),
    );
    return partition(base, rest);
  });
}

function isUnit(node: Expression): boolean {
  return node.kind === "number" && node.value.abs().equals(1);
}
