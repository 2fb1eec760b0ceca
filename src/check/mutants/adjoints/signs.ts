/** The wrong sign of a derivative that comes in several lines: that of one line is a mistake of the line. */
import type { Quantity } from "../../../expression/quantity.js";
import type { Backward } from "../../pass/backward.js";
import { heirOf } from "../../pass/users.js";
import type { Kind } from "../family.js";
import type { Mutant } from "../mutant.js";
import { wrongSignAt } from "../signed.js";

const COST = 1.15;
/** Where one step has all the lines, as a softmax's: less than the sign before that step, which makes no difference. */
const BEHIND = 1.08;

export const WRONG_SIGN: Kind<Quantity> = {
  least: COST,
  make: ({ backward }, at) => (isBehind(backward, at) ? [] : wrongSign(backward, at, COST)),
};

export const SIGN_BEHIND: Kind<Quantity> = {
  least: BEHIND,
  make: ({ backward }, at) => (isBehind(backward, at) ? wrongSign(backward, at, BEHIND) : []),
};

function isBehind(backward: Backward, at: Quantity): boolean {
  const [edge] = backward.into(at);
  return edge !== undefined && heirOf(backward, edge.from) === at;
}

function* wrongSign(backward: Backward, at: Quantity, cost: number): Generator<Mutant> {
  const { graph } = backward;
  const into = backward.into(at);
  if (into.length < 2) return;
  yield {
    fault: wrongSignAt(at),
    cost,
    change: () => ({
      removed: new Set(into),
      added: into.map((edge) => {
        const body = graph.negate(edge.clause.body);
        return { ...edge, clause: { ...edge.clause, body } };
      }),
    }),
  };
}
