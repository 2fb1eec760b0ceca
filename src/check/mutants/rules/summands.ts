/** Terms of a definition whose derivatives are left out, or have the wrong sign. */
import type { Definition } from "../../../expression/definition.js";
import type { SumNode } from "../../../expression/expression.js";
import type { Backward } from "../../pass/backward.js";
import { modelText } from "../../explanations/words.js";
import type { Mutant, Told } from "../mutant.js";
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
    const tell = (what: (term: string) => string) => (): Told => {
      const text = modelText(graph.scale(coefficient, term));
      return { term: text, what: what(`the term ${text} of ${name}`) };
    };
    yield mutantOf(backward, definition, node, term, {
      partial: graph.zero,
      cause: "missing-term",
      tell: tell((part) => `computed without ${part}: add its derivative`),
      cost: 1.8,
    });
    yield mutantOf(backward, definition, node, term, {
      partial: graph.number(coefficient.neg()),
      cause: "sign",
      tell: tell((part) => `computed with the wrong sign for ${part}`),
      cost: 1.8,
    });
  }
}
