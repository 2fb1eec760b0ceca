/** Scripts that are indices: ij, i,j+1, 2,: and 1:3,2. */
import { splitAt, UnreadableError } from "./tokens.js";
import type { Node, Position } from "./tree.js";

/**
 * A script as positions: split at its commas, else sign by sign where there are several axes.
 * @throws UnreadableError where the number of positions is not that of the axes.
 */
export function splitScript(script: readonly string[], axes: number): string[][] {
  const parts = splitAt(script, ",");
  if (parts.length > 1 || axes < 2) return parts;
  const signs = script.flatMap((token) => (/^\d+$/.test(token) ? Array.from(token) : [token]));
  return signs.length === axes && signs.every((sign) => /^\w$/.test(sign))
    ? signs.map((sign) => [sign])
    : parts;
}

export function readPositions(
  parts: readonly (readonly string[])[],
  read: (tokens: readonly string[]) => Node,
): Position[] {
  return parts.map((tokens): Position => {
    const colon = tokens.indexOf(":");
    if (colon < 0) {
      if (tokens.length === 0) throw new UnreadableError("an index is missing");
      return { kind: "at", index: read(tokens) };
    }
    if (tokens.length === 1) return { kind: "all" };
    return { kind: "range", from: read(tokens.slice(0, colon)), to: read(tokens.slice(colon + 1)) };
  });
}
