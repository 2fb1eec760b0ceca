/** One entry of a quantity used for all of them: w[1] where w belongs. */
import { Index } from "../../../expression/indices.js";
import { Size } from "../../../expression/size.js";
import { references } from "../../../expression/walk.js";
import type { Backward, Edge } from "../../pass/backward.js";
import { modelText } from "../../explanations/words.js";
import { faultAt, instead, type Mutant } from "../mutant.js";
import type { Kind } from "../family.js";

export const SINGLE_ENTRIES: Kind<Edge> = {
  least: 2.05,
  make: ({ backward }, edge) => singleEntries(backward, edge),
};

function* singleEntries(backward: Backward, edge: Edge): Generator<Mutant> {
  const { graph } = backward;
  const { clause, to } = edge;
  const kept = new Set(clause.indices.flatMap(({ plain }) => (plain ? [plain.key] : [])));
  const body = backward.withNames(clause.body);
  for (const reference of references([body])) {
    const { quantity, indices } = reference;
    for (const [axis, index] of indices.entries()) {
      const { plain } = index;
      // sums have mistakes of their own for this
      if (!plain || !kept.has(plain.key)) continue;
      const last = Index.constant(plain.size.minus(Size.one));
      for (const [entry, cost] of [
        [Index.number(0), 2.2],
        [last, 2.3],
      ] as const) {
        const fixed = graph.reference(quantity, indices.with(axis, entry));
        yield {
          fault: faultAt(to, "wrong-variable", () => {
            const [used, right] = [modelText(fixed), modelText(reference)];
            return {
              used,
              instead: right,
              what: `computed with the one entry ${used} where all of ${right} belongs: each entry has its own`,
            };
          }),
          cost,
          change: () =>
            instead(
              edge,
              graph.transform(body, (node) => (node === reference ? fixed : undefined)),
            ),
        };
      }
    }
  }
}
