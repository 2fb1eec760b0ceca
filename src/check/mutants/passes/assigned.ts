/** Derivatives assigned where they should be added to, wherever a quantity is used more than once. */
import type { Quantity } from "../../../expression/quantity.js";
import { listed } from "../../../language/words.js";
import type { Backward, Edge } from "../../pass/backward.js";
import { adjointName } from "../../explanations/words.js";
import type { Mutant } from "../mutant.js";
import type { Kind } from "../family.js";

/** More than quantities through which nothing is passed back, and paths to one of them that are left out. */
const COST = 1.9;
/** Derivatives that are told one by one. */
const MOST_TOLD = 3;

/**
 * `self.grad = …` for `self.grad += …`: of each quantity's derivative only what its last use gives it,
 * or its first, as the order of the pass happens to be. A single quantity's paths are left out elsewhere.
 */
export const ASSIGNED_DERIVATIVES: Kind<Backward> = {
  least: COST,
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
      fault: {
        cause: "missing-term",
        details: () => ({ term: `the paths through ${namesOf(sourcesOf(lost))}` }),
        say: (claim) => {
          const parts = concerning(backward, shared, claim).map((into) =>
            partText(into, kept.get(into)!),
          );
          const told = parts.length > MOST_TOLD ? [...parts.slice(0, MOST_TOLD), "…"] : parts;
          return `${claim} is computed with = where += belongs, wherever a quantity is used several times: ${told.join("; ")}`;
        },
      },
      cost: COST,
      change: () => ({ removed: new Set(lost), added: [] }),
    };
  }
}

/** Those of the lines that a claim is computed from, the nearest first. */
function concerning(
  backward: Backward,
  shared: readonly (readonly Edge[])[],
  claim: string,
): readonly (readonly Edge[])[] {
  const claimed = backward.order.find((one) => adjointName(one) === claim);
  const leading = claimed && backward.leadingTo(new Set([claimed]));
  return shared.filter(([edge]) => leading?.has(edge!.to) ?? true).toReversed();
}

/** `dh is only what comes through u: add the paths through v and w`. */
function partText(into: readonly Edge[], kept: Quantity): string {
  const others = sourcesOf(into).filter((one) => one !== kept);
  const paths = others.length > 1 ? "paths" : "path";
  return `${adjointName(into[0]!.to)} is only what comes through ${kept.name}, add the ${paths} through ${namesOf(others)}`;
}

function sourcesOf(edges: readonly Edge[]): Quantity[] {
  return [...new Set(edges.map(({ from }) => from))];
}

function namesOf(quantities: readonly Quantity[]): string {
  return listed(quantities.map(({ name }) => name));
}
