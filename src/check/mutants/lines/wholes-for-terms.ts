/** What a line leads back from, where one of its terms belongs: dY·Y for dY·(X·exp(s)), Y being X·exp(s) + t. */
import type { Expression } from "../../../expression/expression.js";
import { references } from "../../../expression/walk.js";
import { modelText } from "../../explanations/words.js";
import type { Backward, Edge } from "../../pass/backward.js";
import type { Kind } from "../family.js";
import { faultAt, instead, type Mutant } from "../mutant.js";

const COST = 2;

export const WHOLES_FOR_TERMS: Kind<Edge> = {
  least: COST,
  make: ({ backward }, edge) => wholesForTerms(backward, edge),
};

function* wholesForTerms(backward: Backward, edge: Edge): Generator<Mutant> {
  const { graph } = backward;
  const { from, to, clause } = edge;
  const adjoint = references([clause.body]).find(({ quantity }) => quantity.of === from);
  const own = adjoint && backward.bodyAt(from, adjoint.indices);
  if (own?.kind !== "sum") return;
  for (const { term } of own.terms) {
    const rest = graph.divide(clause.body, term);
    // the line has all factors of the term, as where the term is an exponential or a product
    if (widthOf(rest) !== widthOf(clause.body) - widthOf(term)) continue;
    yield {
      fault: faultAt(to, "wrong-variable", () => {
        const right = modelText(term);
        return {
          used: from.name,
          instead: right,
          what: `computed with ${from.name} where ${right} belongs, which is only one of its terms`,
        };
      }),
      cost: COST,
      change: () => instead(edge, graph.multiply(rest, graph.reference(from, adjoint!.indices))),
    };
  }
}

function widthOf(node: Expression): number {
  return node.kind === "product" ? node.factors.length : 1;
}
