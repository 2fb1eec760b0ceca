/** What lines are broken into: groups of boxes, and what can be opened. */
import { type Box, widthOf } from "./boxes.js";

/** A sum in brackets that takes more than this part of a product is what is broken in it. */
const MAIN = 0.5;

export const NOTHING: Box = {
  kind: "piece",
  start: 0,
  end: 0,
  width: 0,
  isGlued: false,
  inner: [],
  isHigh: false,
  up: 0,
  down: 0,
};

export function openable({ kind, inner, below = [] }: Box): boolean {
  if (kind !== "fraction") return kind === "matrix" || inner.length > 0;
  const wider = widthOf(below) <= widthOf(inner) ? inner : below;
  return wider.length > 1 || wider.some(openable);
}

/** The sum in brackets that takes most of a product, if one does. */
export function mainBracket(boxes: readonly Box[]): Box | undefined {
  return boxes.find(
    ({ kind, inner, width }) =>
      kind === "bracket" &&
      inner.some((box, position) => box.kind === "sign" && position > 0) &&
      width > MAIN * widthOf(boxes),
  );
}

/** Renderers mark things with private signs. */
export function withoutMarks(tex: string): string {
  return tex.replace(/\p{Co}/gu, "");
}

/** Where the last box inside ends. */
export function lastOf({ inner }: Box): number {
  return inner.at(-1)!.end;
}

/** Boxes in groups, each begun by a box that starts one. */
export function groups(
  boxes: readonly Box[],
  starts: (box: Box, position: number) => boolean,
): Box[][] {
  const found: Box[][] = [];
  for (const [position, box] of boxes.entries()) {
    const last = found.at(-1);
    if (last && !starts(box, position)) last.push(box);
    else found.push([box]);
  }
  return found;
}
