/** Derivatives that are clipped on their way: an error term, a gradient that explodes. */
import { fullAxes } from "../../../expression/definition.js";
import type { Expression } from "../../../expression/expression.js";
import type { Graph } from "../../../expression/graph.js";
import { maximum, minimum, relu } from "../../../expression/operations/piecewise.js";
import type { Quantity } from "../../../expression/quantity.js";
import { references } from "../../../expression/walk.js";
import type { Backward, Edge } from "../../pass/backward.js";
import { adjointName } from "../../explanations/words.js";
import { faultAt, instead, type Mutant } from "../mutant.js";
import type { Kind } from "../family.js";

/** Bounds that people choose. */
const BOUNDS = ["1", "2", "5", "10"] as const;

/** A residual that is clipped where it stands in a line: an error term kept in [-1, 1]. */
export const CLIPPED_FACTORS: Kind<Edge> = {
  least: 2.05,
  make: ({ backward }, edge) => clippedFactors(backward, edge),
};

function* clippedFactors(backward: Backward, edge: Edge): Generator<Mutant> {
  const { graph } = backward;
  const body = backward.withNames(edge.clause.body);
  for (const reference of references([body])) {
    const { name, role } = reference.quantity;
    if (role !== "definition") continue;
    for (const bound of BOUNDS) {
      yield {
        fault: faultAt(edge.to, "clipped", () => ({
          what: `computed with ${name} clipped to [-${bound}, ${bound}]: take ${name} as it is`,
        })),
        cost: 2.15,
        change: () =>
          instead(
            edge,
            graph.transform(body, (node) =>
              node === reference ? clip(graph, reference, bound) : undefined,
            ),
          ),
      };
    }
  }
}

export const CLIPPED_ADJOINTS: Kind<Quantity> = {
  least: 2.15,
  make: ({ backward }, quantity) => clippedAdjoints(backward, quantity),
};

function* clippedAdjoints(backward: Backward, at: Quantity): Generator<Mutant> {
  const { graph } = backward;
  const { indices } = fullAxes(at.shape);
  const right = backward.lastLine(at, indices);
  if (!right) return;
  for (const bound of BOUNDS) {
    yield {
      fault: faultAt(at, "clipped", () => ({
        what: `the right gradient clipped to [-${bound}, ${bound}], and all that follows is computed with it`,
      })),
      cost: 2.35,
      change: () => backward.whole(at, clip(graph, right, bound)),
    };
  }
  yield {
    fault: faultAt(at, "wrong-variable", () => ({
      used: adjointName(at),
      instead: at.name,
      what: `put through relu: the factor is the derivative at ${at.name}, and no function of ${adjointName(at)}`,
    })),
    cost: 2.2,
    change: () => backward.whole(at, graph.apply(relu, right)),
  };
}

/** u kept in [-bound, bound]. */
function clip(graph: Graph, u: Expression, bound: string): Expression {
  const [above, below] = [graph.number(bound), graph.negate(graph.number(bound))];
  return graph.apply(maximum, graph.apply(minimum, u, above), below);
}
