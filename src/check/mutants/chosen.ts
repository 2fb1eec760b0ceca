/** Sums over all classes of which only the chosen one's term is taken, as an entropy of the action taken. */
import type { Definition } from "../../expression/definition.js";
import type { Expression, ReduceNode } from "../../expression/expression.js";
import type { Quantity } from "../../expression/quantity.js";
import { sameShape } from "../../expression/size.js";
import { postorder, references } from "../../expression/walk.js";
import type { Backward } from "../pass/backward.js";
import { modelText } from "../explanations/words.js";
import { forwardFault } from "./forward-fault.js";
import type { Mutant } from "./mutant.js";

/** Σ y·u for Σ u, y being one-hot and of the shape of what is added up. */
export function* chosenTerms(backward: Backward, definition: Definition): Generator<Mutant> {
  const { graph, model } = backward;
  const { quantity, clauses } = definition;
  const bodies = clauses.map(({ body }) => body);
  const sums = postorder(bodies, (one: Expression) => one.children).filter(isInnerSum);
  for (const sum of sums) {
    for (const chooser of [...model.inputs, ...model.targets]) {
      const chosen = along(sum, chooser);
      if (!chosen) continue;
      const term = modelText(sum.body);
      const selected = graph.multiply(graph.reference(chooser, chosen), sum.body);
      const part = graph.reduce("sum", sum.letter, selected);
      const other = clauses.map((clause) => ({
        ...clause,
        body: graph.transform(clause.body, (node) => (node === sum ? part : undefined)),
      }));
      yield {
        fault: forwardFault(
          quantity,
          "missing-term",
          { term: `${term} where ${chooser.name} is 0` },
          `the sum of ${term} without the terms where ${chooser.name} is 0: add up all of them`,
        ),
        cost: 2.3,
        change: () => backward.redefinition({ quantity, clauses: other }),
      };
    }
  }
}

function isInnerSum(node: Expression): node is ReduceNode {
  return node.kind === "reduce" && node.reduction === "sum" && node.body.kind !== "reduce";
}

/** The indices at which a quantity stands beside what is added up; undefined where it has no place there. */
function along({ body, letter }: ReduceNode, chooser: Quantity) {
  const all = references([body]);
  if (all.some(({ quantity }) => quantity === chooser)) return undefined;
  return all.find(
    ({ quantity, free }) =>
      sameShape(quantity.shape, chooser.shape) && free.some(({ key }) => key === letter.key),
  )?.indices;
}
