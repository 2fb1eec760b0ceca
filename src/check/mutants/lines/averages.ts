/** A quantity's mean or sum in place of its entries: what is averaged before it is multiplied. */
import { fullAxes } from "../../../expression/definition.js";
import type { Expression } from "../../../expression/expression.js";
import { Index, letter } from "../../../expression/indices.js";
import { references } from "../../../expression/walk.js";
import type { Backward, Edge } from "../../pass/backward.js";
import { modelText } from "../../explanations/words.js";
import { faultAt, instead, type Mutant } from "../mutant.js";
import type { Kind } from "../family.js";

/** mean(G), or G[t] − mean(G), for G[t]. */
export const AVERAGED_QUANTITIES: Kind<Edge> = {
  least: 2.05,
  make: ({ backward }, edge) => averagedQuantities(backward, edge),
};

function* averagedQuantities(backward: Backward, edge: Edge): Generator<Mutant> {
  const { graph } = backward;
  const body = backward.withNames(edge.clause.body);
  for (const reference of references([body])) {
    const { quantity, indices, free } = reference;
    if (quantity.of || free.length === 0 || indices.some(({ plain }) => !plain)) continue;
    const { letters } = fullAxes(quantity.shape);
    const bound = letters.map(({ size }, axis) => letter(`average${axis}`, size));
    const entries = graph.reference(
      quantity,
      bound.map((one) => Index.of(one)),
    );
    const total = graph.sumOver(bound, entries);
    const count = graph.multiply(...bound.map(({ size }) => graph.size(size)));
    const mean = graph.divide(total, count);
    const right = modelText(reference);
    const replaced = (value: Expression): Expression =>
      graph.transform(body, (node) => (node === reference ? value : undefined));
    const centred = `${quantity.name} - mean(${quantity.name})`;
    yield {
      fault: faultAt(
        edge.to,
        "wrong-variable",
        { used: centred, instead: quantity.name },
        `computed with ${centred} where ${right} belongs: the model does not subtract the mean`,
      ),
      cost: 2.25,
      change: () => instead(edge, replaced(graph.subtract(reference, mean))),
    };
    for (const [call, value, cost] of [
      ["mean", mean, 2.05],
      ["sum", total, 2.15],
    ] as const) {
      const used = `${call}(${quantity.name})`;
      yield {
        fault: faultAt(
          edge.to,
          "wrong-variable",
          { used, instead: quantity.name },
          `computed with ${used} for every entry where ${right} belongs: each has its own`,
        ),
        cost,
        change: () => instead(edge, replaced(value)),
      };
    }
  }
}
