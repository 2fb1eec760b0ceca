/** The largest of several, as max pooling has it, taken for their mean or their sum. */
import type { Definition } from "../../expression/definition.js";
import type { ApplyNode, Expression } from "../../expression/expression.js";
import type { Graph } from "../../expression/graph.js";
import type { Letter } from "../../expression/indices.js";
import { maximum, minimum } from "../../expression/operations/piecewise.js";
import { postorder } from "../../expression/walk.js";
import type { Backward } from "../pass/backward.js";
import { modelText } from "../explanations/words.js";
import { forwardFault } from "./forward-fault.js";
import { faultAt, type Mutant } from "./mutant.js";
import { dependsOnQuantities } from "./variant.js";

/** Every maximum or minimum of a definition as a mean, in equal shares, or as a sum, without its mask. */
export function* sharedMaxima(backward: Backward, definition: Definition): Generator<Mutant> {
  const { graph } = backward;
  const { quantity, clauses } = definition;
  const [first] = postorder(
    clauses.map(({ body }) => body),
    (one: Expression) => one.children,
  ).filter((node) => operandsOf(node) !== undefined);
  if (!first) return;
  const other = (made: (graph: Graph, node: Expression) => Expression | undefined): Definition => ({
    quantity,
    clauses: clauses.map((clause) => ({
      ...clause,
      body: graph.transform(clause.body, (node) => made(graph, node)),
    })),
  });
  const instead = modelText(first);
  const details = { used: "the mean", instead };
  const targets = new Set(backward.outOf(quantity).map(({ to }) => to));
  const [at] = targets.size === 1 ? targets : [];
  const mask = `the mask of the entry that ${instead} takes`;
  yield {
    fault: faultAt(
      at,
      "wrong-function",
      details,
      `computed with the derivative of a mean, equal shares for all, where ${instead} gives everything to one: multiply by ${mask}`,
    ),
    cost: 1.9,
    change: () => backward.changeOf(other(meanOf)),
  };
  yield {
    fault: faultAt(
      at,
      "missing-factor",
      { factor: mask },
      `the right gradient with ${mask} left out: the others get nothing`,
    ),
    cost: 1.6,
    change: () => backward.changeOf(other(sumOf)),
  };
  yield {
    fault: forwardFault(quantity, "wrong-function", details, `means in place of ${instead}`),
    cost: 2.2,
    change: () => backward.redefinition(other(meanOf)),
  };
}

function meanOf(graph: Graph, node: Expression): Expression | undefined {
  const operands = operandsOf(node);
  if (!operands) return undefined;
  const { entries, letters } = operands;
  const counts = [graph.number(entries.length), ...letters.map(({ size }) => graph.size(size))];
  return graph.divide(totalOf(graph, operands), graph.multiply(...counts));
}

function sumOf(graph: Graph, node: Expression): Expression | undefined {
  const operands = operandsOf(node);
  return operands && totalOf(graph, operands);
}

function totalOf(graph: Graph, { letters, entries }: Operands): Expression {
  return graph.sumOver(letters, graph.add(...entries));
}

/** What a maximum or a minimum chooses among: entries, for all values of letters. */
interface Operands {
  readonly letters: readonly Letter[];
  readonly entries: readonly Expression[];
}

/** Undefined for what is no choice among several quantities; max(max(a, b), max(c, d)) has four. */
function operandsOf(node: Expression): Operands | undefined {
  if (node.kind === "reduce" && (node.reduction === "max" || node.reduction === "min")) {
    const letters = [node.letter];
    let { body } = node;
    while (body.kind === "reduce" && body.reduction === node.reduction) {
      letters.push(body.letter);
      ({ body } = body);
    }
    return { letters, entries: [body] };
  }
  if (node.kind !== "apply" || !(node.operation === maximum || node.operation === minimum)) {
    return undefined;
  }
  const entries = leavesOf(node);
  return entries.every(dependsOnQuantities) ? { letters: [], entries } : undefined;
}

function leavesOf(node: ApplyNode): Expression[] {
  return node.children.flatMap((child) =>
    child.kind === "apply" && child.operation === node.operation ? leavesOf(child) : [child],
  );
}
