/** What is divided by its sum, differentiated as if it were not divided: eˣ for softmax(x). */
import type { Definition } from "../../../expression/definition.js";
import type { Expression } from "../../../expression/expression.js";
import { references } from "../../../expression/walk.js";
import type { Backward } from "../../pass/backward.js";
import { modelText } from "../../explanations/words.js";
import type { Kind } from "../family.js";
import { faultAt, type Mutant } from "../mutant.js";
import { rewritten } from "../rewritten.js";

export const NUMERATORS_ALONE: Kind<Definition> = {
  least: 1.95,
  make: ({ backward }, definition) => numeratorAlone(backward, definition),
};

function* numeratorAlone(backward: Backward, definition: Definition): Generator<Mutant> {
  const { graph } = backward;
  const { quantity } = definition;
  const other = rewritten(graph, definition, (node) => undivided(backward, node));
  if (other === definition) return;
  const [at, ...others] = new Set(backward.outOf(quantity).map(({ to }) => to));
  yield {
    fault: faultAt(others.length === 0 ? at : undefined, "wrong-function", () => {
      const numerator = modelText(other.clauses[0]!.body);
      return {
        used: `the derivative of ${numerator}`,
        instead: `the derivative of ${quantity.name}`,
        what: `computed with the derivative of ${numerator} for that of ${quantity.name}, which is divided by a sum: the quotient rule has a term for the sum, too`,
      };
    }),
    cost: 1.95,
    change: () => backward.changeOf(other),
  };
}

/**
 * exp(x) for exp(x − logsumexp(x)), and the numerator of a quotient; undefined for what is not divided by a sum, or
 * by one of data, which is a constant.
 */
function undivided(backward: Backward, node: Expression): Expression | undefined {
  const { graph } = backward;
  if (node.kind === "apply") {
    const [child] = node.children;
    if (child?.kind !== "sum") return undefined;
    const kept = child.terms.filter(({ term }) => !isLogarithmOfSum(term));
    if (kept.length === child.terms.length || kept.length === 0) return undefined;
    const operand = graph.add(graph.combine(kept), graph.number(child.constant));
    return graph.apply(node.operation, operand);
  }
  if (node.kind !== "product") return undefined;
  const isSum = (base: Expression): boolean =>
    base.kind === "reduce" && references([base]).some((one) => !backward.isData(one.quantity));
  const kept = node.factors.filter(({ base, exponent }) => exponent > 0 || !isSum(base));
  if (kept.length === node.factors.length || kept.length === 0) return undefined;
  return graph.monomial(node.coefficient, kept);
}

function isLogarithmOfSum(node: Expression): boolean {
  return node.kind === "reduce" && node.reduction === "logsumexp";
}
