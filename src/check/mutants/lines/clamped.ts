/** A prediction that is kept within bounds before the residual is taken, and nothing said of it in the backward pass. */
import { fullAxes } from "../../../expression/definition.js";
import type { Expression, ReferenceNode } from "../../../expression/expression.js";
import type { Graph } from "../../../expression/graph.js";
import { maximum, minimum } from "../../../expression/operations/piecewise.js";
import type { Quantity } from "../../../expression/quantity.js";
import { postorder, references } from "../../../expression/walk.js";
import type { Backward, Edge } from "../../pass/backward.js";
import type { Kind } from "../family.js";
import { faultAt, instead, type Mutant } from "../mutant.js";

/** Bounds that people choose: of probabilities, of ratings. */
const BOUNDS = [
  [0, 1],
  [1, 5],
  [0, 5],
  [1, 10],
  [0, 10],
  [-1, 1],
] as const;

export const CLAMPED_PREDICTIONS: Kind<Edge> = {
  least: 2.15,
  make: ({ backward }, edge) => clampedPredictions(backward, edge),
};

function* clampedPredictions(backward: Backward, edge: Edge): Generator<Mutant> {
  const { graph } = backward;
  for (const residual of residualsIn(backward, edge)) {
    const { prediction, target, body } = residual;
    const { name } = prediction.quantity;
    for (const [below, above, text] of boundsOf(graph, target.quantity)) {
      const clamped = graph.apply(maximum, graph.apply(minimum, prediction, above), below);
      yield {
        fault: faultAt(edge.to, "clipped", () => ({
          what: `computed with ${name} kept within ${text} before ${target.quantity.name} is subtracted: take ${name} as it is`,
        })),
        cost: 2.15,
        change: () =>
          instead(
            edge,
            graph.transform(body, (node) => (node === prediction ? clamped : undefined)),
          ),
      };
    }
  }
}

interface Residual {
  readonly prediction: ReferenceNode;
  readonly target: ReferenceNode;
  /** The line, with the difference of both written out. */
  readonly body: Expression;
}

/** Differences of a quantity and a target in a line, or in a quantity that the line uses. */
function residualsIn(backward: Backward, edge: Edge): Residual[] {
  const { graph } = backward;
  const named = backward.withNames(edge.clause.body);
  const written = references([named]).flatMap((one) => {
    const own = one.quantity.role === "definition" && backward.bodyAt(one.quantity, one.indices);
    if (!own) return [];
    return [graph.transform(named, (node) => (node === one ? own : undefined))];
  });
  return [named, ...written].flatMap((body) =>
    postorder([body], (one: Expression) => one.children).flatMap((node): Residual[] => {
      const residual = residualOf(node);
      return residual ? [{ ...residual, body }] : [];
    }),
  );
}

function residualOf(node: Expression): Omit<Residual, "body"> | undefined {
  if (node.kind !== "sum" || node.terms.length !== 2) return undefined;
  const own = node.terms.flatMap(({ term }) => (term.kind === "reference" ? [term] : []));
  const target = own.find(({ quantity }) => quantity.role === "target");
  const prediction = own.find(({ quantity }) => quantity.role === "definition");
  return target && prediction ? { target, prediction } : undefined;
}

/** Of the targets themselves, and usual ones. */
function boundsOf(
  graph: Graph,
  target: Quantity,
): [below: Expression, above: Expression, text: string][] {
  const { letters, indices } = fullAxes(target.shape);
  const entry = graph.reference(target, indices);
  const [least, largest] = (["min", "max"] as const).map((reduction) =>
    letters.reduceRight((inner, one) => graph.reduce(reduction, one, inner), entry),
  );
  return [
    ...BOUNDS.map(([below, above]): [Expression, Expression, string] => [
      graph.number(below),
      graph.number(above),
      `[${below}, ${above}]`,
    ]),
    [least!, largest!, `the least and the largest entry of ${target.name}`],
  ];
}
