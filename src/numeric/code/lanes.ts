/**
 * Lanes: neighbouring entries, or pairs of entries, that are computed together. Each gives the letters
 * other places; a node has one value for each choice of places of its free letters.
 */
import type { Expression } from "../../expression/expression.js";
import type { Letter } from "../../expression/indices.js";
import type { Places } from "./address.js";

/** The codes of a node's values, by what its letters stand for. */
export type Codes<Code> = ReadonlyMap<Expression, ReadonlyMap<string, Code>>;

/**
 * Every lane once for each of `count` neighbouring values of a letter.
 * @param width how many of them one code computes; the last lane may be left fewer
 */
export function spread(
  lanes: readonly Places[],
  { key }: Letter,
  variable: string | undefined,
  from: number,
  count: number,
  width = 1,
): Places[] {
  const starts = Array.from({ length: Math.ceil(count / width) }, (_, k) => k * width);
  return lanes.flatMap((places) =>
    starts.map((start) => {
      const place = { variable, shift: from + start, count: Math.min(width, count - start) };
      return new Map(places).set(key, place);
    }),
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

export function codeOf<Code>(codes: Codes<Code>, node: Expression, places: Places): Code {
  return codes.get(node)!.get(version(node, places))!;
}
