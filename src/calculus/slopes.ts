/** Derivatives in which the slopes of activations stand as signs: 2(σ(u) − t) σ′(u). */
import type { Definition } from "../expression/definition.js";
import type { Expression } from "../expression/expression.js";
import { slopeOf } from "../expression/operations/slope.js";
import { postorder } from "../expression/walk.js";
import { type LocalRule, partials } from "./occurrences.js";

/** As derivatives are taken, activations of one operand left as they are. */
export const slopeRule: LocalRule = (graph, node) => {
  if (!isActivation(node)) return partials(graph, node);
  const [operand] = node.children;
  return [[operand!, graph.apply(slopeOf(node.operation), operand!)]];
};

/** Whether an activation of one operand stands in a definition. */
export function hasActivation({ clauses }: Definition): boolean {
  const bodies = clauses.map(({ body }) => body);
  return postorder(bodies, (one: Expression) => one.children).some(isActivation);
}

/** Whether a definition is nothing but the activation of a quantity. */
export function isActivationOf({ clauses: [only, ...others] }: Definition): boolean {
  return (
    only !== undefined &&
    others.length === 0 &&
    isActivation(only.body) &&
    only.body.children[0]!.kind === "reference"
  );
}

/** Whether an expression is an activation of one operand. */
export function isActivation(node: Expression): node is Extract<Expression, { kind: "apply" }> {
  return (
    node.kind === "apply" && node.operation.isActivation === true && node.children.length === 1
  );
}
