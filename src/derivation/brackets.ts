/** What 1[…] means is said once, where it is written first. */
import type { Expression } from "../expression/expression.js";
import { postorder } from "../expression/walk.js";
import { type MatrixExpression, operands } from "../forms/matrix/expression.js";
import type { Side, Step } from "./step.js";

const SENTENCE = "1[…] is 1 where the condition in the brackets holds, and 0 elsewhere.";

/** The steps, the first one that writes 1[…] with what it means. */
export function withBracketsExplained(steps: readonly Step[]): Step[] {
  const first = steps.findIndex(({ right }) => writesBracket(right));
  return steps.map((step, position) =>
    position === first ? { ...step, why: `${step.why} ${SENTENCE}` } : step,
  );
}

function writesBracket(side: Side): boolean {
  if (side.kind === "scalar") return hasBracket(side.expression);
  if (side.kind === "entry") return hasMatrixBracket(side.matrix);
  return side.kind === "matrix" && side.leaves === undefined && hasMatrixBracket(side.matrix);
}

function hasBracket(root: Expression): boolean {
  return [...postorder([root], (one: Expression) => one.children)].some(
    (node) =>
      node.kind === "delta" || (node.kind === "apply" && node.operation.relation !== undefined),
  );
}

function hasMatrixBracket(root: MatrixExpression): boolean {
  return [...postorder([root], operands)].some(
    (node) => node.kind === "apply" && node.operation.relation !== undefined,
  );
}
