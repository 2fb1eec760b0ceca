/** Numbers that count the entries along axes, as the denominator of a mean does. */
import type { Size } from "../../expression/size.js";

/** 1/(2 - 1) for 1/2 is a factor like any other. */
const LEAST = 3;

/**
 * The lengths in a denominator that is their product, each once: 5 and 4 of 1/20 for a mean over 5×4 entries. Of a
 * denominator with any other number in it, such as 1/(2·4), nobody knows what it counts: none.
 * @param sizes the lengths of the axes that a mean may go over; those that are names stand as factors of their own
 */
export function countsIn(denominator: bigint, sizes: readonly Size[]): Size[] {
  const found = new Map<string, Size>();
  const search = (left: bigint, from: number, taken: readonly Size[]): void => {
    if (left === 1n) for (const size of taken) found.set(size.key, size);
    for (let k = from; k < sizes.length; k++) {
      const size = sizes[k]!;
      const length = BigInt(size.constant ?? 0);
      if (length > 1n && left % length === 0n) search(left / length, k + 1, [...taken, size]);
    }
  };
  search(denominator, 0, []);
  return [...found.values()].filter(({ constant = 0 }) => constant >= LEAST);
}
