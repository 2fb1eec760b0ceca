/** Products of derivatives along a chain, with the sums over what lies between in front of them. */
import type { Expression, ProductNode } from "../../expression/expression.js";
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
    const isChain = sumsIn(node.factors).length === 1 && isOfDerivatives(node);
    if (!isChain) return super.product(node, names, unsigned);
    return { tex: this.chained(node.factors, names), binding: Binding.product };
  }

  private chained(factors: readonly Factor[], names: LetterNames): string {
    const [sum, ...others] = sumsIn(factors);
    if (!sum || others.length > 0) return this.factors(factors, { names });
    const inner = names.inside(sum.letter);
    const { body } = sum;
    const isProduct = body.kind === "product" && body.coefficient.equals(1);
    const within = isProduct ? body.factors : [{ base: body, exponent: 1 }];
    const rest = factors.filter(({ base }) => base !== sum);
    return `${this.bounds("\\sum", sum, inner)} ${this.chained([...rest, ...within], inner)}`;
  }
}

/**
 * Whether nothing but derivatives is multiplied and added, as along paths; what the loss contains
 * itself stands beside them, and is written as every expression is.
 */
function isOfDerivatives(node: Expression): boolean {
  switch (node.kind) {
    case "reference":
      return node.quantity.role === "adjoint" || node.quantity.role === "partial";
    case "delta":
      return true;
    case "product":
      return (
        node.coefficient.equals(1) &&
        node.factors.every(({ base, exponent }) => exponent === 1 && isOfDerivatives(base))
      );
    case "sum":
      return node.constant.n === 0n && node.terms.every(({ term }) => isOfDerivatives(term));
    case "reduce":
      return node.reduction === "sum" && isOfDerivatives(node.body);
    default:
      return false;
  }
}

/** The factors that are sums over an index. */
function sumsIn(factors: readonly Factor[]) {
  return factors.flatMap(({ base, exponent }) =>
    base.kind === "reduce" && base.reduction === "sum" && exponent === 1 ? [base] : [],
  );
}
