/** What is drawn several times, as words of a text are, counted once: `G[words] += D` with a list of words. */
import { minimum } from "../../../expression/operations/piecewise.js";
import type { Expression } from "../../../expression/expression.js";
import { references } from "../../../expression/walk.js";
import type { Backward, Edge } from "../../pass/backward.js";
import { modelText } from "../../explanations/words.js";
import { faultAt, instead, type Mutant } from "../mutant.js";
import type { Kind } from "../family.js";

/** min(counts, 1) for the counts that are given. */
export const DRAWN_ONCE: Kind<Edge> = {
  least: 2.05,
  make: ({ backward }, edge) => drawnOnce(backward, edge, backward.withNames(edge.clause.body)),
};

export function* drawnOnce({ graph }: Backward, edge: Edge, body: Expression): Generator<Mutant> {
  for (const reference of references([body])) {
    const { quantity, free } = reference;
    const isGiven = quantity.role === "input" || quantity.role === "target";
    if (!isGiven || free.length === 0) continue;
    const once = graph.apply(minimum, reference, graph.one);
    const changed = graph.transform(body, (node) => (node === reference ? once : undefined));
    yield {
      fault: faultAt(edge.to, "not-summed", () => {
        const text = modelText(reference);
        return {
          term: text,
          what: `computed with min(${text}, 1) where ${text} belongs: what occurs several times contributes each time`,
        };
      }),
      cost: 2.05,
      change: () => instead(edge, changed),
    };
  }
}
