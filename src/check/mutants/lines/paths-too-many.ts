/** The paths of quantities that are computed alike, r1 and r2, taken together where only one of them leads. */
import type { Quantity } from "../../../expression/quantity.js";
import { sameShape } from "../../../expression/size.js";
import { references } from "../../../expression/walk.js";
import { adjointName } from "../../explanations/words.js";
import type { Backward, Edge } from "../../pass/backward.js";
import type { Kind } from "../family.js";
import { faultAt, instead, type Mutant } from "../mutant.js";

const COST = 2.2;

export const PATHS_TOO_MANY: Kind<Edge> = {
  least: COST,
  make: ({ backward }, edge) => pathsTooMany(backward, edge),
};

/** dr1 + dr2 for dr2 in the derivative of what r2 alone is computed from. */
function* pathsTooMany(backward: Backward, edge: Edge): Generator<Mutant> {
  const { graph } = backward;
  const body = backward.withNames(edge.clause.body);
  const adjoint = backward.adjointOf(edge.from);
  const own = references([body]).find(({ quantity }) => quantity === adjoint);
  if (!own) return;
  for (const other of relatives(backward, edge)) {
    const both = graph.add(own, graph.reference(backward.adjointOf(other), own.indices));
    yield {
      fault: faultAt(edge.to, "extra-term", () => {
        const [used, right] = [other, edge.from].map(adjointName);
        return {
          term: `the path through ${other.name}`,
          what: `computed with ${used!} + ${right!} where ${right!} belongs: ${other.name} is not computed from ${edge.to.name}, leave that path out`,
        };
      }),
      cost: COST,
      change: () =>
        instead(
          edge,
          graph.transform(body, (node) => (node === own ? both : undefined)),
        ),
    };
  }
}

/** Quantities that are computed from something else that `from` is computed from, and not from `to`. */
function relatives(backward: Backward, { from, to }: Edge): Quantity[] {
  const sources = new Set(backward.outOf(from).map((one) => one.to));
  const users = [...sources].flatMap((one) => backward.into(one).map((into) => into.from));
  const isApart = (one: Quantity): boolean =>
    backward.outOf(one).every((edge) => edge.to !== to && edge.to !== from);
  return [...new Set(users)].filter(
    (one) =>
      one !== from && sameShape(one.shape, from.shape) && one.shape.length > 0 && isApart(one),
  );
}
