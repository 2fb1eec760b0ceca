/** Masks of the forward pass, as they choose between two formulas: one formula for all, or exchanged ones. */
import type { Definition } from "../../../expression/definition.js";
import type { Expression } from "../../../expression/expression.js";
import { isMask } from "../../../expression/operations/operation.js";
import { postorder } from "../../../expression/walk.js";
import type { Backward } from "../../pass/backward.js";
import { modelText } from "../../explanations/words.js";
import { forwardFault } from "../forward-fault.js";
import type { Mutant } from "../mutant.js";
import { rewritten } from "../rewritten.js";
import { dependsOnQuantities } from "../variant.js";
import type { Kind } from "../family.js";

/** q·u + (1 − q)·v as u, as v, and as (1 − q)·u + q·v, where q is 0 or 1. */
export const OTHER_BRANCHES: Kind<Definition> = {
  least: 2.1,
  make: ({ backward }, definition) => otherBranches(backward, definition),
};

function* otherBranches(backward: Backward, definition: Definition): Generator<Mutant> {
  const { graph } = backward;
  const { quantity, clauses } = definition;
  const bodies = clauses.map(({ body }) => body);
  const nodes = postorder(bodies, (one: Expression) => one.children);
  const divisors = nodes.flatMap((node) =>
    node.kind === "product"
      ? node.factors.flatMap(({ base, exponent }) => (exponent < 0 ? [base] : []))
      : [],
  );
  // the count of what a mask selects is never taken to be 0
  const counted = new Set(postorder(divisors, (one: Expression) => one.children));
  for (const mask of nodes.filter((node) => isNamedMask(backward, node) && !counted.has(node))) {
    const text = modelText(mask);
    const rewrite = (result: Expression, used: string, what: string, cost: number): Mutant => {
      const other = rewritten(graph, definition, (node) => (node === mask ? result : undefined));
      return {
        fault: forwardFault(quantity, "wrong-function", () => ({ used, instead: text, what })),
        cost,
        change: () => backward.redefinition(other),
      };
    };
    const everywhere = (number: string): string =>
      `${number} for the mask ${text}, the formula of one branch everywhere`;
    yield rewrite(graph.one, "1", everywhere("1"), 2.1);
    yield rewrite(graph.zero, "0", everywhere("0"), 2.1);
    const opposite = graph.subtract(graph.one, mask);
    const used = modelText(opposite);
    yield rewrite(opposite, used, `the branches of ${text} exchanged: ${used} in its place`, 2.1);
  }
}

/** A comparison or a step, or the name of one: 0 or 1, and nothing is differentiated through it. */
function isNamedMask({ definitions }: Backward, node: Expression): boolean {
  if (node.kind !== "reference") return isChoice(node);
  const definition = definitions.find(({ quantity }) => quantity === node.quantity);
  return definition !== undefined && definition.clauses.every(({ body }) => isChoice(body));
}

function isChoice(body: Expression): boolean {
  return body.kind === "apply" && isMask(body.operation) && dependsOnQuantities(body);
}
