/** Sums and means that are missing, too many, or of each other's kind. */
import { call, numeral, transposed } from "../../../language/compose.js";
import { printSyntax } from "../../../language/print.js";
import type { CallSyntax } from "../../../language/syntax.js";
import { Size } from "../../../expression/size.js";
import type { Fault } from "../../explanations/hypothesis.js";
import {
  atParts,
  type Spot,
  type Surroundings,
  type Variant,
  type VariantKind,
} from "./variant.js";

export const SUM_VARIANTS: readonly VariantKind[] = [
  atParts(1.05, means),
  atParts(1.15, sumsForMeans),
  atParts(1.2, sums),
];

/** The sum where a mean belongs, within a line: of the whole, N is a factor too much. */
function* sumsForMeans(
  { node, parent, replace }: Spot,
  { shapeOf }: Surroundings,
): Generator<Variant> {
  if (node.kind !== "call" || node.name !== "sum" || !parent) return;
  const count = countIn(node, shapeOf);
  if (count.isOne) return;
  const right = { ...node, name: "mean" };
  const [used, instead] = [node, right].map(printSyntax);
  const over = count.toString();
  const fault: Fault = {
    cause: "constant-factor",
    details: () => ({ factor: count.constant ?? over, used: used!, instead: instead! }),
    say: (claim) =>
      `${claim} has the sum ${used!} where the mean over ${over} entries belongs, ${instead!}`,
  };
  yield { syntax: replace(right), faults: [fault], cost: 1.15 };
}

/** How many entries a sum or a mean goes over. */
function countIn(node: CallSyntax, shapeOf: Surroundings["shapeOf"]): Size {
  const [inner, dim] = node.args;
  const sizes = (inner && shapeOf(inner)) ?? [];
  const over = dim?.kind === "number" ? sizes.slice(Number(dim.text) - 1).slice(0, 1) : sizes;
  return over.reduce((product, size) => product.times(size), Size.one);
}

function* sums({ node, parent, replace }: Spot): Generator<Variant> {
  const text = printSyntax(node);
  if (node.kind === "call" && (node.name === "sum" || node.name === "mean")) {
    const [inner, dim] = node.args;
    if (!inner) return;
    const say = (claim: string): string => `${claim}: ${text} must not be summed`;
    yield { syntax: replace(inner), faults: [{ cause: "over-summed", say }], cost: 1.3 };
    if (dim?.kind === "number") {
      const other = numeral(dim.text === "1" ? 2 : 1);
      const right = printSyntax(call(node.name, inner, other));
      const wrongAxis = (claim: string): string =>
        `${claim}: ${text} runs along the wrong axis, take ${right}`;
      const faults: Fault[] = [
        { cause: "not-summed", say: wrongAxis },
        { cause: "over-summed", say: wrongAxis },
      ];
      for (const one of [call(node.name, inner, other), transposed(call(node.name, inner, other))])
        yield { syntax: replace(one), faults, cost: 1.3 };
      const whole = (claim: string): string => `${claim}: ${text} must run over all entries`;
      yield {
        syntax: replace(call(node.name, inner)),
        faults: [{ cause: "not-summed", say: whole }],
        cost: 1.35,
      };
    } else {
      for (const axis of [2, 1]) {
        const along = call(node.name, inner, numeral(axis));
        const once = (claim: string): string => `${claim}: ${text} sums over one axis too many`;
        yield { syntax: replace(along), faults: [{ cause: "over-summed", say: once }], cost: 1.35 };
      }
    }
    return;
  }
  const isSummed = parent?.kind === "call" && (parent.name === "sum" || parent.name === "mean");
  if (node.kind === "number" || isSummed) return;
  const say = (claim: string): string => `${claim}: ${text} is not summed`;
  const faults: Fault[] = [{ cause: "not-summed", say }];
  const cost = parent ? 1.5 : 1.2;
  for (const axis of [2, 1]) {
    yield { syntax: replace(call("sum", node, numeral(axis))), faults, cost };
  }
  yield { syntax: replace(call("sum", node)), faults, cost: cost + 0.05 };
}

/** The mean where the sum belongs: the derivative of a mean has its number of entries already. */
function* means({ node, replace }: Spot, { shapeOf }: Surroundings): Generator<Variant> {
  if (node.kind !== "call" || node.name !== "mean") return;
  const count = countIn(node, shapeOf);
  if (count.isOne) return;
  const right = { ...node, name: "sum" };
  const [used, instead] = [node, right].map(printSyntax);
  const factor = count.constant === undefined ? `1/${count.toString()}` : 1 / count.constant;
  const fault: Fault = {
    cause: "constant-factor",
    details: () => ({ factor, used: used!, instead: instead! }),
    say: (claim) => `${claim} has ${used!} where the sum belongs, ${instead!}`,
  };
  yield { syntax: replace(right), faults: [fault], cost: 1.05 };
}
