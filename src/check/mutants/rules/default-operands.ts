/** The slope of a function with the usual number for one that the model gives: leakyrelu's 0.01 for 0.1. */
import type { ApplyNode } from "../../../expression/expression.js";
import { isZero } from "../../../expression/predicates.js";
import type { Backward } from "../../pass/backward.js";
import { modelText } from "../../explanations/words.js";
import { operandsAt } from "../unary.js";
import type { Variant } from "../variant.js";

/** @param position of the operand that the derivative is by */
export function defaultOperands({ graph }: Backward, node: ApplyNode, position: number): Variant[] {
  const { operation, children } = node;
  if (position > 0 || !operation.defaults) return [];
  const usual = operandsAt(graph, operation, children[0]!);
  const partialOf = (args: readonly ApplyNode["children"][number][]) =>
    operation.derivative(graph, args, graph.apply(operation, ...args))[0]!;
  const [right, partial] = [partialOf(children), partialOf(usual)];
  if (partial === right || isZero(right)) return [];
  const changed = usual.flatMap((one, k) => (one === children[k] ? [] : [k]));
  return [
    {
      partial,
      cause: "wrong-variable",
      tell: () => {
        const [used, instead] = [usual, children].map((args) =>
          changed.map((k) => modelText(args[k]!)).join(", "),
        );
        const names = changed.map((k) => operation.operands[k]!).join(", ");
        return {
          used: used!,
          instead: instead!,
          what: `computed with ${used!}, the usual ${names} of ${operation.name}, where ${instead!} belongs: put ${instead!} in its place`,
        };
      },
      cost: 1.65,
    },
  ];
}
