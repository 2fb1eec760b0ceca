/** Mutants that give one node of a definition another local derivative. */
import { type LocalRule, partials } from "../../calculus/occurrences.js";
import type { Definition } from "../../expression/definition.js";
import type { ApplyNode, Expression } from "../../expression/expression.js";
import { references } from "../../expression/walk.js";
import type { Quantity } from "../../expression/quantity.js";
import { once } from "../once.js";
import type { Backward, Change } from "../pass/backward.js";
import { modelText } from "../explanations/words.js";
import type { Cause } from "../result.js";
import { faultAt, type Mutant, type Site, type Told, type ToldLater } from "./mutant.js";

export interface Variant {
  /** What stands in place of ∂node/∂child. */
  readonly partial: Expression;
  readonly cause: Cause;
  /** Its sentence is what the derivative of the operand is. */
  readonly tell: () => Told;
  /** What undoes the mistake as a factor, where something does: told where it is one of the whole derivative. */
  readonly undone?: { readonly by: Expression; readonly what: () => string };
  readonly cost: number;
}

/** The change of one partial derivative; where it is made is the operand's quantity, if it has only one. */
export function mutantOf(
  backward: Backward,
  definition: Definition,
  node: Expression,
  child: Expression,
  { partial, cause, tell, undone, cost }: Variant,
): Mutant {
  const [at, ...others] = new Set(references([child]).map(({ quantity }) => quantity));
  const place = others.length === 0 ? at : undefined;
  const site: Site = { definition, node, child, partial };
  const change = once(() => changeAt(backward, definition, [site]));
  const told = (): ToldLater => {
    if (!undone || !place) return tell();
    const { what, ...details } = tell();
    const isWhole = (): boolean => scalesWhole(backward, place, change(), undone.by);
    return { ...details, what: () => (isWhole() ? undone.what() : what) };
  };
  return { fault: faultAt(place, cause, told), cost, change, site };
}

/** Whether a change is undone by a factor of the whole derivative, entry by entry. */
function scalesWhole(
  backward: Backward,
  at: Quantity,
  { removed, added }: Change,
  factor: Expression,
): boolean {
  const { graph } = backward;
  const scaled = added.map(({ clause }) => graph.multiply(clause.body, factor));
  return backward.into(at).every((edge) => {
    const { body, indices } = edge.clause;
    const kept = new Set(indices.flatMap(({ plain }) => plain?.key ?? []));
    return (
      removed.has(edge) && scaled.includes(body) && factor.free.every(({ key }) => kept.has(key))
    );
  });
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

/** A function's derivative in sentences: `sigmoid'(z)`. */
export function derivativeName({ operation }: ApplyNode, child: Expression): string {
  return `${operation.name}'(${modelText(child)})`;
}
