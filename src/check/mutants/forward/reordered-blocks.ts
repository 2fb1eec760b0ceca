/** What is computed at once for all gates, cut apart in another order than the model's. */
import type { Definition } from "../../../expression/definition.js";
import type { Expression, ReferenceNode } from "../../../expression/expression.js";
import { Index } from "../../../expression/indices.js";
import type { Quantity } from "../../../expression/quantity.js";
import { Size, type SizeValues } from "../../../expression/size.js";
import { references } from "../../../expression/walk.js";
import { listed } from "../../../language/words.js";
import { modelText } from "../../explanations/words.js";
import type { Backward } from "../../pass/backward.js";
import { combined } from "../../pass/changes.js";
import { areSideBySide, blocksOf, EXCHANGED, ordersOf, REORDERED } from "../blocks.js";
import type { Kind } from "../family.js";
import { forwardFault, valuesFault } from "../forward-fault.js";
import type { Mutant, Told } from "../mutant.js";
import { rewritten } from "../rewritten.js";

/** What it costs that the lines of the backward pass cut it apart in the model's order. */
const FORWARD_ALONE = 0.05;

export const REORDERED_BLOCKS: Kind<Quantity> = {
  least: EXCHANGED,
  make: ({ backward, sizes }, at) => reorderedBlocks(backward, at, sizes),
};

function* reorderedBlocks(backward: Backward, at: Quantity, sizes: SizeValues): Generator<Mutant> {
  const { graph } = backward;
  const readers = backward.definitions.filter((one) => readsOf(one, at).length > 0).toReversed();
  for (const axis of at.shape.keys()) {
    const blocks = blocksOf(
      readers.flatMap((one) => readsOf(one, at)),
      ({ indices }) => indices[axis]!,
      sizes,
    );
    if (blocks.length < 2 || !areSideBySide(blocks, at.shape[axis]!.evaluate(sizes))) continue;
    for (const order of ordersOf(blocks)) {
      const moved = new Map<Expression, Expression>();
      for (const [k, { start, things: reads }] of blocks.entries()) {
        const by = Index.constant(Size.of(blocks[order[k]!]!.start - start));
        if (order[k] === k) continue;
        for (const read of reads) {
          const indices = read.indices.with(axis, read.indices[axis]!.plus(by));
          moved.set(read, graph.reference(at, indices));
        }
      }
      const others = readers
        .map((one) => rewritten(graph, one, (node) => moved.get(node)))
        .filter((other) => !readers.includes(other));
      const [first, ...more] = others.map(({ quantity }) => quantity);
      if (!first) continue;
      const tell = (): Told => {
        // in the order of the statements that read them
        const reads = [...new Set(readers.flatMap((one) => readsOf(one, at)))].filter((read) =>
          moved.has(read),
        );
        const [used, instead] = [reads.map((read) => moved.get(read)!), reads].map((all) =>
          listed(all.map((one) => modelText(one))),
        );
        return { used: used!, instead: instead!, what: `${used!} in place of ${instead!}` };
      };
      const cost = others.length > 2 ? REORDERED : EXCHANGED;
      yield {
        fault: forwardFault([first, ...more], "wrong-variable", tell),
        cost,
        change: () => combined(others.map((other) => backward.redefinition(other))),
      };
      yield {
        fault: valuesFault([first, ...more], "wrong-variable", tell),
        cost: cost + FORWARD_ALONE,
        change: () => combined(others.map((other) => backward.redefinitionForward(other))),
      };
    }
  }
}

function readsOf({ clauses }: Definition, at: Quantity): ReferenceNode[] {
  return references(clauses.map(({ body }) => body)).filter(({ quantity }) => quantity === at);
}
