/** A derivative with a factor, which all that is computed from it has, and what comes beside it has not. */
import type { Quantity } from "../../../expression/quantity.js";
import type { Factor } from "../../explanations/factors.js";
import { type Fault, repair, timesText } from "../../explanations/hypothesis.js";
import type { Backward } from "../../pass/backward.js";
import { heirOf } from "../../pass/users.js";
import { faultAt, type Probe } from "../mutant.js";
import { signed } from "../signed.js";

/** As much as a path with a factor of its own, which says less, and a little more. */
const COST = 1.75;

/**
 * A factor of all of a quantity's derivative, to be found. None where it is told elsewhere: at what alone is computed from
 * the derivative, and from nothing else.
 */
export function* wholeProbes(backward: Backward, at: Quantity): Generator<Probe> {
  const edges = backward.into(at);
  const isOfLoss = edges.every(({ from }) => from === backward.model.loss);
  if (at.role !== "definition" || isOfLoss || heirOf(backward, at)) return;
  yield {
    faults: (factor) => signed(at, factor, (name) => times(at, name)),
    cost: COST,
    // once more
    change: () => ({ removed: new Set(), added: edges.map((edge) => ({ ...edge })) }),
    present: 1,
  };
}

function times(at: Quantity, factor: Factor["name"]): Fault {
  return faultAt(at, "constant-factor", () => ({
    factor,
    what: `${timesText(factor)} times the right gradient: ${repair(factor)}`,
  }));
}
