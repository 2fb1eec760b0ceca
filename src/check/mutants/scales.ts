/** Constants before a part of a definition that its derivative lacks: the 1/N of a mean. */
import type { Definition } from "../../expression/definition.js";
import type { ProductNode } from "../../expression/expression.js";
import type { Backward } from "../backward.js";
import { modelText } from "../words.js";
import type { Mutant } from "./mutant.js";
import { dependsOnQuantities, mutantOf } from "./variant.js";

export function* scaleMutants(
  backward: Backward,
  definition: Definition,
  node: ProductNode,
): Generator<Mutant> {
  const { graph } = backward;
  for (const { base, exponent } of node.factors) {
    if (base.kind !== "size") continue;
    const inverse = graph.integerPower(base, -exponent);
    const left = modelText(graph.integerPower(base, exponent)).replace(/^1 \.\/ /, "1/");
    const factor = modelText(inverse).replace(/^1 \.\/ /, "1/");
    for (const [position, part] of node.factors.entries()) {
      if (!dependsOnQuantities(part.base)) continue;
      const others = node.factors
        .toSpliced(position, 1)
        .map((one) => graph.integerPower(one.base, one.exponent));
      const right = graph.multiply(
        graph.number(node.coefficient.mul(part.exponent)),
        graph.integerPower(part.base, part.exponent - 1),
        ...others,
      );
      yield mutantOf(backward, definition, node, part.base, {
        partial: graph.multiply(right, inverse),
        cause: "constant-factor",
        details: { factor, term: modelText(part.base) },
        what: `computed with the factor ${left} of ${modelText(part.base)} left out: multiply that part by ${left}`,
        cost: 1.6,
      });
    }
  }
}
