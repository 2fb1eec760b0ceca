/** The entries and quantities in the parts of lines, looked for once in each. */
import type { Expression, ReferenceNode } from "../../expression/expression.js";
import type { Quantity } from "../../expression/quantity.js";
import { references } from "../../expression/walk.js";

export interface Used {
  readonly entries: readonly ReferenceNode[];
  /** Each once. */
  readonly quantities: readonly Quantity[];
}

/** What an expression names. */
export type UsedIn = (node: Expression) => Used;

export function usedIn(node: Expression): Used {
  const entries = references([node]);
  return { entries, quantities: [...new Set(entries.map(({ quantity }) => quantity))] };
}

/** The same, which remembers what it was asked for. */
export function rememberingUsed(): UsedIn {
  const known = new Map<Expression, Used>();
  return (node) => {
    let used = known.get(node);
    if (!used) known.set(node, (used = usedIn(node)));
    return used;
  };
}
