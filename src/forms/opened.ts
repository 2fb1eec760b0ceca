/** The line before a derivative has its own name in it, a(1 − a), or a σ: σ(z)(1 − σ(z)), eᵘ/(1 + eᵘ). */
import { hasLogistic, hasSigmoid } from "../calculus/logistic.js";
import { CONTENT } from "../expression/contents.js";
import { type Definition, fullBody } from "../expression/definition.js";
import type { Expression } from "../expression/expression.js";
import type { Graph } from "../expression/graph.js";
import { atIndices } from "./route.js";

/**
 * @param plain the derivative as it is taken
 * @param written the same as it is written, with names
 * @param named gives names
 * @returns undefined where nothing stands between
 */
export function openedPartial(
  graph: Graph,
  definition: Definition,
  { plain, written }: { readonly plain: Expression; readonly written: Expression },
  named: (expression: Expression) => Expression,
): Expression | undefined {
  const opened = withFunction(graph, definition, written);
  if (opened) return opened;
  return hasLogistic(graph, plain) && hasSigmoid(written) ? named(plain) : undefined;
}

/** A derivative of a quantity that is a function of something, with the function in place of the quantity. */
function withFunction(
  graph: Graph,
  { quantity, clauses }: Definition,
  derivative: Expression,
): Expression | undefined {
  const body = fullBody(quantity.shape, clauses);
  if (body?.kind !== "apply") return undefined;
  const put = (node: Expression): Expression | undefined =>
    node.kind === "reference" && node.quantity === quantity
      ? atIndices(graph, quantity, body, node.indices)
      : undefined;
  const opened = graph.transform(derivative, put, CONTENT.reference);
  return opened === derivative ? undefined : opened;
}
