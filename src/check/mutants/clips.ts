/** Derivatives that are clipped on their way: an error term, a gradient that explodes. */
import { fullAxes } from "../../expression/definition.js";
import { operations } from "../../expression/operations/index.js";
import type { Quantity } from "../../expression/quantity.js";
import type { Backward } from "../backward.js";
import { adjointName } from "../words.js";
import { faultAt, type Mutant } from "./mutant.js";

/** Bounds that people choose. */
const BOUNDS = ["1", "2", "5", "10"] as const;

/** No mistake here costs less. */
export const LEAST_CLIPPED = 2.2;

export function* clippedAdjoints(backward: Backward, at: Quantity): Generator<Mutant> {
  const { graph } = backward;
  const { indices } = fullAxes(at.shape);
  const [least, most] = [operations.get("minimum")!, operations.get("maximum")!];
  const right = backward.lastLine(at, indices);
  if (!right) return;
  for (const bound of BOUNDS) {
    const [above, below] = [graph.number(bound), graph.negate(graph.number(bound))];
    yield {
      fault: faultAt(
        at,
        "clipped",
        {},
        `the right gradient clipped to [-${bound}, ${bound}], and all that follows is computed with it`,
      ),
      cost: 2.35,
      change: () => {
        const clipped = graph.apply(most, graph.apply(least, right, above), below);
        return backward.whole(at, clipped);
      },
    };
  }
  yield {
    fault: faultAt(
      at,
      "wrong-variable",
      { used: adjointName(at), instead: at.name },
      `put through relu: the factor is the derivative at ${at.name}, and no function of ${adjointName(at)}`,
    ),
    cost: 2.2,
    change: () => backward.whole(at, graph.apply(operations.get("relu")!, right)),
  };
}
