/** What quantities are used for. */
import type { Quantity } from "../../expression/quantity.js";
import type { Backward } from "./backward.js";

/** What depends on a quantity. */
export function computedFrom(backward: Backward, quantity: Quantity): ReadonlySet<Quantity> {
  const found = new Set<Quantity>();
  const next = [quantity];
  for (let one = next.pop(); one; one = next.pop()) {
    for (const user of usersOf(backward, one)) {
      if (found.has(user)) continue;
      found.add(user);
      next.push(user);
    }
  }
  return found;
}

/**
 * The first quantity that all paths from another one to the loss go through: the output of a
 * normalisation for its input, of which the norm is computed, too. Undefined for what is not used.
 */
export function joinOf(backward: Backward, quantity: Quantity): Quantity | undefined {
  const place = (one: Quantity): number => backward.order.indexOf(one);
  const open = usersOf(backward, quantity);
  while (open.size > 1) {
    // in the order of the forward pass, so that none is met again
    const [next] = [...open].sort((a, b) => place(b) - place(a));
    open.delete(next!);
    for (const user of usersOf(backward, next!)) open.add(user);
  }
  const [join] = open;
  return join;
}

/** A quantity and those that all paths from it go through, the loss last. */
export function joinsOf(backward: Backward, quantity: Quantity): ReadonlySet<Quantity> {
  const found = new Set<Quantity>();
  for (let one: Quantity | undefined = quantity; one; one = joinOf(backward, one)) found.add(one);
  return found;
}

/** The quantity whose derivative is all that is computed from a quantity's, and is computed from nothing else. */
export function heirOf(backward: Backward, quantity: Quantity): Quantity | undefined {
  const places = backward.outOf(quantity).map(({ to }) => to);
  const [to, ...others] = new Set(places.filter((one) => !backward.isData(one)));
  if (!to || others.length > 0) return undefined;
  return backward.into(to).every(({ from }) => from === quantity) ? to : undefined;
}

/** In the order in which the pass back from the loss has all of each derivative. */
export function inBackwardOrder(
  backward: Backward,
  quantities: readonly Quantity[],
): readonly Quantity[] {
  const turn = (quantity: Quantity): number => {
    const users = [...usersOf(backward, quantity)].map((one) => backward.order.indexOf(one));
    return Math.max(0, ...users);
  };
  return quantities.toSorted((a, b) => turn(a) - turn(b));
}

function usersOf(backward: Backward, quantity: Quantity): Set<Quantity> {
  return new Set(backward.into(quantity).map(({ from }) => from));
}
