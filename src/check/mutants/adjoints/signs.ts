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
  least: BEHIND,
  make: ({ backward }, quantity) => wrongSign(backward, quantity),
};

function* wrongSign(backward: Backward, at: Quantity): Generator<Mutant> {
  const { graph } = backward;
  const into = backward.into(at);
  if (into.length < 2) return;
  const isBehind = heirOf(backward, into[0]!.from) === at;
  yield {
    fault: wrongSignAt(at),
    cost: isBehind ? BEHIND : COST,
    change: () => ({
      removed: new Set(into),
      added: into.map((edge) => {
        const body = graph.negate(edge.clause.body);
        return { ...edge, clause: { ...edge.clause, body } };
      }),
    }),
  };
}
