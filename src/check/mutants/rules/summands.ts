/** Terms of a definition whose derivatives are left out, or have the wrong sign. */
import type { Definition } from "../../../expression/definition.js";
import type { SumNode } from "../../../expression/expression.js";
import type { Backward } from "../../pass/backward.js";
import { modelText } from "../../explanations/words.js";
import type { Mutant } from "../mutant.js";
import { dependsOnQuantities, mutantOf } from "../variant.js";

export function* summandMutants(
  backward: Backward,
  definition: Definition,
  node: SumNode,
): Generator<Mutant> {
  const { graph } = backward;
  if (node.terms.length < 2) return;
  const { name } = definition.quantity;
  for (const { coefficient, term } of node.terms) {
    if (!dependsOnQuantities(term)) continue;
    const text = modelText(graph.scale(coefficient, term));
    yield mutantOf(backward, definition, node, term, {
      partial: graph.zero,
      cause: "missing-term",
      details: { term: text },
      what: `computed without the term ${text} of ${name}: add its derivative`,
      cost: 1.8,
    });
    yield mutantOf(backward, definition, node, term, {
      partial: graph.number(coefficient.neg()),
      cause: "sign",
      details: { term: text },
      what: `computed with the wrong sign for the term ${text} of ${name}`,
      cost: 1.8,
    });
  }
}
