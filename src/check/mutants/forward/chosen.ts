/** Choices among classes and actions: only the chosen one's term where all belong, or all for the chosen one. */
import type { Definition } from "../../../expression/definition.js";
import type { Expression, ReduceNode, ReferenceNode } from "../../../expression/expression.js";
import type { Quantity } from "../../../expression/quantity.js";
import { sameShape } from "../../../expression/size.js";
import { postorder, references } from "../../../expression/walk.js";
import type { Backward, Edge } from "../../pass/backward.js";
import { modelText } from "../../explanations/words.js";
import { forwardFault } from "../forward-fault.js";
import { faultAt, instead, type Mutant } from "../mutant.js";
import { rewritten } from "../rewritten.js";
import type { Kind } from "../family.js";

/** Σ y·u for Σ u, y being one-hot and of the shape of what is added up. */
export const CHOSEN_TERMS: Kind<Definition> = {
  least: 2.3,
  make: ({ backward }, definition) => chosenTerms(backward, definition),
};

function* chosenTerms(backward: Backward, definition: Definition): Generator<Mutant> {
  const { graph, model } = backward;
  const { quantity, clauses } = definition;
  const bodies = clauses.map(({ body }) => body);
  const sums = postorder(bodies, (one: Expression) => one.children).filter(isInnerSum);
  for (const sum of sums) {
    for (const chooser of [...model.inputs, ...model.targets]) {
      const chosen = along(sum, chooser);
      if (!chosen) continue;
      const selected = graph.multiply(graph.reference(chooser, chosen), sum.body);
      const part = graph.reduce("sum", sum.letter, selected);
      const other = rewritten(graph, definition, (node) => (node === sum ? part : undefined));
      yield {
        fault: forwardFault(quantity, "missing-term", () => {
          const term = modelText(sum.body);
          return {
            term: `${term} where ${chooser.name} is 0`,
            what: `the sum of ${term} without the terms where ${chooser.name} is 0: add up all of them`,
          };
        }),
        cost: 2.3,
        change: () => backward.redefinition(other),
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

/**
 * The derivative of the chosen entry given to every entry as if each were the chosen one: Σ y·q left out,
 * so that all outputs are compared with the target of one action.
 */
export const UNCHOSEN: Kind<Edge> = {
  least: 2.1,
  make: ({ backward }, edge) => unchosen(backward, edge),
};

function* unchosen(backward: Backward, edge: Edge): Generator<Mutant> {
  const { graph, model } = backward;
  const { from, to, clause } = edge;
  const adjoint = backward.adjointOf(from);
  const [selector, other] = references([clause.body]).filter(
    ({ quantity }) => quantity !== adjoint,
  );
  const isGiven = [...model.inputs, ...model.targets].some((one) => one === selector?.quantity);
  if (!selector || other || !isGiven || selector.indices.length !== to.shape.length) return;
  const incoming = references([clause.body]).find(({ quantity }) => quantity === adjoint);
  if (!incoming || to.shape.length !== from.shape.length + 1) return;
  const own = graph.reference(to, clause.indices);
  const all = inTermsOf(backward, incoming, from, MOST_STEPS);
  const chosen = graph.reference(from, incoming.indices);
  const each = graph.transform(all, (node) => (node === chosen ? own : undefined));
  yield {
    fault: faultAt(to, "missing-factor", () => {
      const text = modelText(selector);
      return {
        factor: text,
        what: `computed without ${text}, as if every entry of ${to.name} were ${from.name}: multiply by ${text}`,
      };
    }),
    cost: 2.1,
    change: () => instead(edge, each),
  };
}

/** Lines of the pass, and definitions, that are written out to find what depends on a quantity. */
const MOST_STEPS = 3;

/** A derivative with what it is computed from in its place, as long as a quantity does not show in it. */
function inTermsOf(
  backward: Backward,
  node: ReferenceNode,
  quantity: Quantity,
  steps: number,
): Expression {
  if (steps === 0 || node.quantity === quantity) return node;
  const { of } = node.quantity;
  const written = of
    ? backward.lastLine(of, node.indices)
    : backward.bodyAt(node.quantity, node.indices);
  if (!written) return node;
  return backward.graph.transform(written, (one) => {
    if (one.kind !== "reference" || !mayLead(backward, one, quantity)) return undefined;
    return inTermsOf(backward, one, quantity, steps - 1);
  });
}

/** Whether a quantity is computed from another one; a derivative may always be. */
function mayLead(backward: Backward, { quantity }: ReferenceNode, from: Quantity): boolean {
  if (quantity.of || quantity === from) return quantity.of !== undefined;
  return backward.outOf(quantity).some(({ to }) => to === from);
}
