/** Overlapping windows assigned where they should be added: `dx[i:i+k] = dy[i] * w` in a loop over i. */
import { Index, letter, type Letter } from "../../../expression/indices.js";
import { Size, type SizeValues } from "../../../expression/size.js";
import type { Quantity } from "../../../expression/quantity.js";
import type { Backward, Edge } from "../../pass/backward.js";
import { adjointName } from "../../explanations/words.js";
import { faultAt, type Mutant } from "../mutant.js";
import type { Kind } from "../family.js";

/** A contribution to the entries offset … offset + length − 1 along an axis. */
interface Window {
  readonly edge: Edge;
  readonly along: Letter;
  readonly offset: number;
  readonly length: number;
}

/** Of each entry what the last window gives it, that is the tap with the smallest offset. */
export const OVERWRITTEN_WINDOWS: Kind<Quantity> = {
  least: 1.9,
  make: ({ backward, sizes }, at) => overwrittenWindows(backward, at, sizes),
};

export function* overwrittenWindows(
  backward: Backward,
  to: Quantity,
  sizes: SizeValues,
): Generator<Mutant> {
  for (const axis of to.shape.keys()) {
    for (const from of new Set(backward.into(to).map((edge) => edge.from))) {
      const edges = backward.into(to).filter((edge) => edge.from === from);
      const windows = edges
        .flatMap((edge) => windowOf(edge, axis, sizes) ?? [])
        .sort((a, b) => a.offset - b.offset);
      if (windows.length < 2 || windows.length < edges.length) continue;
      if (new Set(windows.map(({ length }) => length)).size > 1) continue;
      if (!windows.some((window, k) => overlaps(window, windows[k - 1]))) continue;
      yield {
        fault: faultAt(to, "not-summed", () => ({
          term: `overlapping windows of ${adjointName(to)}`,
          what: `computed with = where += belongs: where windows overlap, only the last one from ${adjointName(from)} is kept; add them up`,
        })),
        cost: 1.9,
        change: () => ({
          removed: new Set(edges),
          added: windows.flatMap((window, k) => uncovered(backward, window, windows[k - 1], axis)),
        }),
      };
    }
  }
}

function windowOf(edge: Edge, axis: number, sizes: SizeValues): Window | undefined {
  const { terms, offset } = edge.clause.indices[axis]!;
  const [term, ...others] = terms;
  if (!term?.coefficient.isOne || others.length > 0) return undefined;
  const length = term.letter.size.evaluate(sizes);
  return { edge, along: term.letter, offset: offset.evaluate(sizes), length };
}

/** Windows of one length. */
function overlaps({ offset, length }: Window, before: Window | undefined): boolean {
  return before !== undefined && offset - before.offset < length;
}

/** The entries of a window that the one before it does not reach. */
function uncovered(
  { graph }: Backward,
  window: Window,
  before: Window | undefined,
  axis: number,
): Edge[] {
  const { edge, along, offset, length } = window;
  if (!before || !overlaps(window, before)) return [edge];
  const count = offset - before.offset;
  if (count === 0) return [];
  const rest = letter("rest", Size.of(count));
  const place = Index.of(rest).plus(Index.number(length - count));
  const at = new Map([[along.key, place]]);
  const { clause } = edge;
  return [
    {
      ...edge,
      clause: {
        letters: [...clause.letters.filter(({ key }) => key !== along.key), rest],
        indices: clause.indices.with(axis, clause.indices[axis]!.substitute(at)),
        body: graph.substitute(clause.body, at),
      },
    },
  ];
}
