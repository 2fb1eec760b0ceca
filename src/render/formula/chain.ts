/** Products of derivatives along a chain, with the sums over what lies between in front of them. */
import type { Expression, ProductNode } from "../../expression/expression.js";
import { Binding, type Latex } from "../../expression/operations/operation.js";
import { isNumeral } from "../../expression/predicates.js";
import { isUnit, magnitude } from "../../expression/rational.js";
import type { LetterNames } from "../notation/letters.js";
import { ExpressionPrinter } from "./expression.js";
import type { Factor } from "./terms.js";

/**
 * Σ_j δ_j ∂z_j/∂a_i ∂a_i/∂u_i: factors stand from the loss backwards also where a sum runs over an
 * index that only some of them have. Expressions themselves keep those in front of the sum.
 */
export class ChainPrinter extends ExpressionPrinter {
  override product(node: ProductNode, names: LetterNames, unsigned: boolean): Latex {
    const { coefficient, factors } = node;
    const isInFront = ({ base }: Factor): boolean =>
      isNumeral(base) || (base.kind === "reference" && this.order.inFront.has(base.quantity));
    const inFront = factors.filter(isInFront);
    const chain = factors.filter((one) => !isInFront(one));
    if (sumsIn(chain).length !== 1 || divides(chain)) return super.product(node, names, unsigned);
    const number = this.quotient(magnitude(coefficient), inFront, { names });
    const sums = this.chained(chain, names);
    const tex = number === "" ? sums : `${number}${this.between(number, sums)}${sums}`;
    const isNegative = coefficient.s < 0n && !unsigned;
    return isNegative
      ? { tex: `-${tex}`, binding: Binding.sum }
      : { tex, binding: Binding.product };
  }

  private chained(factors: readonly Factor[], names: LetterNames): string {
    const [sum, ...others] = sumsIn(factors);
    if (!sum || others.length > 0) return this.factors(factors, { names });
    const inner = names.inside(sum.letter);
    const rest = factors.filter(({ base }) => base !== sum);
    const within = this.chained([...rest, ...factorsOf(sum.body)], inner);
    return `${this.bounds("\\sum", sum, inner)} ${within}`;
  }
}

function factorsOf(body: Expression): readonly Factor[] {
  const isProduct = body.kind === "product" && isUnit(body.coefficient);
  return isProduct ? body.factors : [{ base: body, exponent: 1 }];
}

/** Whether something is divided by, among factors or those that are summed. */
function divides(factors: readonly Factor[]): boolean {
  return (
    factors.some(({ exponent }) => exponent < 0) ||
    sumsIn(factors).some(({ body }) => divides(factorsOf(body)))
  );
}

/** The factors that are sums over an index. */
function sumsIn(factors: readonly Factor[]) {
  return factors.flatMap(({ base, exponent }) =>
    base.kind === "reduce" && base.reduction === "sum" && exponent === 1 ? [base] : [],
  );
}
