/** The value of a quantity in place of its adjoint: `out` where `out.grad` belongs. */
import { fullAxes } from "../../../expression/definition.js";
import type { Quantity } from "../../../expression/quantity.js";
import { adjointName } from "../../explanations/words.js";
import type { Backward } from "../../pass/backward.js";
import type { Kind } from "../family.js";
import { faultAt, type Mutant } from "../mutant.js";

export const VALUE_FOR_ADJOINT: Kind<Quantity> = {
  least: 1.95,
  make: ({ backward }, quantity) => [valueForAdjoint(backward, quantity)],
};

function valueForAdjoint(backward: Backward, at: Quantity): Mutant {
  return {
    fault: faultAt(at, "wrong-variable", () => {
      const right = adjointName(at);
      const what = `taken to be ${at.name}, the value for the derivative: put ${right} in its place`;
      return { used: at.name, instead: right, what };
    }),
    cost: 1.95,
    change: () => {
      const axes = fullAxes(at.shape);
      const clause = { ...axes, body: backward.graph.reference(at, axes.indices) };
      return { removed: new Set(backward.into(at)), added: [{ from: at, to: at, clause }] };
    },
  };
}
