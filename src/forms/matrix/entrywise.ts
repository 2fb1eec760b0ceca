/** What is multiplied and divided entry by entry, and how that is said. */
import { postorder } from "../../expression/walk.js";
import { type HadamardNode, isScalar, type MatrixExpression, operands } from "./expression.js";

/** Whether several matrices are multiplied or divided entry by entry. */
export function isEntrywise(node: MatrixExpression): node is HadamardNode {
  return node.kind === "hadamard" && !isScalar(node) && node.factors.length > 1;
}

/** One sentence for all of a ⊙ b, a ⊘ b and 1 ⊘ (a ⊙ b) in an expression. */
export function entrywiseText(root: MatrixExpression): string {
  const all = postorder([root], operands).filter(isEntrywise);
  const counts = all.map(({ factors }) => {
    const divisors = factors.filter(({ exponent }) => exponent < 0).length;
    return { divisors, others: factors.length - divisors };
  });
  const isProduct = counts.some(({ divisors, others }) => divisors > 1 || others > 1);
  const isQuotient = counts.some(({ divisors }) => divisors > 0);
  const how = [...(isProduct ? ["multiplied"] : []), ...(isQuotient ? ["divided"] : [])];
  return `factors with the same indices and no sum over them are ${how.join(" and ")} entry by entry`;
}
