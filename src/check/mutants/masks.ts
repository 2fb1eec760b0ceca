/** A function made of several pieces, such as a clip: its masks are forgotten together. */
import { type LocalRule, partials } from "../../calculus/occurrences.js";
import type { Definition } from "../../expression/definition.js";
import type { Expression } from "../../expression/expression.js";
import { isZero } from "../../expression/predicates.js";
import { postorder } from "../../expression/walk.js";
import type { Backward } from "../backward.js";
import { faultAt, type Mutant } from "./mutant.js";
import { dependsOnQuantities } from "./variant.js";

/** min(max(u, 0), 1) differentiated as if it were u everywhere. */
export function* forgottenMasks(backward: Backward, definition: Definition): Generator<Mutant> {
  const bodies = definition.clauses.map(({ body }) => body);
  const pieces = new Set(
    postorder(bodies, (one: Expression) => one.children).filter(
      (node) => node.kind === "apply" && node.operation.kinks && dependsOnQuantities(node),
    ),
  );
  if (pieces.size < 2) return;
  const rule: LocalRule = (graph, node) =>
    partials(graph, node).map(([child, partial]) => {
      const isMasked = pieces.has(node) && dependsOnQuantities(child) && !isZero(partial);
      return [child, isMasked ? graph.one : partial];
    });
  const [to, ...others] = new Set(backward.outOf(definition.quantity).map((edge) => edge.to));
  const at = others.length === 0 ? to : undefined;
  const { name } = definition.quantity;
  const factor = at ? `the mask of d${name}/d${at.name}` : `the mask of ${name}`;
  yield {
    fault: faultAt(
      at,
      "missing-factor",
      { factor },
      `the right gradient with ${factor} left out: where ${name} is constant, its derivative is 0`,
    ),
    cost: 1.6,
    change: () => backward.changeOf(definition, rule),
  };
}
