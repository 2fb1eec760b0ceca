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
    const replaced = (value: Expression): Expression =>
      graph.transform(body, (node) => (node === reference ? value : undefined));
    yield {
      fault: faultAt(edge.to, "wrong-variable", () => {
        const centred = `${quantity.name} - mean(${quantity.name})`;
        return {
          used: centred,
          instead: quantity.name,
          what: `computed with ${centred} where ${modelText(reference)} belongs: the model does not subtract the mean`,
        };
      }),
      cost: 2.25,
      change: () => instead(edge, replaced(graph.subtract(reference, mean))),
    };
    for (const [call, value, cost] of [
      ["mean", mean, 2.05],
      ["sum", total, 2.15],
    ] as const) {
      yield {
        fault: faultAt(edge.to, "wrong-variable", () => {
          const used = `${call}(${quantity.name})`;
          return {
            used,
            instead: quantity.name,
            what: `computed with ${used} for every entry where ${modelText(reference)} belongs: each has its own`,
          };
        }),
        cost,
        change: () => instead(edge, replaced(value)),
      };
    }
  }
}
