/** Blocks of an array that lie side by side, one for each gate of a cell, and other orders of them. */
import type { Index } from "../../expression/indices.js";
import type { SizeValues } from "../../expression/size.js";

/** Where a block begins along an axis, and how long it is. */
export interface Block {
  readonly start: number;
  readonly length: number;
}

/** A block, and all that stands in it or takes it. */
export interface BlockOf<Thing> extends Block {
  readonly things: readonly Thing[];
}

/** The block that an index runs along; undefined where it takes single entries, or leaves some out. */
export function blockAt({ offset, terms }: Index, sizes: SizeValues): Block | undefined {
  const [term, ...others] = terms;
  if (!term?.coefficient.isOne || others.length > 0) return undefined;
  return { start: offset.evaluate(sizes), length: term.letter.size.evaluate(sizes) };
}

/**
 * Things by the blocks that they have to do with, in the order in which these begin; none where some thing has to do
 * with no block, or with one that begins where another does.
 * @param indexOf along the axis of the blocks
 */
export function blocksOf<Thing>(
  things: readonly Thing[],
  indexOf: (thing: Thing) => Index,
  sizes: SizeValues,
): readonly BlockOf<Thing>[] {
  const blocks = new Map<number, BlockOf<Thing>>();
  for (const thing of things) {
    const block = blockAt(indexOf(thing), sizes);
    const known = block && blocks.get(block.start);
    if (!block || (known && known.length !== block.length)) return [];
    blocks.set(block.start, { ...block, things: [...(known?.things ?? []), thing] });
  }
  return [...blocks.values()].sort((a, b) => a.start - b.start);
}

/** What two blocks that are changed over cost, and what another order of more of them does. */
export const EXCHANGED = 2.1;
export const REORDERED = 2.3;

/** Of more blocks only two are changed over. */
const MOST_REORDERED = 4;

/** Whether blocks, in the order in which they begin, fill an axis. */
export function areSideBySide(blocks: readonly Block[], total: number): boolean {
  const ends = blocks.map(({ start, length }) => start + length);
  return ends.at(-1) === total && blocks.every(({ start }, k) => start === (ends[k - 1] ?? 0));
}

/** Other orders in which each block stands where one of its length belongs: the place that each one is put in. */
export function ordersOf(blocks: readonly Block[]): readonly (readonly number[])[] {
  const places = blocks.map((_, k) => k);
  const orders =
    blocks.length <= MOST_REORDERED
      ? permutations(places)
      : places.flatMap((a) =>
          places.slice(a + 1).map((b) => places.map((k) => (k === a ? b : k === b ? a : k))),
        );
  return orders.filter(
    (order) =>
      order.some((place, k) => place !== k) &&
      order.every((place, k) => blocks[place]!.length === blocks[k]!.length),
  );
}

function permutations(all: readonly number[]): number[][] {
  if (all.length < 2) return [[...all]];
  return all.flatMap((first) =>
    permutations(all.filter((one) => one !== first)).map((rest) => [first, ...rest]),
  );
}
