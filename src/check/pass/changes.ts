/** Changes of a backward pass put together. */
import type { Change } from "./backward.js";

export const NO_CHANGE: Change = { removed: new Set(), added: [] };

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
