/** Derivatives assigned where they should be added to, wherever a quantity is used more than once. */
import type { Backward, Edge } from "../../pass/backward.js";
import { faultAt, type Mutant } from "../mutant.js";
import type { Kind } from "../family.js";

/**
 * `self.grad = …` for `self.grad += …`: of each quantity's derivative only what its last use gives it,
 * or its first, as the order of the pass happens to be. A single quantity's paths are left out elsewhere.
 */
export const ASSIGNED_DERIVATIVES: Kind<Backward> = {
  least: 1.65,
  make: ({ backward }) => assignedDerivatives(backward),
};

function* assignedDerivatives(backward: Backward): Generator<Mutant> {
  const shared = backward.order
    .map((quantity) => backward.into(quantity))
    .filter((into) => sourcesOf(into).length > 1);
  if (shared.length < 2) return;
  for (const position of [0, -1]) {
    const kept = new Map(shared.map((into) => [into, sourcesOf(into).at(position)]));
    const lost = shared.flatMap((into) => into.filter(({ from }) => from !== kept.get(into)));
    yield {
      fault: faultAt(undefined, "missing-term", () => {
        const term = `the paths through ${names(lost)}`;
        const only = names(shared.flatMap((into) => into.filter((edge) => !lost.includes(edge))));
        return {
          term,
          what: `computed with = where += belongs: of a quantity that is used several times only the path through ${only} is kept; add ${term}`,
        };
      }),
      cost: 1.65,
      change: () => ({ removed: new Set(lost), added: [] }),
    };
  }
}

function sourcesOf(edges: readonly Edge[]): Edge["from"][] {
  return [...new Set(edges.map(({ from }) => from))];
}

function names(edges: readonly Edge[]): string {
  return sourcesOf(edges)
    .map(({ name }) => name)
    .join(", ");
}
