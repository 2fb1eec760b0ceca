/** Mutants that give one node of a definition another local derivative. */
import { type LocalRule, partials } from "../../calculus/occurrences.js";
import type { Definition } from "../../expression/definition.js";
import type { Expression } from "../../expression/expression.js";
import { references } from "../../expression/walk.js";
import type { Backward, Change } from "../pass/backward.js";
import type { Cause, FaultDetails } from "../result.js";
import { faultAt, type Mutant, type Site } from "./mutant.js";

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
  const at = child.kind === "reference" ? child.quantity : undefined;
  const site: Site = { definition, node, child, partial };
  return {
    fault: faultAt(at, cause, details, what),
    cost,
    change: () => changeAt(backward, definition, [site]),
    site,
  };
}

/** The change of several partial derivatives of one definition. */
export function changeAt(
  backward: Backward,
  definition: Definition,
  sites: readonly Site[],
): Change {
  const rule: LocalRule = (graph, node) =>
    partials(graph, node).map(([child, right]) => {
      const site = sites.find((one) => one.node === node && one.child === child);
      return [child, site ? site.partial : right];
    });
  return backward.changeOf(definition, rule);
}

export function dependsOnQuantities(node: Expression): boolean {
  return references([node]).length > 0;
}
