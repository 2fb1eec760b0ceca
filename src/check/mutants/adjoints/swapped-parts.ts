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
import type { Kind } from "../family.js";
import type { Mutant } from "../mutant.js";

const COST = 2.1;

export const SWAPPED_PARTS: Kind<Quantity> = {
  least: COST,
  make: ({ backward, sizes }, at) => swappedParts(backward, at, sizes),
};

/** A line that takes a block of the derivative: where along the axis it begins, and how long it is. */
interface Part {
  readonly edge: Edge;
  readonly reference: ReferenceNode;
  readonly start: number;
  readonly length: number;
}

function* swappedParts(backward: Backward, from: Quantity, sizes: SizeValues): Generator<Mutant> {
  const { graph } = backward;
  for (const axis of from.shape.keys()) {
    const parts = partsOf(backward, from, axis, sizes);
    const total = from.shape[axis]!.evaluate(sizes);
    if (parts.length < 2 || !fill(parts, total)) continue;
    const others = parts.map(({ edge, reference, start, length }) => {
      const moved = Index.constant(Size.of(total - start - length - start));
      const indices = reference.indices.with(axis, reference.indices[axis]!.plus(moved));
      const other = graph.reference(reference.quantity, indices);
      const instead = (node: Expression) => (node === reference ? other : undefined);
      const body = graph.transform(edge.clause.body, instead);
      return { ...edge, clause: { ...edge.clause, body } };
    });
    yield {
      fault: faultOf(parts, others),
      cost: COST,
      change: () => ({ removed: new Set(parts.map(({ edge }) => edge)), added: others }),
    };
  }
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
    const index = reference?.indices[axis];
    const [term, ...others] = index?.terms ?? [];
    if (!reference || !index || !term?.coefficient.isOne || others.length > 0) return [];
    const length = term.letter.size.evaluate(sizes);
    return [{ edge, reference, start: index.offset.evaluate(sizes), length }];
  });
  return parts.length === edges.length ? parts.sort((a, b) => a.start - b.start) : [];
}

/** Whether parts lie side by side and fill an axis. */
function fill(parts: readonly Part[], total: number): boolean {
  const ends = parts.map(({ start, length }) => start + length);
  return ends.at(-1) === total && parts.every(({ start }, k) => start === (ends[k - 1] ?? 0));
}

function faultOf(parts: readonly Part[], others: readonly Edge[]): Fault {
  const texts = (): readonly { readonly used: string; readonly instead: string }[] =>
    parts.map(({ reference }, k) => ({
      used: modelText(
        references([others[k]!.clause.body]).find(
          ({ quantity }) => quantity === reference.quantity,
        )!,
      ),
      instead: modelText(reference),
    }));
  return {
    cause: "wrong-variable",
    details: () => texts()[0]!,
    firstIn: parts.map(({ edge }) => edge.to.name),
    say: (claim) => {
      const whole = adjointName(parts[0]!.edge.from);
      const taken = texts().map(
        ({ used, instead }, k) =>
          `${adjointName(parts[k]!.edge.to)} takes ${used} where ${instead} belongs`,
      );
      return `${claim}: the parts of ${whole} are changed over: ${listed(taken)}`;
    },
  };
}
