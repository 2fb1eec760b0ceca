/** Parts of the forward pass taken as constants: nothing is passed back through them. */
import { partials } from "../../../calculus/occurrences.js";
import type { Definition } from "../../../expression/definition.js";
import type { Expression } from "../../../expression/expression.js";
import { isZero } from "../../../expression/predicates.js";
import type { Quantity } from "../../../expression/quantity.js";
import { postorder } from "../../../expression/walk.js";
import { listed } from "../../../language/words.js";
import type { Backward } from "../../pass/backward.js";
import { modelText } from "../../explanations/words.js";
import { faultAt, type Mutant } from "../mutant.js";
import { dependsOnQuantities, mutantOf } from "../variant.js";
import type { Kind } from "../family.js";

/**
 * Every part of a definition that has no name, as a constant: a denominator, a maximum that is
 * subtracted. Terms of sums and named quantities are left out elsewhere.
 */
export const STOPPED_PARTS: Kind<Definition> = {
  least: 1.85,
  make: ({ backward }, definition) => stoppedParts(backward, definition),
};

function* stoppedParts(backward: Backward, definition: Definition): Generator<Mutant> {
  const { graph } = backward;
  const bodies = definition.clauses.map(({ body }) => body);
  const seen = new Set<Expression>();
  for (const node of postorder(bodies, (one: Expression) => one.children)) {
    if (node.kind === "sum") continue;
    const operands = partials(graph, node).filter(([, partial]) => !isZero(partial));
    for (const [child] of operands) {
      if (operands.length < 2 && node.kind !== "product") continue;
      if (child.kind === "reference" || seen.has(child) || !dependsOnQuantities(child)) continue;
      seen.add(child);
      const { name } = definition.quantity;
      yield mutantOf(backward, definition, node, child, {
        partial: graph.zero,
        cause: "missing-term",
        tell: () => {
          const text = modelText(child);
          return {
            term: `the path through ${text}`,
            what: `computed as if ${text} in ${name} were a constant: add the path through it`,
          };
        },
        cost: 1.85,
      });
    }
  }
}

/** A quantity with several uses, or several origins of the same use, as a constant. */
export const STOPPED_QUANTITY: Kind<Quantity> = {
  least: 1.85,
  make: ({ backward }, quantity) => stoppedQuantity(backward, quantity),
};

function* stoppedQuantity(backward: Backward, quantity: Quantity): Generator<Mutant> {
  const out = backward.outOf(quantity);
  const targets = new Set(out.map(({ to }) => to));
  if (targets.size < 2 || quantity === backward.model.loss) return;
  const hasOthers = [...targets].some((to) =>
    backward.into(to).some(({ from }) => from !== quantity),
  );
  if (!hasOthers) return;
  const { name } = quantity;
  const names = (): string =>
    listed([...targets].filter((to) => !backward.isData(to)).map((to) => to.name));
  yield {
    fault: faultAt(undefined, "missing-term", () => ({
      term: `the paths through ${name}`,
      what: `computed as if ${name} were a constant: it depends on ${names()}; add the paths through ${name}`,
    })),
    cost: 1.85,
    change: () => ({ removed: new Set(out), added: [] }),
  };
}
