/** A path that joins one step too late: added after a local derivative instead of before it. */
import type { Quantity } from "../../expression/quantity.js";
import { sameShape } from "../../expression/size.js";
import type { Backward } from "../backward.js";
import { adjointName } from "../words.js";
import { faultAt, type Mutant } from "./mutant.js";

/** Contributions to ∂loss/∂at that are added to ∂loss/∂next, for a step at → next of the same shape. */
export function* skippedSteps(backward: Backward, at: Quantity): Generator<Mutant> {
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
