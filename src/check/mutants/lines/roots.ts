/** A quantity and its root taken for one another: the standard deviation for the variance, a distance for its square. */
import type { Expression } from "../../../expression/expression.js";
import { squareRoot } from "../../../expression/operations/smooth.js";
import { modelText } from "../../explanations/words.js";
import type { Backward, Edge } from "../../pass/backward.js";
import type { Kind } from "../family.js";
import { faultAt, instead, type Mutant } from "../mutant.js";

/** √v for v, and v·√v, where v or 1/v is a factor: σ and σ³ for σ². */
export const ROOTS: Kind<Edge> = {
  least: 2.2,
  make: ({ backward }, edge) => roots(backward, edge),
};

function* roots(backward: Backward, edge: Edge): Generator<Mutant> {
  const { graph } = backward;
  const body = backward.withNames(edge.clause.body);
  if (body.kind !== "product") return;
  for (const { base, exponent } of body.factors) {
    const isOwn = base.kind === "reference" && base.quantity.role === "definition";
    if (!isOwn || Math.abs(exponent) !== 1) continue;
    const root = graph.apply(squareRoot, base);
    for (const [power, used, cost] of [
      [-1, root, 2.2],
      [1, graph.multiply(base, root), 2.3],
    ] as const) {
      const times = graph.integerPower(root, power * exponent);
      yield {
        fault: faultAt(edge.to, "wrong-function", () => {
          const [found, right] = [used, base].map((one: Expression) => modelText(one));
          return {
            used: found!,
            instead: right!,
            what: `computed with ${found!} where ${right!} belongs: put that in its place`,
          };
        }),
        cost,
        change: () => instead(edge, graph.multiply(body, times)),
      };
    }
  }
}
