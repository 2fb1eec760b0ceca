/** What functions are applied to where a model gives it no name: a program has one for z in h = tanh(W*x + b). */
import type { ApplyNode, Expression } from "../../expression/expression.js";
import { exponential } from "../../expression/operations/smooth.js";
import type { Graph } from "../../expression/graph.js";
import type { Index } from "../../expression/indices.js";
import type { Quantity } from "../../expression/quantity.js";
import { references } from "../../expression/walk.js";
import type { Backward } from "./backward.js";

/** A function that a definition is as a whole, of an operand without a name. */
export interface Applied {
  /** For an entry of what is defined. */
  readonly node: ApplyNode;
  /** Of a softmax, what it is taken of. */
  readonly operand: Expression;
}

/** An entry of a quantity as a function of what has no name; undefined where it is none. */
export function appliedAt(
  backward: Backward,
  quantity: Quantity,
  indices: readonly Index[],
): Applied | undefined {
  const node = backward.bodyAt(quantity, indices);
  if (node?.kind !== "apply") return undefined;
  const [child, ...further] = node.children;
  if (!child || references(further).length > 0) return undefined;
  const operand = node.operation === exponential ? beforeSoftmax(backward.graph, child) : child;
  return operand.kind === "reference" || references([operand]).length === 0
    ? undefined
    : { node, operand };
}

/** z for z − logsumexp(z), the logarithm of a softmax. */
function beforeSoftmax(graph: Graph, exponent: Expression): Expression {
  if (exponent.kind !== "sum") return exponent;
  const normaliser = exponent.terms.find(
    ({ coefficient, term }) =>
      coefficient.equals(-1) && term.kind === "reduce" && term.reduction === "logsumexp",
  );
  return normaliser ? graph.add(exponent, normaliser.term) : exponent;
}
