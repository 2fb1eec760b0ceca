/** Derivatives that are clipped on their way: an error term, a gradient that explodes. */
import { fullAxes } from "../../../expression/definition.js";
import type { Expression } from "../../../expression/expression.js";
import type { Graph } from "../../../expression/graph.js";
import { maximum, minimum, relu } from "../../../expression/operations/piecewise.js";
import type { Quantity } from "../../../expression/quantity.js";
import { references } from "../../../expression/walk.js";
import type { Backward, Change, Edge } from "../../pass/backward.js";
import { adjointName, modelText } from "../../explanations/words.js";
import { faultAt, instead, type Mutant } from "../mutant.js";
import type { Kind } from "../family.js";

/** Bounds that people choose for an error of the outputs, and for derivatives on their way. */
const BOUNDS = ["1", "2", "5", "10"] as const;
const FINER_BOUNDS = ["0.1", "0.5", ...BOUNDS] as const;
/** Others, for all of a derivative, which is clipped in one call: too many to be tried beside a second mistake. */
const RARE_BOUNDS = ["0.01", "0.05", "0.2", "0.25", "0.3", "3"] as const;
const RARE_COST = 2.5;

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

/** The error of a layer that is clipped where it goes on: W'·clip(dh.*slope) for W'·(dh.*slope), and all of that. */
export const CLIPPED_ERRORS: Kind<Edge> = {
  least: 2.3,
  make: ({ backward }, edge) => clippedErrors(backward, edge),
};

function* clippedErrors(backward: Backward, edge: Edge): Generator<Mutant> {
  const { graph } = backward;
  const { from, to } = edge;
  if (to.role !== "definition") return;
  const axes = fullAxes(to.shape);
  const whole = backward.entryOf(edge, axes.indices);
  const body = backward.withNames(edge.clause.body);
  const error = errorIn(graph, body, from);
  const clipped = (what: string, bound: string, change: () => Change): Mutant => ({
    fault: faultAt(to, "clipped", () => ({
      what: `computed with ${what} clipped to [-${bound}, ${bound}]: take it as it is`,
    })),
    cost: 2.35,
    change,
  });
  for (const bound of FINER_BOUNDS) {
    if (error) {
      const others = graph.divide(body, error);
      yield clipped(modelText(error), bound, () =>
        instead(edge, graph.multiply(others, clip(graph, error, bound))),
      );
    }
    // of all that comes in at once other families know
    if (!whole || backward.into(to).length < 2) continue;
    yield clipped(`what comes through ${from.name}`, bound, () => ({
      removed: new Set([edge]),
      added: [{ from, to, clause: { ...axes, body: clip(graph, whole, bound) } }],
    }));
  }
}

/** The derivative that comes in with all factors of its own axes, where a line has others; a layer's error. */
function errorIn(graph: Graph, body: Expression, from: Quantity): Expression | undefined {
  if (body.kind !== "product") return undefined;
  const incoming = references([body]).find(({ quantity }) => quantity.of === from);
  if (!incoming || incoming.free.length === 0) return undefined;
  const own = body.factors.filter(
    ({ base }) => base.free.length > 0 && base.free.every((one) => incoming.free.includes(one)),
  );
  const hasOthers = own.length < body.factors.length;
  const isFactor = own.some(({ base }) => base === incoming);
  return hasOthers && isFactor
    ? graph.multiply(...own.map(({ base, exponent }) => graph.integerPower(base, exponent)))
    : undefined;
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
  const clipped = (bound: string, cost: number): Mutant => ({
    fault: faultAt(at, "clipped", () => ({
      what: `the right gradient clipped to [-${bound}, ${bound}], and all that follows is computed with it`,
    })),
    cost,
    change: () => backward.whole(at, clip(graph, right, bound)),
  });
  for (const bound of FINER_BOUNDS) yield clipped(bound, 2.35);
  for (const bound of RARE_BOUNDS) yield clipped(bound, RARE_COST);
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
