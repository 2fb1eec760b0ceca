/**
 * Overlapping contributions assigned where they should be added: `dx[i:i+k] = dy[i] * w` in a loop over i, or
 * `dx[k:k+n] = w[k] * dy` in one over k. Of each entry what comes last is kept.
 */
import { Index, letter, type Letter } from "../../../expression/indices.js";
import { Size, type SizeValues } from "../../../expression/size.js";
import type { Quantity } from "../../../expression/quantity.js";
import { listed } from "../../../language/words.js";
import type { Backward, Edge } from "../../pass/backward.js";
import { adjointName } from "../../explanations/words.js";
import { faultAt, type Mutant } from "../mutant.js";
import type { Kind } from "../family.js";

/** Entries start, start + step, … along an axis, so many of them. */
export interface Range {
  readonly start: number;
  readonly count: number;
  readonly step: number;
}

/** A contribution to a block of entries. */
export interface Window {
  readonly edge: Edge;
  /** One for each axis. */
  readonly ranges: readonly Range[];
  /** The letters that run along them; none along an axis of which there is one entry. */
  readonly along: readonly (Letter | undefined)[];
}

const COST = 1.9;

export const OVERWRITTEN_WINDOWS: Kind<Quantity> = {
  least: COST,
  make: ({ backward, sizes }, at) => overwrittenWindows(backward, at, sizes),
};

export function* overwrittenWindows(
  backward: Backward,
  to: Quantity,
  sizes: SizeValues,
): Generator<Mutant> {
  const all = backward.into(to);
  const froms = [...new Set(all.map(({ from }) => from))];
  const groups = froms.map((from) => all.filter((edge) => edge.from === from));
  if (groups.length > 1) groups.push([...all]);
  for (const edges of groups) {
    const windows = edges.flatMap((edge) => windowOf(edge, sizes) ?? []).sort(byPlace);
    if (windows.length < 2 || windows.length < edges.length) continue;
    if (!haveOneStep(windows)) continue;
    const areAlike = windows.every((one) => byPlace(one, windows[0]!) === 0);
    // what uses all of a quantity several times is another mistake where these are several statements
    if (areAlike && new Set(edges.map(({ from }) => from)).size > 1) continue;
    const overlap = windows.some((one, k) =>
      windows.slice(0, k).some((before) => common(one.ranges, before.ranges)),
    );
    if (!overlap) continue;
    yield assigned(backward, to, edges, windows, COST);
    yield assigned(backward, to, edges, windows.toReversed(), COST + 0.05);
  }
}

/** @param windows in the order of the loop */
function assigned(
  { graph }: Backward,
  to: Quantity,
  edges: readonly Edge[],
  windows: readonly Window[],
  cost: number,
): Mutant {
  const kept = (window: Window, k: number): Edge[] => {
    const later = windows.slice(k + 1).map(({ ranges }) => ranges);
    const left = later.reduce<(readonly Range[])[]>(
      (blocks, other) => blocks.flatMap((block) => without(block, other)),
      [window.ranges],
    );
    return left.map((block) => restricted(graph, window, block));
  };
  return {
    fault: faultAt(to, "not-summed", () => {
      const name = adjointName(to);
      const from = listed([...new Set(edges.map((edge) => adjointName(edge.from)))]);
      const areAlike = byPlace(windows[0]!, windows.at(-1)!) === 0;
      const what = areAlike ? `of several contributions to ${name}` : "where windows overlap,";
      return {
        term: areAlike ? `earlier contributions from ${from}` : `overlapping windows of ${name}`,
        what: `computed with = where += belongs: ${what} only the last one from ${from} is kept; add them up`,
      };
    }),
    cost,
    change: () => ({ removed: new Set(edges), added: windows.flatMap(kept) }),
  };
}

/** Undefined for a contribution to entries that are no block, such as a diagonal. */
export function windowOf(edge: Edge, sizes: SizeValues): Window | undefined {
  const axes = edge.clause.indices.map(({ terms, offset }) => {
    const [term, ...others] = terms;
    const step = term ? term.coefficient.evaluate(sizes) : 1;
    if (others.length > 0 || step < 1) return undefined;
    const count = term ? term.letter.size.evaluate(sizes) : 1;
    return { range: { start: offset.evaluate(sizes), count, step }, along: term?.letter };
  });
  const known = axes.filter((axis) => axis !== undefined);
  const letters = known.flatMap(({ along }) => along?.key ?? []);
  if (known.length < axes.length || new Set(letters).size < letters.length) return undefined;
  return { edge, ranges: known.map(({ range }) => range), along: known.map(({ along }) => along) };
}

/** Whether the entries of all windows are as far apart along each axis: what two of them share is a block then. */
export function haveOneStep(windows: readonly Window[]): boolean {
  return windows.every(({ ranges }) =>
    ranges.every(({ step }, axis) => step === windows[0]!.ranges[axis]!.step),
  );
}

export function byPlace(a: Window, b: Window): number {
  const differences = a.ranges.map(({ start, count }, axis) => {
    const other = b.ranges[axis]!;
    return start - other.start || count - other.count;
  });
  return differences.find((one) => one !== 0) ?? 0;
}

/** The block that two blocks of the same steps share; undefined where there is none. */
export function common(a: readonly Range[], b: readonly Range[]): readonly Range[] | undefined {
  const shared = a.map((range, axis): Range => {
    const other = b[axis]!;
    const { step } = range;
    const start = Math.max(range.start, other.start);
    const meet = (other.start - range.start) % step === 0;
    return { start, count: meet ? (Math.min(endOf(range), endOf(other)) - start) / step : 0, step };
  });
  return shared.every(({ count }) => count > 0) ? shared : undefined;
}

/** Where the next entry would be. */
function endOf({ start, count, step }: Range): number {
  return start + count * step;
}

/** What is left of a block, in blocks. */
export function without(block: readonly Range[], other: readonly Range[]): (readonly Range[])[] {
  const shared = common(block, other);
  if (!shared) return [block];
  let inner = block;
  return block.flatMap((range, axis) => {
    const both = shared[axis]!;
    const { step } = range;
    const parts = [
      { start: range.start, count: (both.start - range.start) / step, step },
      { start: endOf(both), count: (endOf(range) - endOf(both)) / step, step },
    ];
    const outside = parts.filter((part) => part.count > 0).map((part) => inner.with(axis, part));
    inner = inner.with(axis, both);
    return outside;
  });
}

/** A contribution to some of its entries only. */
export function restricted(
  graph: Backward["graph"],
  { edge, ranges, along }: Window,
  block: readonly Range[],
): Edge {
  const { clause } = edge;
  const places = new Map<string, Index>();
  const letters: Letter[] = [];
  for (const [axis, { start, count, step }] of block.entries()) {
    const own = along[axis];
    const skipped = (start - ranges[axis]!.start) / step;
    if (!own || count === ranges[axis]!.count) continue;
    const rest = letter(`rest${axis}`, Size.of(count));
    if (count > 1) letters.push(rest);
    const place = Index.number(skipped);
    places.set(own.key, count > 1 ? Index.of(rest).plus(place) : place);
  }
  if (places.size === 0) return edge;
  return {
    ...edge,
    clause: {
      letters: [...clause.letters.filter(({ key }) => !places.has(key)), ...letters],
      indices: clause.indices.map((index) => index.substitute(places)),
      body: graph.substitute(clause.body, places),
    },
  };
}
