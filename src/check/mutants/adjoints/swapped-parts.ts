/** The derivative of what is put together of parts, taken apart in another order: its halves changed over. */
import { Index } from "../../../expression/indices.js";
import { Size, type SizeValues } from "../../../expression/size.js";
import type { Expression, ReferenceNode } from "../../../expression/expression.js";
import type { Quantity } from "../../../expression/quantity.js";
import { references } from "../../../expression/walk.js";
import { listed } from "../../../language/words.js";
import type { Fault } from "../../explanations/hypothesis.js";
import { adjointName, modelText } from "../../explanations/words.js";
import type { Backward, Edge } from "../../pass/backward.js";
import { areSideBySide, type Block, blockAt, EXCHANGED, ordersOf, REORDERED } from "../blocks.js";
import type { Kind } from "../family.js";
import { faultAt, type Mutant } from "../mutant.js";

export const SWAPPED_PARTS: Kind<Quantity> = {
  least: EXCHANGED,
  make: ({ backward, sizes }, at) => swappedParts(backward, at, sizes),
};

/** A line that takes a block of the derivative: where along the axis it begins, and how long it is. */
interface Part extends Block {
  readonly edge: Edge;
  readonly reference: ReferenceNode;
}

function* swappedParts(backward: Backward, from: Quantity, sizes: SizeValues): Generator<Mutant> {
  for (const axis of from.shape.keys()) {
    const parts = partsOf(backward, from, axis, sizes);
    const total = from.shape[axis]!.evaluate(sizes);
    const blocks = blocksOf(parts);
    if (blocks.length < 2 || !areSideBySide(blocks, total)) continue;
    yield* takenElsewhere(backward, parts, axis, total);
    for (const places of otherPlaces(blocks, total)) {
      const placeOf = ({ start }: Part): number =>
        places[blocks.findIndex((block) => block.start === start)]!;
      const isExchange = blocks.filter(({ start }, k) => places[k] !== start).length === 2;
      const moved = parts.filter((part) => placeOf(part) !== part.start);
      const others = moved.map((part) => takenFrom(backward, part, axis, placeOf(part)));
      yield {
        fault: faultOf(backward, moved, others),
        cost: isExchange ? EXCHANGED : REORDERED,
        change: () => ({ removed: new Set(moved.map(({ edge }) => edge)), added: others }),
      };
    }
  }
}

/** Where each of some blocks begins in other orders of them: blocks of one length changed over, and all from the end. */
function otherPlaces(blocks: readonly Block[], total: number): readonly (readonly number[])[] {
  const orders = ordersOf(blocks).map((order) => order.map((place) => blocks[place]!.start));
  const mirrored = blocks.map(({ start, length }) => total - start - length);
  const isKnown = orders.some((places) => places.every((place, k) => place === mirrored[k]));
  return isKnown ? orders : [...orders, mirrored];
}

/** One part alone, from where another one begins: dq[:, :H] for dq[:, D:]. */
function* takenElsewhere(
  backward: Backward,
  parts: readonly Part[],
  axis: number,
  total: number,
): Generator<Mutant> {
  for (const part of parts) {
    const { edge, start, length } = part;
    for (const other of parts) {
      if (other.start === start || other.start + length > total) continue;
      const taken = takenFrom(backward, part, axis, other.start);
      yield {
        fault: faultAt(edge.to, "wrong-variable", () => {
          const [used, instead] = [taken.clause.body, edge.clause.body].map((one) =>
            modelText(one),
          );
          return {
            used: used!,
            instead: instead!,
            what: `computed with ${used!} where ${instead!} belongs`,
          };
        }),
        cost: EXCHANGED,
        change: () => ({ removed: new Set([edge]), added: [taken] }),
      };
    }
  }
}

/** The line that takes a part, with the entries from another place on. */
function takenFrom(
  { graph }: Backward,
  { edge, reference, start }: Part,
  axis: number,
  from: number,
): Edge {
  const moved = Index.constant(Size.of(from - start));
  const indices = reference.indices.with(axis, reference.indices[axis]!.plus(moved));
  const other = graph.reference(reference.quantity, indices);
  const instead = (node: Expression) => (node === reference ? other : undefined);
  const body = graph.transform(edge.clause.body, instead);
  return { ...edge, clause: { ...edge.clause, body } };
}

/** The lines that take blocks along an axis; none where some line takes anything else. */
function partsOf(
  backward: Backward,
  from: Quantity,
  axis: number,
  sizes: SizeValues,
): readonly Part[] {
  const edges = backward.outOf(from);
  const adjoint = backward.adjointOf(from);
  const parts = edges.flatMap((edge): Part[] => {
    const reference = references([edge.clause.body]).find(({ quantity }) => quantity === adjoint);
    const block = reference && blockAt(reference.indices[axis]!, sizes);
    return block ? [{ edge, reference, ...block }] : [];
  });
  return parts.length === edges.length ? parts.sort((a, b) => a.start - b.start) : [];
}

/**
 * The blocks that lines take, in their order: where a block is made of several quantities, as a product is, each of
 * them has a line that takes it.
 */
function blocksOf(parts: readonly Part[]): readonly Block[] {
  return parts.filter(({ start, length }, k) => {
    const before = parts[k - 1];
    return before?.start !== start || before.length !== length;
  });
}

/** Nobody computes derivatives by data: what they would take is not told. */
function faultOf(backward: Backward, parts: readonly Part[], others: readonly Edge[]): Fault {
  const texts = (): readonly {
    readonly at: Quantity;
    readonly used: string;
    readonly instead: string;
  }[] =>
    parts.flatMap(({ edge, reference }, k) => {
      if (backward.isData(edge.to)) return [];
      const other = references([others[k]!.clause.body]).find(
        ({ quantity }) => quantity === reference.quantity,
      )!;
      return [{ at: edge.to, used: modelText(other), instead: modelText(reference) }];
    });
  return {
    cause: "wrong-variable",
    details: () => texts()[0]!,
    firstIn: texts().map(({ at }) => at.name),
    say: (claim) => {
      const whole = adjointName(parts[0]!.edge.from);
      const taken = texts().map(
        ({ at, used, instead }) => `${adjointName(at)} takes ${used} where ${instead} belongs`,
      );
      const what = taken.length > 1 ? "the parts of" : "another part of";
      const is = taken.length > 1 ? "are changed over" : "is taken";
      return `${claim}: ${what} ${whole} ${is}: ${listed(taken)}`;
    },
  };
}
