/**
 * What is given taken for what it was computed from: an advantage holds returns minus values, and is no
 * function of the weights any more, but something is passed back through it.
 */
import { fullAxes } from "../../../expression/definition.js";
import type { Quantity } from "../../../expression/quantity.js";
import { sameShape } from "../../../expression/size.js";
import type { Backward } from "../../pass/backward.js";
import { adjointName } from "../../explanations/words.js";
import type { Kind } from "../family.js";
import { faultAt, type Mutant } from "../mutant.js";

export const LIVE_PATHS: Kind<Quantity> = {
  least: 2.3,
  make: ({ backward }, quantity) => livePaths(backward, quantity),
};

/** ±∂loss/∂given added to the derivative by a quantity of the same shape. */
function* livePaths(backward: Backward, to: Quantity): Generator<Mutant> {
  if (to.role !== "definition" || to.shape.length === 0) return;
  const { graph, model } = backward;
  const { letters, indices } = fullAxes(to.shape);
  for (const given of [...model.inputs, ...model.targets]) {
    const line = sameShape(given.shape, to.shape) ? backward.lastLine(given, indices) : undefined;
    if (!line) continue;
    for (const sign of [1, -1]) {
      const body = graph.multiply(graph.number(sign), line);
      yield {
        fault: faultAt(to, "extra-term", () => {
          const term = `${sign < 0 ? "-" : ""}${adjointName(given)}`;
          return {
            term,
            what: `the right gradient plus ${term}, as if ${given.name} were computed from ${to.name}: it is given, and nothing is passed back through it`,
          };
        }),
        cost: 2.3,
        change: () => ({
          removed: new Set(),
          added: [{ from: model.loss, to, clause: { letters, indices, body } }],
        }),
      };
    }
  }
}
