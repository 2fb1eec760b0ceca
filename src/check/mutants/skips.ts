/** Paths that join at another step than the right one: a derivative too late, or too early. */
import type { Quantity } from "../../expression/quantity.js";
import { sameShape } from "../../expression/size.js";
import type { Backward } from "../pass/backward.js";
import { computedFrom } from "../pass/users.js";
import { adjointName } from "../explanations/words.js";
import { faultAt, type Mutant } from "./mutant.js";
import type { Kind } from "./family.js";

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
        fault: faultAt(
          next,
          "missing-factor",
          { factor, term: `the path through ${origin.name}` },
          `computed with the path through ${origin.name} added to ${adjointName(next)} instead of ${adjointName(at)}: it lacks the factor ${factor}; add it before you multiply`,
        ),
        cost: 2.1,
        change: () => ({
          removed: new Set(late),
          added: late.map((edge) => ({ ...edge, to: next })),
        }),
      };
    }
  }
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
    const factor = `d${end.name}/d${at.name}`;
    for (const origin of origins) {
      if (place(origin) >= place(end)) continue;
      const early = backward.into(at).filter(({ from }) => from === origin);
      yield {
        fault: faultAt(
          at,
          "extra-factor",
          { factor, term: `the path through ${origin.name}` },
          `computed with the direct path through ${origin.name} added to ${adjointName(end)}: it gets the factor ${factor}, which belongs to the way through ${end.name} only; add it to ${adjointName(at)} instead`,
        ),
        cost: 2.1,
        change: () => ({
          removed: new Set(early),
          added: early.map((edge) => ({ ...edge, to: end })),
        }),
      };
    }
  }
}
