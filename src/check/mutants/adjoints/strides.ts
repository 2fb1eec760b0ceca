/** Windows that slide over the data: taken at another stride, or turned around. */
import { Index } from "../../../expression/indices.js";
import type { ReferenceNode } from "../../../expression/expression.js";
import { Size, type SizeValues } from "../../../expression/size.js";
import type { Quantity } from "../../../expression/quantity.js";
import { references } from "../../../expression/walk.js";
import type { Backward, Change, Edge } from "../../pass/backward.js";
import { faultAt, type Mutant } from "../mutant.js";
import type { Kind } from "../family.js";

/** A use of a quantity at an offset along one of its axes. */
interface Use {
  readonly edge: Edge;
  readonly reference: ReferenceNode;
  readonly offset: number;
}

/** Contributions to ∂loss/∂to that read the same quantity at evenly spaced places. */
export const STRIDE_MUTANTS: Kind<Quantity> = {
  least: 2.1,
  make: ({ backward, sizes }, at) => strideMutants(backward, at, sizes),
};

function* strideMutants(backward: Backward, to: Quantity, sizes: SizeValues): Generator<Mutant> {
  for (const { read, axis, uses } of slides(backward, to, sizes)) {
    const [first, second] = uses;
    const stride = second!.offset - first!.offset;
    const isEven = uses.every(({ offset }, k) => offset === first!.offset + k * stride);
    const length = read.shape[axis]!.evaluate(sizes);
    const reach = length - reachOf(uses.at(-1)!, axis, sizes);
    const moved = (place: (k: number) => number): Change => movedTo(backward, uses, axis, place);
    const others = [1, 2, 3, 0].filter(
      (other) =>
        other !== stride &&
        first!.offset + (uses.length - 1) * other <= uses.at(-1)!.offset + reach,
    );
    if (!isEven) continue;
    for (const other of others) {
      yield {
        fault: faultAt(to, "wrong-variable", () => ({
          used: `${read.name} at stride ${other}`,
          instead: `${read.name} at stride ${stride}`,
          what: `computed with windows of ${read.name} that are ${other} apart: they are ${stride} apart`,
        })),
        cost: 2.1,
        change: () => moved((k) => first!.offset + k * other),
      };
    }
    yield {
      fault: faultAt(to, "wrong-variable", () => ({
        used: `${read.name} in reverse order`,
        instead: read.name,
        what: `computed with the windows of ${read.name} in reverse order`,
      })),
      cost: 2.2,
      change: () => moved((k) => uses.at(-1 - k)!.offset),
    };
  }
}

interface Slide {
  readonly read: Quantity;
  readonly axis: number;
  /** In the order of their offsets, at least two different ones. */
  readonly uses: readonly Use[];
}

function slides(backward: Backward, to: Quantity, sizes: SizeValues): Slide[] {
  const all = backward.into(to).flatMap((edge) =>
    references([edge.clause.body])
      .filter(({ quantity }) => quantity.role !== "adjoint")
      .map((reference) => ({ edge, reference })),
  );
  const reads = new Set(all.map(({ reference }) => reference.quantity));
  return [...reads].flatMap((read) =>
    read.shape.flatMap((_, axis): Slide[] => {
      const uses = all
        .filter(({ reference }) => reference.quantity === read)
        .map((use) => ({
          ...use,
          offset: use.reference.indices[axis]!.offset.evaluate(sizes),
        }))
        .sort((a, b) => a.offset - b.offset);
      const offsets = new Set(uses.map(({ offset }) => offset));
      const isSlide = uses.length > 1 && offsets.size === uses.length;
      return isSlide ? [{ read, axis, uses }] : [];
    }),
  );
}

/** The last place along an axis that a use reads, from 1. */
function reachOf({ reference }: Use, axis: number, sizes: SizeValues): number {
  const index = reference.indices[axis]!;
  return index.terms.reduce(
    (sum, { letter, coefficient }) =>
      sum + coefficient.evaluate(sizes) * (letter.size.evaluate(sizes) - 1),
    index.offset.evaluate(sizes) + 1,
  );
}

function movedTo(
  { graph }: Backward,
  uses: readonly Use[],
  axis: number,
  place: (k: number) => number,
): Change {
  const added = uses.map(({ edge, reference, offset }, k) => {
    const index = reference.indices[axis]!.plus(Index.constant(Size.of(place(k) - offset)));
    const other = graph.reference(reference.quantity, reference.indices.with(axis, index));
    const body = graph.transform(edge.clause.body, (node) =>
      node === reference ? other : undefined,
    );
    return { ...edge, clause: { ...edge.clause, body } };
  });
  return { removed: new Set(uses.map(({ edge }) => edge)), added };
}
