/** Two of the contributions to a parameter's derivative left out, as all that one step of several has to add. */
import type { Quantity } from "../../../expression/quantity.js";
import { Loops } from "../../pass/loops.js";
import type { Backward, Edge } from "../../pass/backward.js";
import type { Fault } from "../../explanations/hypothesis.js";
import { lineText } from "../lines/line-text.js";
import { faultAt, type Mutant } from "../mutant.js";
import type { Kind } from "../family.js";

const COST = 2.1;
/** Of fewer contributions one alone would be left; more are those of a loop rather. */
const LEAST_INTO = 3;
const MOST_INTO = 6;

export const TWO_TERMS_LEFT_OUT: Kind<Quantity> = {
  least: COST,
  make: ({ backward }, quantity) => twoTermsLeftOut(backward, quantity),
};

function* twoTermsLeftOut(backward: Backward, quantity: Quantity): Generator<Mutant> {
  const into = backward.into(quantity);
  const { length } = into;
  if (quantity.role !== "parameter" || length < LEAST_INTO || length > MOST_INTO) return;
  const loops = Loops.of(backward);
  if (into.every((edge) => loops.placeOfEdge(edge))) return;
  for (const [k, one] of into.entries()) {
    for (const other of into.slice(k + 1)) {
      const slips = [one, other].map((edge) => ({
        fault: leftOut(backward, edge),
        cost: COST,
        change: () => ({ removed: new Set([edge]), added: [] }),
      }));
      yield {
        fault: slips[0]!.fault,
        second: slips[1]!.fault,
        slips,
        cost: COST,
        change: () => ({ removed: new Set([one, other]), added: [] }),
      };
    }
  }
}

function leftOut(backward: Backward, edge: Edge): Fault {
  return faultAt(edge.to, "missing-term", () => {
    const term = lineText(backward, edge);
    return { term, what: `the right gradient with one term left out: add ${term}` };
  });
}
