/** The largest of several, as max pooling has it, taken for their mean. */
import { type Clause, type Definition } from "../../expression/definition.js";
import type { ApplyNode, Expression } from "../../expression/expression.js";
import type { Graph } from "../../expression/graph.js";
import { maximum, minimum } from "../../expression/operations/piecewise.js";
import { postorder } from "../../expression/walk.js";
import type { Backward } from "../backward.js";
import { modelText } from "../words.js";
import { forwardFault } from "./forward-fault.js";
import { faultAt, type Mutant } from "./mutant.js";
import { dependsOnQuantities } from "./variant.js";

/** Every maximum or minimum of a definition as a mean: its adjoint handed out in equal shares. */
export function* equalShares(backward: Backward, definition: Definition): Generator<Mutant> {
  const { graph } = backward;
  const { quantity, clauses } = definition;
  const [first] = postorder(
    clauses.map(({ body }) => body),
    (one: Expression) => one.children,
  ).filter((node) => meanOf(graph, node) !== undefined);
  if (!first) return;
  const averaged = (clause: Clause): Clause => ({
    ...clause,
    body: graph.transform(clause.body, (node) => meanOf(graph, node)),
  });
  const other = { quantity, clauses: clauses.map(averaged) };
  const instead = modelText(first);
  const details = { used: "the mean", instead };
  const targets = new Set(backward.outOf(quantity).map(({ to }) => to));
  const [at] = targets.size === 1 ? targets : [];
  yield {
    fault: faultAt(
      at,
      "wrong-function",
      details,
      `computed with the derivative of a mean, equal shares for all, where ${instead} gives everything to one: multiply by the mask of the entry that is taken`,
    ),
    cost: 1.9,
    change: () => backward.changeOf(other),
  };
  yield {
    fault: forwardFault(quantity, "wrong-function", details, `means in place of ${instead}`),
    cost: 2.2,
    change: () => backward.redefinition(other),
  };
}

/** Undefined for what is no choice among several quantities. */
function meanOf(graph: Graph, node: Expression): Expression | undefined {
  if (node.kind === "reduce" && (node.reduction === "max" || node.reduction === "min")) {
    const { letter, body } = node;
    const inner = meanOf(graph, body) ?? body;
    return graph.divide(graph.sum(letter, inner), graph.size(letter.size));
  }
  if (node.kind !== "apply" || !(node.operation === maximum || node.operation === minimum)) {
    return undefined;
  }
  const all = operandsOf(node);
  if (!all.every(dependsOnQuantities)) return undefined;
  return graph.divide(graph.add(...all), graph.number(all.length));
}

/** max(max(a, b), max(c, d)) has four. */
function operandsOf(node: ApplyNode): Expression[] {
  return node.children.flatMap((child) =>
    child.kind === "apply" && child.operation === node.operation ? operandsOf(child) : [child],
  );
}
