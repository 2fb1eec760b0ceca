/** A derivative that is put together of blocks, one for each gate of a cell: the blocks in another order. */
import { Index } from "../../../expression/indices.js";
import type { Quantity } from "../../../expression/quantity.js";
import { Size, type SizeValues } from "../../../expression/size.js";
import { listed } from "../../../language/words.js";
import { adjointName, modelText } from "../../explanations/words.js";
import type { Backward, Edge } from "../../pass/backward.js";
import {
  areSideBySide,
  type BlockOf,
  blocksOf,
  EXCHANGED,
  ordersOf,
  REORDERED,
} from "../blocks.js";
import type { Kind } from "../family.js";
import { faultAt, type Mutant } from "../mutant.js";

export const JOINED_BLOCKS: Kind<Quantity> = {
  least: EXCHANGED,
  make: ({ backward, sizes }, at) => joinedBlocks(backward, at, sizes),
};

/** The contributions to one block of a derivative along an axis. */
type Block = BlockOf<Edge>;

function* joinedBlocks(backward: Backward, at: Quantity, sizes: SizeValues): Generator<Mutant> {
  for (const axis of at.shape.keys()) {
    const blocks = blocksOf(backward.into(at), ({ clause }) => clause.indices[axis]!, sizes);
    const total = at.shape[axis]!.evaluate(sizes);
    if (blocks.length < 2 || !areSideBySide(blocks, total)) continue;
    for (const order of ordersOf(blocks)) {
      const moved = blocks.flatMap((block, k) =>
        order[k] === k ? [] : [{ block, start: blocks[order[k]!]!.start }],
      );
      yield {
        fault: faultAt(at, "wrong-variable", () => {
          const told = moved.map(({ block, start }) => placeText(backward, at, axis, block, start));
          return {
            used: told[0]!.used,
            instead: told[0]!.instead,
            what: `put together in another order: ${listed(told.map(({ text }) => text))}`,
          };
        }),
        cost: moved.length === 2 ? EXCHANGED : REORDERED,
        change: () => ({
          removed: new Set(moved.flatMap(({ block }) => block.things)),
          added: moved.flatMap(({ block, start }) =>
            block.things.map((edge) => movedTo(edge, axis, start - block.start)),
          ),
        }),
      };
    }
  }
}

function movedTo(edge: Edge, axis: number, by: number): Edge {
  const { indices } = edge.clause;
  const index = indices[axis]!.plus(Index.constant(Size.of(by)));
  return { ...edge, clause: { ...edge.clause, indices: indices.with(axis, index) } };
}

/** `what comes from I stands in dZ[:, 4:6], it belongs in dZ[:, 1:3]`. */
function placeText(
  { graph }: Backward,
  at: Quantity,
  axis: number,
  { things: edges, start }: Block,
  put: number,
): { readonly used: string; readonly instead: string; readonly text: string } {
  const [used, instead] = [movedTo(edges[0]!, axis, put - start), edges[0]!].map(
    ({ clause }) => `d${modelText(graph.reference(at, clause.indices))}`,
  );
  const names = listed([...new Set(edges.map(({ from }) => adjointName(from)))]);
  const text = `what comes from ${names} stands in ${used!}, its place is ${instead!}`;
  return { used: used!, instead: instead!, text };
}
