/**
 * Mistakes made throughout the forward pass: another activation in all layers, one parameter in place of
 * others wherever they are used. The derivative is right, but of another model, or its lines are right
 * and the numbers in them are not.
 */
import type { Expression } from "../../../expression/expression.js";
import type { Quantity } from "../../../expression/quantity.js";
import { listed } from "../../../language/words.js";
import type { Backward } from "../../pass/backward.js";
import { combined } from "../../pass/changes.js";
import { kindOfEdge } from "../../pass/kinds.js";
import type { Cause } from "../../result.js";
import { forwardFault, inPlaceOf, valuesFault } from "../forward-fault.js";
import type { Mutant, Told } from "../mutant.js";
import { rewritten } from "../rewritten.js";
import { ACTIVATIONS, operandsAt } from "../unary.js";
import type { Kind } from "../family.js";

/** The least that such a mistake costs: a little more than the same in one definition. */
const LEAST_THROUGHOUT = 2.3;
/** Every choice is tried of what an LSTM has: four gates. There are 2ⁿ choices; of more, each and all. */
const MOST_COMBINED = 4;

type Rewrite = (node: Expression) => Expression | undefined;

/** Another activation for one that several definitions have. */
export const OTHER_ACTIVATIONS: Kind<Backward> = {
  least: LEAST_THROUGHOUT,
  make: ({ backward }) => otherActivations(backward),
};

function* otherActivations(backward: Backward): Generator<Mutant> {
  const { graph } = backward;
  for (const used of ACTIVATIONS) {
    for (const right of ACTIVATIONS) {
      if (used === right) continue;
      const rewrite: Rewrite = (node) =>
        node.kind === "apply" && node.operation === right
          ? graph.apply(used, ...operandsAt(graph, used, node.children[0]!))
          : undefined;
      yield* everywhere(backward, "wrong-function", [used.name, right.name], rewrite);
    }
  }
}

/** One bias for several, one matrix for another in every step. */
export const OTHER_PARAMETERS: Kind<Backward> = {
  least: LEAST_THROUGHOUT,
  make: ({ backward }) => otherParameters(backward),
};

export function* otherParameters(backward: Backward): Generator<Mutant> {
  const { graph } = backward;
  for (const alike of alikes(backward)) {
    for (const used of alike) {
      for (const replaced of subsets(alike.filter((one) => one !== used))) {
        const names = listed(replaced.map(({ name }) => name));
        const rewrite: Rewrite = (node) =>
          node.kind === "reference" && replaced.includes(node.quantity)
            ? graph.reference(used, node.indices)
            : undefined;
        yield* everywhere(backward, "wrong-variable", [used.name, names], rewrite);
      }
    }
  }
}

/** Parameters of one shape that are used in the same way. */
function alikes(backward: Backward): Quantity[][] {
  const groups = new Map<string, Quantity[]>();
  for (const parameter of backward.model.params) {
    const kinds = new Set(
      backward
        .into(parameter)
        .map((edge) => kindOfEdge(edge, backward.withNames(edge.clause.body))),
    );
    const key = `${parameter.shape.map((size) => size.toString()).join()} ${[...kinds].sort().join()}`;
    const known = groups.get(key);
    if (known) known.push(parameter);
    else groups.set(key, [parameter]);
  }
  return [...groups.values()].filter(({ length }) => length > 1);
}

/** @param names what is used, and what belongs there */
function* everywhere(
  backward: Backward,
  cause: Cause,
  [used, instead]: readonly [string, string],
  rewrite: Rewrite,
): Generator<Mutant> {
  const others = backward.definitions.toReversed().flatMap((definition) => {
    const other = rewritten(backward.graph, definition, rewrite);
    return other === definition ? [] : [other];
  });
  const [first, ...more] = others.map(({ quantity }) => quantity);
  // of a single place other families know
  if (!first || more.length === 0) return;
  const tell = (): Told => inPlaceOf(used, instead);
  yield {
    fault: forwardFault([first, ...more], cause, tell),
    cost: LEAST_THROUGHOUT,
    change: () => combined(others.map((other) => backward.redefinition(other))),
  };
  yield {
    fault: valuesFault([first, ...more], cause, tell),
    cost: LEAST_THROUGHOUT + 0.1,
    change: () => combined(others.map((other) => backward.redefinitionForward(other))),
  };
}

/** Every choice of at least one; of many only single ones and all. */
function subsets<One>(all: readonly One[]): (readonly One[])[] {
  if (all.length > MOST_COMBINED) return [...all.map((one) => [one]), all];
  return all.reduce<(readonly One[])[]>(
    (found, one) => [...found, ...found.map((some) => [...some, one]), [one]],
    [],
  );
}
