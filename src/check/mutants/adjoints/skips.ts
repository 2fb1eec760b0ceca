/** Paths that join at another step than the right one: a derivative too late, or too early. */
import type { Quantity } from "../../../expression/quantity.js";
import { fullAxes } from "../../../expression/definition.js";
import { isZero } from "../../../expression/predicates.js";
import { sameShape } from "../../../expression/size.js";
import type { Backward } from "../../pass/backward.js";
import { computedFrom } from "../../pass/users.js";
import type { Fault } from "../../explanations/hypothesis.js";
import { adjointName, modelText, partialText } from "../../explanations/words.js";
import { faultAt, type Mutant } from "../mutant.js";
import type { Kind } from "../family.js";
import { alongEdge } from "../lines/along.js";

/** Contributions to ∂loss/∂at that are added to ∂loss/∂next, for a step at → next of the same shape. */
export const SKIPPED_STEPS: Kind<Quantity> = {
  least: 2.1,
  make: ({ backward }, quantity) => skippedSteps(backward, quantity),
};

function* skippedSteps(backward: Backward, at: Quantity): Generator<Mutant> {
  const origins = new Set(backward.into(at).map(({ from }) => from));
  if (origins.size < 2 || at.role !== "definition") return;
  const steps = new Set(backward.outOf(at).map(({ to }) => to));
  for (const next of steps) {
    if (!sameShape(at.shape, next.shape) || next.role !== "definition") continue;
    const factor = `d${at.name}/d${next.name}`;
    for (const origin of origins) {
      const late = backward.into(at).filter(({ from }) => from === origin);
      yield {
        fault: lateJoin(next, at, origin, () => [factor, adjointName(next), partialText(at, next)]),
        cost: 2.1,
        change: () => ({
          removed: new Set(late),
          added: late.map((edge) => ({ ...edge, to: next })),
        }),
      };
    }
  }
  yield* skippedFunction(backward, at, origins);
}

/** The same where the operand of a function has no name: A = sigmoid(W·X + b), and a path that misses σ′. */
function* skippedFunction(
  backward: Backward,
  at: Quantity,
  origins: ReadonlySet<Quantity>,
): Generator<Mutant> {
  const { graph } = backward;
  const body = backward.bodyAt(at, fullAxes(at.shape).indices);
  const [operand] = body?.children ?? [];
  if (body?.kind !== "apply" || body.children.length > 1) return;
  if (!operand || operand.kind === "reference") return;
  const [slope] = body.operation.derivative(graph, body.children, body);
  // what is 0 somewhere cannot be divided by
  if (!slope || isZero(slope) || body.operation.kinks) return;
  const { name } = body.operation;
  for (const origin of origins) {
    const late = backward.into(at).filter(({ from }) => from === origin);
    const added = late.flatMap((edge) => {
      const along = alongEdge(backward, edge, slope, at);
      const { clause } = edge;
      return along
        ? [{ ...edge, clause: { ...clause, body: graph.divide(clause.body, along) } }]
        : [];
    });
    if (added.length < late.length) continue;
    yield {
      fault: lateJoin(at, at, origin, () => {
        const inner = modelText(operand);
        return [`${name}'(${inner})`, `the derivative by ${inner}`];
      }),
      cost: 2.15,
      change: () => ({ removed: new Set(late), added }),
    };
  }
}

/** @param texts of the factor, and of the derivative to which the path is added instead of that by `due` */
function lateJoin(
  at: Quantity,
  due: Quantity,
  origin: Quantity,
  texts: () => readonly [factor: string, place: string, said?: string],
): Fault {
  return faultAt(at, "missing-factor", () => {
    const [factor, place, said = factor] = texts();
    const term = `the path through ${origin.name}`;
    return {
      factor,
      term,
      what: `computed with ${term} added to ${place} instead of ${adjointName(due)}: it lacks the factor ${said}; add it before you multiply`,
    };
  });
}

/**
 * Contributions to ∂loss/∂at that are added to ∂loss/∂end of a later quantity: what skips a block is
 * sent through it.
 */
export const EARLY_JOINS: Kind<Quantity> = {
  least: 2.1,
  make: ({ backward }, quantity) => earlyJoins(backward, quantity),
};

function* earlyJoins(backward: Backward, at: Quantity): Generator<Mutant> {
  const origins = new Set(backward.into(at).map(({ from }) => from));
  if (origins.size < 2) return;
  const place = (quantity: Quantity): number => backward.order.indexOf(quantity);
  for (const end of computedFrom(backward, at)) {
    if (!sameShape(at.shape, end.shape) || end === backward.model.loss) continue;
    for (const origin of origins) {
      if (place(origin) >= place(end)) continue;
      const early = backward.into(at).filter(({ from }) => from === origin);
      yield {
        fault: faultAt(at, "extra-factor", () => {
          const factor = `d${end.name}/d${at.name}`;
          return {
            factor,
            term: `the path through ${origin.name}`,
            what: `computed with the direct path through ${origin.name} added to ${adjointName(end)}: it gets the factor ${partialText(end, at)}, which belongs to the way through ${end.name} only; add it to ${adjointName(at)} instead`,
          };
        }),
        cost: 2.1,
        change: () => ({
          removed: new Set(early),
          added: early.map((edge) => ({ ...edge, to: end })),
        }),
      };
    }
  }
}
