/** A penalty of several parameters with another factor than it has, in all of their derivatives alike. */
import type { Quantity } from "../../../expression/quantity.js";
import { fullAxes } from "../../../expression/definition.js";
import { listed } from "../../../language/words.js";
import { repair, timesText } from "../../explanations/hypothesis.js";
import type { Backward, Edge } from "../../pass/backward.js";
import { lineText } from "../lines/line-text.js";
import type { Probe } from "../mutant.js";
import { penaltyOf } from "./penalties.js";

/** Of a single term with a factor a little more. */
const COST = 1.75;

/** λ/N for λ: one number in the lines of all decayed weights. */
export function* penaltyProbes(backward: Backward): Generator<Probe> {
  for (const [, edges] of penalties(backward)) {
    const owners = new Set(edges.map(({ to }) => to));
    if (owners.size < 2) continue;
    yield {
      fault: ({ name, value }) => {
        if (value < 0) return undefined;
        const terms = (): string => listed(edges.map((edge) => lineText(backward, edge)));
        return {
          cause: "constant-factor",
          details: () => ({ factor: name, term: terms() }),
          say: (claim) =>
            `${claim} is computed with ${timesText(name)} times the penalty's terms, ${terms()}: ${repair(name)}, in these terms only`,
        };
      },
      cost: COST,
      // once more
      change: () => ({ removed: new Set(), added: edges.map((edge) => ({ ...edge })) }),
      present: 1,
    };
  }
}

/** The lines of penalties, by what they are a term of. */
function penalties(backward: Backward): ReadonlyMap<Quantity, readonly Edge[]> {
  const found = new Map<Quantity, Edge[]>();
  const lines = backward.model.params.flatMap((one) => backward.into(one));
  for (const edge of lines) {
    const { from, to } = edge;
    const own = backward.graph.reference(to, fullAxes(to.shape).indices);
    if (!penaltyOf(backward, edge, own)) continue;
    found.set(from, [...(found.get(from) ?? []), edge]);
  }
  return found;
}
