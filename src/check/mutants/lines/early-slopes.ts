/** The slope of a function that belongs behind a join, taken on one of the ways that lead to it already. */
import { fullAxes } from "../../../expression/definition.js";
import { isOne, isZero } from "../../../expression/predicates.js";
import type { Backward, Edge } from "../../pass/backward.js";
import { modelText } from "../../explanations/words.js";
import { faultAt, instead, type Mutant } from "../mutant.js";
import type { Kind } from "../family.js";
import { alongEdge } from "./along.js";

/** (W'·dz).*(1 - h.^2) + V'·dy for dh, where the step back through h = tanh(z) multiplies all of dh by 1 - h.^2. */
export const EARLY_SLOPES: Kind<Edge> = {
  least: 2.1,
  make: ({ backward }, edge) => earlySlopes(backward, edge),
};

function* earlySlopes(backward: Backward, edge: Edge): Generator<Mutant> {
  const { graph } = backward;
  const { from, to, clause } = edge;
  // of all that comes in at once other families know
  if (backward.into(to).every((one) => one.from === from)) return;
  const { indices } = fullAxes(to.shape);
  const node = backward.bodyAt(to, indices);
  if (node?.kind !== "apply" || node.children.length > 1) return;
  const output = graph.reference(to, indices);
  const slope = node.operation.derivative(graph, node.children, output)[0]!;
  if (isZero(slope) || isOne(slope)) return;
  const along = alongEdge(backward, edge, slope, to);
  if (!along) return;
  yield {
    fault: faultAt(to, "extra-factor", () => {
      const factor = modelText(backward.withNames(slope));
      return {
        factor,
        what: `computed with the factor ${factor} in what comes through ${from.name}: the step back through ${to.name} multiplies by it, so leave it out here`,
      };
    }),
    cost: 2.1,
    change: () => instead(edge, graph.multiply(clause.body, along)),
  };
}
