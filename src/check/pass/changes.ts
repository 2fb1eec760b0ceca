/** Changes of a backward pass put together. */
import type { Clause } from "../../expression/definition.js";
import type { Change } from "./backward.js";

export const NO_CHANGE: Change = { removed: new Set(), added: [] };

/** Numbers objects in the order in which they are seen. */
export class Numbering {
  private readonly numbers = new Map<object, number>();

  of(one: object): number {
    let number = this.numbers.get(one);
    if (number === undefined) this.numbers.set(one, (number = this.numbers.size));
    return number;
  }
}

/** Equal for changes after which a pass has the same lines. */
export function identity({ removed, added, redefined = [] }: Change, numbering: Numbering): string {
  const line = ({ letters, indices, body }: Clause): string =>
    [letters, indices].map((all) => all.map(({ key }) => key).join()).join("|") +
    String(numbering.of(body));
  const numbers = (all: Iterable<object>): string =>
    Array.from(all, (one) => numbering.of(one))
      .sort()
      .join();
  return [
    numbers(removed),
    ...added.map(({ to, clause }) => `${numbering.of(to)}>${line(clause)}`),
    numbers(redefined),
  ].join(";");
}

/** Two changes at once; undefined where both are made in the same line. */
export function merged(a: Change, b: Change): Change | undefined {
  if ([...b.removed].some((edge) => a.removed.has(edge))) return undefined;
  const [first, second] = [a.redefined ?? [], b.redefined ?? []];
  if (first.some(({ quantity }) => second.some((one) => one.quantity === quantity))) {
    return undefined;
  }
  return {
    removed: new Set([...a.removed, ...b.removed]),
    added: [...a.added, ...b.added],
    redefined: [...first, ...second],
  };
}

/** Several changes at once; no change where two of them are made in the same line. */
export function combined(changes: readonly Change[]): Change {
  let whole = NO_CHANGE;
  for (const change of changes) {
    const more = merged(whole, change);
    if (!more) return NO_CHANGE;
    whole = more;
  }
  return whole;
}
