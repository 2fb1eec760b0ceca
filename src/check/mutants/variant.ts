/** Mutants that give one node of a definition another local derivative. */
import { type LocalRule, partials } from "../../calculus/occurrences.js";
import type { Definition } from "../../expression/definition.js";
import type { Expression } from "../../expression/expression.js";
import { references } from "../../expression/walk.js";
import type { Backward } from "../backward.js";
import type { Cause, FaultDetails } from "../result.js";
import { faultAt, type Mutant } from "./mutant.js";

export interface Variant {
  /** What stands in place of ∂node/∂child. */
  readonly partial: Expression;
  readonly cause: Cause;
  readonly details: FaultDetails;
  readonly what: string;
  readonly cost: number;
}

/** The change of one partial derivative; where it is made is the operand's quantity, if it is one. */
export function mutantOf(
  backward: Backward,
  definition: Definition,
  node: Expression,
  child: Expression,
  { partial, cause, details, what, cost }: Variant,
): Mutant {
  const rule: LocalRule = (graph, one) =>
    partials(graph, one).map(([operand, right]) =>
      one === node && operand === child ? [operand, partial] : [operand, right],
    );
  const at = child.kind === "reference" ? child.quantity : undefined;
  return {
    fault: faultAt(at, cause, details, what),
    cost,
    change: () => backward.changeOf(definition, rule),
  };
}

export function dependsOnQuantities(node: Expression): boolean {
  return references([node]).length > 0;
}
