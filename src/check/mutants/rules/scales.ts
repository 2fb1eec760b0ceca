/** Constants before a part of a definition that its derivative lacks: 1/N of a mean, ½, a rate. */
import { partials } from "../../../calculus/occurrences.js";
import type { Definition } from "../../../expression/definition.js";
import type { Expression } from "../../../expression/expression.js";
import { references } from "../../../expression/walk.js";
import type { Backward } from "../../pass/backward.js";
import { modelText } from "../../explanations/words.js";
import type { Mutant } from "../mutant.js";
import { dependsOnQuantities, mutantOf } from "../variant.js";

export function* scaleMutants(
  backward: Backward,
  definition: Definition,
  node: Expression,
): Generator<Mutant> {
  const { graph } = backward;
  for (const [part, right] of partials(graph, node)) {
    if (!dependsOnQuantities(part)) continue;
    for (const scale of scales(backward, node, part)) {
      const inverse = graph.integerPower(scale, -1);
      // what the model gives a name is a factor like others, and no constant
      const isNamed = references([scale]).length > 0;
      yield mutantOf(backward, definition, node, part, {
        partial: graph.multiply(right, inverse),
        cause: isNamed ? "missing-factor" : "constant-factor",
        tell: () => {
          const [left, factor] = [scale, inverse].map((one) =>
            modelText(one).replace(/^1 \.\/ /, "1/"),
          );
          const number = inverse.kind === "number" ? inverse.value.valueOf() : factor!;
          const term = modelText(part);
          return {
            factor: isNamed ? left! : number,
            term,
            what: `computed with the factor ${left} before ${term} left out: multiply that part by ${left}`,
          };
        },
        cost: 1.6,
      });
    }
  }
}

/** One number that no parameter moves: a temperature, a rate, the sum of the weights of all examples. */
export function isGivenNumber(backward: Backward, node: Expression): boolean {
  const used = references([node]).map(({ quantity }) => quantity);
  return (
    node.free.length === 0 && used.length > 0 && used.every((quantity) => backward.isData(quantity))
  );
}

/** Constants that an operand stands with in a sum or a product: sizes, given numbers, and its coefficient. */
function scales(backward: Backward, node: Expression, part: Expression): Expression[] {
  const { graph } = backward;
  const found: Expression[] = [];
  if (node.kind === "product") {
    for (const { base, exponent } of node.factors) {
      if (base.kind === "size" || isGivenNumber(backward, base))
        found.push(graph.integerPower(base, exponent));
    }
    found.push(graph.number(node.coefficient.abs()));
  }
  if (node.kind === "sum") {
    const own = node.terms.find(({ term }) => term === part);
    if (own) found.push(graph.number(own.coefficient.abs()));
  }
  return found.filter((scale) => scale !== graph.one && scale !== graph.zero);
}
