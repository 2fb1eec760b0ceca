/** Products of derivatives along a chain, with the sums over what lies between in front of them. */
import type { ProductNode } from "../../expression/expression.js";
import { Binding, type Latex } from "../../expression/operations/operation.js";
import type { LetterNames } from "../notation/letters.js";
import { ExpressionPrinter } from "./expression.js";
import type { Factor } from "./terms.js";

/**
 * Σ_j δ_j ∂z_j/∂a_i ∂a_i/∂u_i: factors stand from the loss backwards also where a sum runs over an
 * index that only some of them have. Expressions themselves keep those in front of the sum.
 */
export class ChainPrinter extends ExpressionPrinter {
  protected override product(node: ProductNode, names: LetterNames, unsigned: boolean): Latex {
    const isPlain = node.coefficient.equals(1) && sumsIn(node.factors).length === 1;
    if (!isPlain) return super.product(node, names, unsigned);
    return { tex: this.chained(node.factors, names), binding: Binding.product };
  }

  private chained(factors: readonly Factor[], names: LetterNames): string {
    const [sum, ...others] = sumsIn(factors);
    if (!sum || others.length > 0) return this.factors(factors, names);
    const inner = names.inside(sum.letter);
    const { body } = sum;
    const isProduct = body.kind === "product" && body.coefficient.equals(1);
    const within = isProduct ? body.factors : [{ base: body, exponent: 1 }];
    const rest = factors.filter(({ base }) => base !== sum);
    return `${this.bounds("\\sum", sum, inner)} ${this.chained([...rest, ...within], inner)}`;
  }
}

/** The factors that are sums over an index. */
function sumsIn(factors: readonly Factor[]) {
  return factors.flatMap(({ base, exponent }) =>
    base.kind === "reduce" && base.reduction === "sum" && exponent === 1 ? [base] : [],
  );
}
