/**
 * Windows that slide over an array: an operand of the correlation turned by 180 degrees, as a routine that
 * convolves does with its second one.
 */
import type { Definition } from "../../../expression/definition.js";
import type { ReferenceNode } from "../../../expression/expression.js";
import { Index } from "../../../expression/indices.js";
import type { Quantity } from "../../../expression/quantity.js";
import { type Shape, Size } from "../../../expression/size.js";
import { references } from "../../../expression/walk.js";
import type { Backward, Edge } from "../../pass/backward.js";
import { adjointName } from "../../explanations/words.js";
import { forwardFault } from "../forward-fault.js";
import type { Kind } from "../family.js";
import { faultAt, type Mutant } from "../mutant.js";
import { rewritten } from "../rewritten.js";

export const TURNED_OPERANDS: Kind<Quantity> = {
  least: 2.05,
  make: ({ backward }, quantity) => turnedOperands(backward, quantity),
};

/** In the sums that ∂loss/∂to is, or in where their results stand. */
function* turnedOperands(backward: Backward, to: Quantity): Generator<Mutant> {
  const { graph } = backward;
  for (const from of new Set(backward.into(to).map((edge) => edge.from))) {
    const steps = backward.into(to).filter((edge) => edge.from === from);
    if (!areWindows(steps)) continue;
    if (isTurnable(to)) yield turnedResult(to, steps);
    const used = references(steps.map(({ clause }) => clause.body));
    for (const quantity of new Set(used.map((one) => one.quantity))) {
      if (!isTurnable(quantity)) continue;
      yield {
        fault: faultAt(to, "wrong-variable", () => {
          const name = quantity.of ? adjointName(quantity.of) : quantity.name;
          return {
            used: `${name} turned by 180 degrees`,
            instead: name,
            what: `computed with ${name} turned by 180 degrees: take its entries in their order`,
          };
        }),
        cost: 2.05,
        change: () => ({
          removed: new Set(steps),
          added: steps.map((step) => {
            const body = graph.transform(step.clause.body, (node) =>
              node.kind === "reference" && node.quantity === quantity
                ? graph.reference(quantity, turned(node))
                : undefined,
            );
            return { ...step, clause: { ...step.clause, body } };
          }),
        }),
      };
    }
  }
}

/** A derivative by the kernel that a routine for convolutions has turned. */
function turnedResult(to: Quantity, steps: readonly Edge[]): Mutant {
  return {
    fault: faultAt(to, "transposed", () => ({
      what: "the right gradient turned by 180 degrees: its entries stand in reverse order, turn it back",
    })),
    cost: 2.05,
    change: () => ({
      removed: new Set(steps),
      added: steps.map((step) => {
        const { clause } = step;
        const indices = turned({ quantity: to, indices: clause.indices });
        return { ...step, clause: { ...clause, indices } };
      }),
    }),
  };
}

export const TURNED_KERNELS: Kind<Definition> = {
  least: 2.15,
  make: ({ backward }, definition) => turnedKernels(backward, definition),
};

/** A correlation for a convolution, or the other way round: the kernel turned in the forward pass. */
function* turnedKernels(backward: Backward, definition: Definition): Generator<Mutant> {
  const { quantity: at, clauses } = definition;
  const used = references(clauses.map(({ body }) => body));
  if (!used.some(isShifted)) return;
  for (const kernel of new Set(used.map(({ quantity }) => quantity))) {
    const own = used.filter(({ quantity }) => quantity === kernel);
    const isKernel = own.every(({ indices }) =>
      indices.every(({ letters }) => letters.length === 0),
    );
    if (!isKernel || !isTurnable(kernel) || own.length < 2) continue;
    const other = rewritten(backward.graph, definition, (node) =>
      node.kind === "reference" && node.quantity === kernel
        ? backward.graph.reference(kernel, turned(node))
        : undefined,
    );
    yield {
      fault: forwardFault(at, "wrong-variable", () => ({
        used: `${kernel.name} turned by 180 degrees`,
        instead: kernel.name,
        what: `${kernel.name} turned by 180 degrees`,
      })),
      cost: 2.15,
      change: () => backward.redefinition(other),
    };
  }
}

/** Whether contributions read, or reach, slices that differ by where they begin. */
function areWindows(steps: readonly Edge[]): boolean {
  if (steps.length < 2) return false;
  return steps.some(({ clause }) => isShifted(clause) || references([clause.body]).some(isShifted));
}

/** Whether a slice begins elsewhere than at the first entry. */
function isShifted({ indices }: Pick<ReferenceNode, "indices">): boolean {
  return indices.some(({ letters, offset }) => letters.length > 0 && offset.constant !== 0);
}

function isTurnable({ shape }: { readonly shape: Shape }): boolean {
  return shape.some((size) => !size.isOne);
}

function turned({ quantity, indices }: Pick<ReferenceNode, "quantity" | "indices">): Index[] {
  return indices.map((index, axis) => {
    const last = quantity.shape[axis]!.minus(Size.one);
    return Index.constant(last).plus(index.times(Size.of(-1)));
  });
}
