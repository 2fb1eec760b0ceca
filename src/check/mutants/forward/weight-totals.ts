/** Totals of weights and masks, and the counts of what they weigh, taken for one another: sum(m) for N. */
import type { Expression, ProductNode } from "../../../expression/expression.js";
import { fullAxes } from "../../../expression/definition.js";
import { Index, letter } from "../../../expression/indices.js";
import type { Quantity } from "../../../expression/quantity.js";
import { Size } from "../../../expression/size.js";
import { references } from "../../../expression/walk.js";
import { modelText } from "../../explanations/words.js";
import type { Backward } from "../../pass/backward.js";
import { inPlaceOf } from "../forward-fault.js";
import type { Rewriting } from "./rewriting.js";

const COST = 2.3;

/** @param whole the body that the node stands in: what is weighed there is divided by a total or a count */
export function otherTotals(backward: Backward, node: Expression, whole: Expression): Rewriting[] {
  if (node.kind !== "product") return [];
  return [...totalsForCounts(backward, node, whole), ...countsForTotals(backward, node)];
}

/** The total of what weighs the entries, where they are counted. */
function totalsForCounts(backward: Backward, node: ProductNode, whole: Expression): Rewriting[] {
  const { graph } = backward;
  const counts = node.factors.flatMap(({ base, exponent }) =>
    base.kind === "size" && exponent === -1 ? [base.size] : [],
  );
  if (counts.length === 0) return [];
  const weights = new Set(references([whole]).map(({ quantity }) => quantity));
  return [...weights].flatMap((weight): Rewriting[] => {
    if (!backward.isData(weight)) return [];
    const total = totalOf(backward, weight);
    const isCounted = (size: Size): boolean => counts.some((one) => one.equals(size));
    const own = weight.shape.filter((size) => !size.isOne);
    if (!own.some(isCounted)) return [];
    const all = own.reduce((product, size) => product.times(size), Size.one);
    const sizes = new Map([...own.filter(isCounted), all].map((size) => [size.key, size]));
    return [...sizes.values()].map((size) => {
      const count = graph.size(size);
      return {
        result: graph.divide(graph.multiply(node, count), total),
        cause: "wrong-variable",
        tell: () => inPlaceOf(modelText(total), modelText(count)),
        cost: COST,
      };
    });
  });
}

/** How many entries there are, where the total of their weights belongs. */
function countsForTotals(backward: Backward, node: ProductNode): Rewriting[] {
  const { graph } = backward;
  return node.factors.flatMap(({ base, exponent }): Rewriting[] => {
    const own = exponent === -1 ? summedData(backward, base) : [];
    if (own.length === 0) return [];
    const all = own.reduce((product, size) => product.times(size), Size.one);
    const sizes = new Map([...own, all].map((size) => [size.key, size]));
    return [...sizes.values()].map((size) => {
      const count = graph.size(size);
      return {
        result: graph.divide(graph.multiply(node, base), count),
        cause: "wrong-variable",
        tell: () => inPlaceOf(modelText(count), modelText(base)),
        cost: COST,
      };
    });
  });
}

/** The axes over which an expression sums data, by a name or without one; none for anything else. */
export function summedData(backward: Backward, base: Expression): Size[] {
  let own =
    base.kind === "reference" ? (backward.bodyAt(base.quantity, base.indices) ?? base) : base;
  const sizes: Size[] = [];
  while (own.kind === "reduce" && own.reduction === "sum") {
    sizes.push(own.letter.size);
    own = own.body;
  }
  const summed = references([own]).map(({ quantity }) => quantity);
  return summed.length > 0 && summed.every((one) => backward.isData(one)) ? sizes : [];
}

function totalOf({ graph }: Backward, weight: Quantity): Expression {
  const { letters, indices } = fullAxes(weight.shape);
  const bound = letters.map(({ size }, k) => letter(`total${k}`, size));
  const renaming = new Map(letters.map(({ key }, k) => [key, Index.of(bound[k]!)] as const));
  const entry = graph.substitute(graph.reference(weight, indices), renaming);
  return graph.sumOver(bound, entry);
}
