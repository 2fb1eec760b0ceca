/** Functions of one operand, which are taken for one another. */
import type { Expression } from "../../expression/expression.js";
import type { Graph } from "../../expression/graph.js";
import { operations } from "../../expression/operations/index.js";
import type { Operation } from "../../expression/operations/operation.js";

/** Whether all operands but the first have defaults, such as the slope of leakyrelu. */
export function isUnary({ operands, defaults = [] }: Operation): boolean {
  return operands.length - defaults.length === 1;
}

/** The operands of a unary operation at `x`, the others as they are by default. */
export function operandsAt(
  graph: Graph,
  { defaults = [] }: Operation,
  x: Expression,
): readonly Expression[] {
  return [x, ...defaults.map((text) => graph.number(text))];
}

export const ACTIVATIONS: readonly Operation[] = [...operations.values()].filter(
  (operation) => operation.isActivation === true && isUnary(operation),
);
