/** One of several contributions to a square matrix, transposed: the decoder's of tied weights. */
import type { Backward, Edge } from "../../pass/backward.js";
import type { SizeValues } from "../../../expression/size.js";
import type { Kind } from "../family.js";
import { faultAt, instead, type Mutant } from "../mutant.js";
import { lineText } from "./line-text.js";

export const TURNED_SHARES: Kind<Edge> = {
  least: 2.05,
  make: ({ backward, sizes }, edge) => turnedShares(backward, edge, sizes),
};

function* turnedShares(backward: Backward, edge: Edge, sizes: SizeValues): Generator<Mutant> {
  const { to, clause } = edge;
  const [rows, columns] = to.shape.map((size) => size.evaluate(sizes));
  // of all contributions the whole is transposed, which needs no pass
  if (rows === 1 || rows !== columns || backward.into(to).length < 2) return;
  yield {
    fault: faultAt(to, "transposed", () => {
      const term = lineText(backward, edge);
      return {
        term,
        what: `computed with one of its contributions transposed: add ${term}, not (${term})'`,
      };
    }),
    cost: 2.05,
    change: () => instead(edge, clause.body, { indices: clause.indices.toReversed() }),
  };
}
