/** Norms for their squares, and squares for norms: distances, lengths, penalties. */
import type { Definition } from "../../expression/definition.js";
import type { Expression } from "../../expression/expression.js";
import type { Graph } from "../../expression/graph.js";
import { squareRoot } from "../../expression/operations/smooth.js";
import { postorder } from "../../expression/walk.js";
import type { Backward } from "../pass/backward.js";
import { combined } from "../pass/changes.js";
import { modelText } from "../explanations/words.js";
import { forwardFault } from "./forward-fault.js";
import type { Mutant } from "./mutant.js";

/** What stands in place of a node; undefined where it is of another kind. */
type Made = (graph: Graph, node: Expression) => Expression | undefined;

/** √(Σ u²), or 2·√(Σ u²) as the half of the square is a norm, for Σ u²; Σ u² for √(Σ u²). */
const CONFUSIONS: readonly Made[] = [
  normOf,
  (graph, node) => {
    const norm = normOf(graph, node);
    return norm && graph.multiply(graph.number(2), norm);
  },
  squareOf,
];

/** In each definition alone, and in all that have such sums. */
export function* mistakenNorms(backward: Backward): Generator<Mutant> {
  const { graph, definitions } = backward;
  for (const made of CONFUSIONS) {
    const others = definitions.flatMap((definition): Confusion[] => {
      const { quantity, clauses } = definition;
      const nodes = postorder(
        clauses.map(({ body }) => body),
        (one: Expression) => one.children,
      );
      // of a sum over rows and columns the outer one
      const node = nodes.findLast((one) => made(graph, one) !== undefined);
      const result = node && made(graph, node);
      if (!node || !result) return [];
      const replaced = clauses.map((clause) => ({
        ...clause,
        body: graph.transform(clause.body, (one) => (one === node ? result : undefined)),
      }));
      return [{ other: { quantity, clauses: replaced }, node, result }];
    });
    const groups = others.length > 1 ? [...others.map((one) => [one]), others] : [others];
    for (const group of groups) {
      const [first] = group;
      if (!first) continue;
      const [used, instead] = [modelText(first.result), modelText(first.node)];
      yield {
        fault: forwardFault(
          first.other.quantity,
          "wrong-function",
          { used, instead },
          `${used} in place of ${instead}`,
        ),
        cost: group.length > 1 ? 2.35 : 2.25,
        change: () => combined(group.map(({ other }) => backward.redefinition(other))),
      };
    }
  }
}

/** A definition with something else in place of a node. */
interface Confusion {
  readonly other: Definition;
  readonly node: Expression;
  readonly result: Expression;
}

function normOf(graph: Graph, node: Expression): Expression | undefined {
  return isSumOfSquares(node) ? graph.apply(squareRoot, node) : undefined;
}

function squareOf(_: Graph, node: Expression): Expression | undefined {
  if (node.kind !== "apply" || node.operation !== squareRoot) return undefined;
  const [square] = node.children;
  return square && isSumOfSquares(square) ? square : undefined;
}

function isSumOfSquares(node: Expression): boolean {
  if (node.kind !== "reduce" || node.reduction !== "sum") return false;
  const { body } = node;
  if (body.kind === "reduce") return isSumOfSquares(body);
  return body.kind === "product" && body.factors.every(({ exponent }) => exponent === 2);
}
