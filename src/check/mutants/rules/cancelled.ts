/** Local derivatives that what comes in divides by: the cross-entropy's (a − y)/(a(1 − a)) times a(1 − a). */
import { fullAxes, type Definition } from "../../../expression/definition.js";
import type { Expression } from "../../../expression/expression.js";
import type { Backward } from "../../pass/backward.js";
import { alongEdge } from "../lines/along.js";

/**
 * Whether every contribution to the derivative by a quantity divides by a factor of a local derivative, so that
 * people who write the two as one line have no such factor left.
 * @param slope the local derivative, in the letters of the only clause of the definition
 */
export function isCancelled(
  backward: Backward,
  { quantity, clauses }: Definition,
  slope: Expression,
): boolean {
  const { graph } = backward;
  const [clause] = clauses;
  const { indices } = fullAxes(quantity.shape);
  if (clauses.length !== 1 || !clause) return false;
  const axes = clause.indices.flatMap(({ plain }, k) =>
    plain ? [[plain.key, indices[k]!] as const] : [],
  );
  const factor = backward.withNames(graph.substitute(slope, new Map(axes)));
  return backward.into(quantity).every((edge) => {
    const along = alongEdge(backward, edge, factor, quantity);
    const bases = along && basesOf(along, 1);
    return (
      bases &&
      termsOf(edge.clause.body).every((term) => {
        const under = basesOf(term, -1);
        return bases.some((base) => under.includes(base));
      })
    );
  });
}

function termsOf(body: Expression): readonly Expression[] {
  return body.kind === "sum" ? body.terms.map(({ term }) => term) : [body];
}

/** The bases of the powers in a product whose exponents have a sign. */
function basesOf(node: Expression, sign: 1 | -1): Expression[] {
  if (node.kind !== "product") return sign > 0 ? [node] : [];
  return node.factors.flatMap(({ base, exponent }) => (exponent * sign > 0 ? [base] : []));
}
