import type { Definition } from "../expression/definition.js";
import type { Quantity } from "../expression/quantity.js";
import { references } from "../expression/walk.js";

/** For each quantity the definitions that use it directly, in their order. */
export type Uses = ReadonlyMap<Quantity, readonly Definition[]>;

/** One pass over the definitions up to the loss. */
export function usesOf(definitions: readonly Definition[], loss: Quantity): Uses {
  const uses = new Map<Quantity, Definition[]>();
  const end = definitions.findIndex(({ quantity }) => quantity === loss) + 1;
  for (const definition of definitions.slice(0, end)) {
    const bodies = definition.clauses.map(({ body }) => body);
    for (const used of new Set(references(bodies).map(({ quantity }) => quantity))) {
      const users = uses.get(used);
      if (users) users.push(definition);
      else uses.set(used, [definition]);
    }
  }
  return uses;
}

/**
 * The users of a quantity that depend on it through other definitions too.
 * @param place of definitions in their order: what stands behind the last user leads to none
 */
export function usersThroughOthers(
  uses: Uses,
  of: Quantity,
  place: ReadonlyMap<Quantity, number>,
): ReadonlySet<Quantity> {
  const users = (uses.get(of) ?? []).map(({ quantity }) => quantity);
  const found = new Set<Quantity>();
  if (users.length < 2) return found;
  const direct = new Set(users);
  const last = place.get(users.at(-1)!)!;
  const reached = new Set(users);
  for (const one of reached) {
    for (const { quantity } of uses.get(one) ?? []) {
      if (direct.has(quantity)) found.add(quantity);
      if (place.get(quantity)! < last) reached.add(quantity);
    }
  }
  return found;
}
