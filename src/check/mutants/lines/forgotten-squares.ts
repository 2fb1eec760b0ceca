/** A square forgotten in a line of the backward pass: 1 − e·e⁻ˢ for 1 − e²·e⁻ˢ. */
import type { Expression, ProductNode } from "../../../expression/expression.js";
import { postorder, references } from "../../../expression/walk.js";
import { modelText } from "../../explanations/words.js";
import type { Backward, Edge } from "../../pass/backward.js";
import type { Kind } from "../family.js";
import { faultAt, instead, type Mutant } from "../mutant.js";

const COST = 2.05;
/** A difference may have been taken the other way round, which its square hides. */
const TURNED = 0.05;

export const FORGOTTEN_SQUARES: Kind<Edge> = {
  least: COST,
  make: ({ backward }, edge) => forgottenSquares(backward, edge),
};

function* forgottenSquares(backward: Backward, edge: Edge): Generator<Mutant> {
  const { graph } = backward;
  const { body } = edge.clause;
  const products = [...postorder([body], (one: Expression) => one.children)].filter(
    (one): one is ProductNode => one.kind === "product",
  );
  for (const product of products) {
    for (const { base, exponent } of product.factors) {
      if (exponent !== 2 || references([base]).length === 0) continue;
      const once = graph.divide(product, base);
      for (const isTurned of base.kind === "sum" ? [false, true] : [false]) {
        const left = isTurned ? graph.negate(once) : once;
        yield {
          fault: faultAt(edge.to, "missing-factor", () => {
            const used = backward.withNames(isTurned ? graph.negate(base) : base);
            const text = modelText(used);
            const square = modelText(graph.integerPower(used, 2));
            return {
              factor: text,
              what: `computed with ${text} where ${square} belongs: the square is missing`,
            };
          }),
          cost: COST + (isTurned ? TURNED : 0),
          change: () =>
            instead(
              edge,
              graph.transform(body, (node) => (node === product ? left : undefined)),
            ),
        };
      }
    }
  }
}
