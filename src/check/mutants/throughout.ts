/**
 * Mistakes made throughout the forward pass: another activation in all layers, one parameter in place of
 * others wherever they are used. The derivative is right, but of another model, or its lines are right
 * and the numbers in them are not.
 */
import type { Definition } from "../../expression/definition.js";
import type { Expression } from "../../expression/expression.js";
import { operations } from "../../expression/operations/index.js";
import { sameShape } from "../../expression/size.js";
import type { Backward, Change } from "../pass/backward.js";
import { merged, NO_CHANGE } from "../pass/changes.js";
import type { Cause } from "../result.js";
import type { Mutant } from "./mutant.js";

/** The least that such a mistake costs. */
export const LEAST_THROUGHOUT = 2.3;
/** Of more parameters of one shape only all or one are replaced. */
const MOST_COMBINED = 4;

const ACTIVATIONS = [...operations.values()].filter(
  ({ isActivation, operands, defaults = [] }) =>
    isActivation === true && operands.length - defaults.length === 1,
);

type Rewrite = (node: Expression) => Expression | undefined;

/** Another activation for one that several definitions have. */
export function* otherActivations(backward: Backward): Generator<Mutant> {
  const { graph } = backward;
  for (const used of ACTIVATIONS) {
    const defaults = (used.defaults ?? []).map((one) => graph.number(one));
    for (const right of ACTIVATIONS) {
      if (used === right) continue;
      const rewrite: Rewrite = (node) =>
        node.kind === "apply" && node.operation === right
          ? graph.apply(used, node.children[0]!, ...defaults)
          : undefined;
      yield* everywhere(backward, "wrong-function", [used.name, right.name], rewrite);
    }
  }
}

/** One bias for several, one matrix for another in every step. */
export function* otherParameters(backward: Backward): Generator<Mutant> {
  const { graph, model } = backward;
  for (const used of model.params) {
    const alike = model.params.filter(
      (one) => one !== used && sameShape(one.shape, used.shape) && one.shape.length > 0,
    );
    for (const replaced of subsets(alike)) {
      const names = replaced.map(({ name }) => name).join(" and ");
      const rewrite: Rewrite = (node) =>
        node.kind === "reference" && replaced.includes(node.quantity)
          ? graph.reference(used, node.indices)
          : undefined;
      yield* everywhere(backward, "wrong-variable", [used.name, names], rewrite);
    }
  }
}

/** @param names what is used, and what belongs there */
function* everywhere(
  backward: Backward,
  cause: Cause,
  [used, instead]: readonly [string, string],
  rewrite: Rewrite,
): Generator<Mutant> {
  const changed = backward.definitions.flatMap((definition) => {
    const other = rewritten(backward, definition, rewrite);
    return other ? [{ definition, other }] : [];
  });
  // of a single place other families know
  if (changed.length < 2) return;
  const fault = {
    cause,
    used,
    instead,
    say: (claim: string) =>
      `${claim} is the derivative of another forward pass: ${used} stands everywhere in place of ${instead}`,
  };
  const inBoth = changed.map(
    ({ other }) =>
      () =>
        backward.redefinition(other),
  );
  const inForward = changed.map(({ definition, other }) => () => ({
    ...backward.asWritten(definition),
    redefined: [other],
  }));
  yield { fault, cost: LEAST_THROUGHOUT, change: () => together(inBoth) };
  yield { fault, cost: LEAST_THROUGHOUT + 0.1, change: () => together(inForward) };
}

function rewritten(
  { graph }: Backward,
  { quantity, clauses }: Definition,
  rewrite: Rewrite,
): Definition | undefined {
  const other = clauses.map((clause) => ({
    ...clause,
    body: graph.transform(clause.body, rewrite),
  }));
  const isSame = other.every(({ body }, k) => body === clauses[k]!.body);
  return isSame ? undefined : { quantity, clauses: other };
}

/** Changes of different definitions have no line in common. */
function together(changes: readonly (() => Change)[]): Change {
  return changes.reduce((whole, change) => merged(whole, change()) ?? whole, NO_CHANGE);
}

/** Every choice of at least one; of many only single ones and all. */
function subsets<One>(all: readonly One[]): (readonly One[])[] {
  if (all.length > MOST_COMBINED) return [...all.map((one) => [one]), all];
  return all.reduce<(readonly One[])[]>(
    (found, one) => [...found, ...found.map((some) => [...some, one]), [one]],
    [],
  );
}
