/** Transposes of syntax, written with as few signs as they need. */
import { binary, transposed } from "../../language/compose.js";
import type { BinaryOperator, Syntax } from "../../language/syntax.js";

/** The transpose; where every part is one already, the parts as they were: a + 2 * b of a' + 2 * b'. */
export function turned(node: Syntax): Syntax {
  return untransposed(node) ?? transposed(node);
}

const ENTRYWISE: ReadonlySet<BinaryOperator> = new Set(["+", "-", ".*", "./"]);

/** What is transposed where every part is a transpose: a + 2 * b of a' + 2 * b'; undefined of anything else. */
export function untransposed(node: Syntax): Syntax | undefined {
  if (node.kind === "number") return node;
  if (node.kind === "unary") {
    if (node.operator === "'") return node.operand;
    const operand = untransposed(node.operand);
    return operand && { ...node, operand };
  }
  if (node.kind !== "binary") return undefined;
  const { operator, left, right } = node;
  const isScaled = operator === "*" && left.kind === "number";
  if (!ENTRYWISE.has(operator) && !isScaled && operator !== "/") return undefined;
  const [a, b] = [untransposed(left), operator === "/" ? right : untransposed(right)];
  return a && b && binary(operator, a, b);
}
