/**
 * Lanes: neighbouring entries that are computed together. Each gives the letters other places; a node
 * has one value for each choice of places of its free letters.
 */
import type { Expression } from "../../expression/expression.js";
import type { Letter } from "../../expression/indices.js";
import type { Places } from "./address.js";

/** The codes of a node's values, by what its letters stand for. */
export type Codes = ReadonlyMap<Expression, ReadonlyMap<string, string>>;

/** Every lane once for each of `count` neighbouring values of a letter. */
export function spread(
  lanes: readonly Places[],
  { key }: Letter,
  variable: string | undefined,
  from: number,
  count: number,
): Places[] {
  return lanes.flatMap((places) =>
    Array.from({ length: count }, (_, k) =>
      new Map(places).set(key, { variable, shift: from + k }),
    ),
  );
}

/** What the free letters of a node stand for in a lane. */
export function version({ free }: Expression, places: Places): string {
  return free
    .map(({ key }) => {
      const { variable = "", shift } = places.get(key)!;
      return `${variable}+${shift}`;
    })
    .join(",");
}

/** The lanes in which a node has different values. */
export function distinct(node: Expression, lanes: readonly Places[]): Map<string, Places> {
  return new Map(lanes.map((places) => [version(node, places), places]));
}

export function codeOf(codes: Codes, node: Expression, places: Places): string {
  return codes.get(node)!.get(version(node, places))!;
}
