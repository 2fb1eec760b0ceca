/** A statement computed otherwise than the model has it: in both passes, or in one of them. */
import type { Definition } from "../../../expression/definition.js";
import type { Backward, Change } from "../../pass/backward.js";
import type { Cause } from "../../result.js";
import { forwardFault, valuesFault } from "../forward-fault.js";
import { faultAt, type Mutant, type Told } from "../mutant.js";

interface Slip {
  readonly cause: Cause;
  /** `z in place of 1 - z` */
  readonly tell: () => Told;
  readonly cost: number;
}

/** What it costs that the lines of the one pass are not those of the other. */
const FORWARD_ALONE = 0.05;

/**
 * The three ways in which a statement goes wrong: the derivative is right, of another forward pass; the lines of
 * the backward pass are right, and the numbers in them are not; the forward pass is right.
 * @param other what stands in place of `definition`
 */
export function* inPasses(
  backward: Backward,
  definition: Definition,
  other: Definition,
  { cause, tell, cost }: Slip,
): Generator<Mutant> {
  const { quantity } = definition;
  yield {
    fault: forwardFault(quantity, cause, tell),
    cost,
    change: () => backward.redefinition(other),
  };
  yield {
    fault: valuesFault(quantity, cause, tell),
    cost: cost + FORWARD_ALONE,
    change: () => backward.redefinitionForward(other),
  };
  const reached = backward.outOf(quantity).filter(({ to }) => to.role === "definition");
  const fault = faultAt(undefined, cause, () => {
    const told = tell();
    const what = `computed with the step back through ${quantity.name} as if that had ${told.what}`;
    return { ...told, what };
  });
  yield {
    fault: { ...fault, firstIn: [...new Set(reached.map(({ to }) => to.name))] },
    cost,
    change: () => withValuesOf(backward, other),
  };
}

/** The derivative of another definition, with the value that the forward pass has: 1 − c² for 1 − tanh(…)². */
function withValuesOf(backward: Backward, other: Definition): Change {
  const { graph } = backward;
  const change = backward.changeOf(other);
  const values = new Map(
    other.clauses.map(({ body, indices }) => [body, graph.reference(other.quantity, indices)]),
  );
  const added = change.added.map((edge) => {
    const body = graph.transform(edge.clause.body, (node) => values.get(node));
    return { ...edge, clause: { ...edge.clause, body } };
  });
  return { ...change, added };
}
