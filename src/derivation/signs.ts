/** What 1[…], ∂⁺, functions such as σ and softplus, and reductions such as rowmax mean is said once, where they are written first. */
import { CONTENT, holds } from "../expression/contents.js";
import type { Expression } from "../expression/expression.js";
import type { Operation } from "../expression/operations/operation.js";
import { sigmoid } from "../expression/operations/smooth.js";
import type { Quantity } from "../expression/quantity.js";
import { postorder, references } from "../expression/walk.js";
import {
  type MatrixExpression,
  operands,
  type ReductionNode,
  reductionWord,
} from "../forms/matrix/expression.js";
import { formula, joined, said, type Sentence } from "../language/sentence.js";
import type { Model } from "../language/model.js";
import type { Side, Step } from "./step.js";

/**
 * The steps, the first one that writes 1[…], ∂⁺ or a function such as σ that the model does not have with what that
 * means. Lines of one display that have one reason keep one.
 */
export function withSignsExplained(steps: readonly Step[], { definitions }: Model): Step[] {
  const bodies = definitions.flatMap(({ clauses }) => clauses.map(({ body }) => body));
  return explained(steps, new Set(bodies.flatMap(functionsIn).map(({ name }) => name)));
}

/** The steps of the model itself, the first one that writes a sign or a function with what that means. */
export function withModelExplained(steps: readonly Step[]): Step[] {
  return explained(steps, new Set());
}

/** @param said the signs whose meaning is known, which grow */
function explained(steps: readonly Step[], said: Set<string>): Step[] {
  return alike(steps).flatMap((lines) => {
    const news = new Map(lines.flatMap(sentences).filter(([sign]) => !said.has(sign)));
    for (const sign of news.keys()) said.add(sign);
    return lines.map((step) => ({ ...step, why: joined([step.why, ...news.values()]) }));
  });
}

/** Steps that follow each other in one display with one reason, together. */
function alike(steps: readonly Step[]): Step[][] {
  const runs: Step[][] = [];
  for (const step of steps) {
    const run = runs.at(-1);
    if (step.continues === true && run?.[0]!.why.text === step.why.text) run.push(step);
    else runs.push([step]);
  }
  return runs;
}

/** The signs of a step, each with what it means. */
function sentences({ left, right }: Step): (readonly [sign: string, text: Sentence])[] {
  const direct = [left, right].flatMap(quantitiesOf).find(({ isDirect }) => isDirect === true);
  const found: [string, Sentence][] = [];
  if (writesBracket(right)) {
    found.push([
      "1",
      said`${formula("1[…]")} is 1 where the condition in the brackets holds, and 0 elsewhere.`,
    ]);
  }
  for (const operation of functionsOf(right)) {
    const { name, meaning } = operation;
    if (!meaning) continue;
    const equation = formula({ kind: "function", operation, meaning });
    found.push([
      name,
      operation === sigmoid ? said`${equation} is the sigmoid.` : said`${equation}.`,
    ]);
  }
  for (const node of reductionsOf(right)) found.push([reductionWord(node), reductionMeaning(node)]);
  if (direct?.of && direct.numerator) {
    const what = said`what ${direct.of} does in the definition of ${direct.numerator} itself`;
    found.push(["+", said`The plus sign above ∂ means the direct part: ${what}.`]);
  }
  return found;
}

function quantitiesOf(side: Side): Quantity[] {
  if (side.kind === "scalar") return references([side.expression]).map(({ quantity }) => quantity);
  if (side.kind !== "matrix") return [];
  return nodesOf(side.matrix).flatMap((node) => (node.kind === "quantity" ? [node.quantity] : []));
}

function writesBracket(side: Side): boolean {
  if (side.kind === "scalar") return hasBracket(side.expression);
  if (side.kind === "entry") return hasMatrixBracket(side.matrix);
  return side.kind === "matrix" && side.leaves === undefined && hasMatrixBracket(side.matrix);
}

/** The functions that a side writes and that have to be said, such as the σ that the slope of softplus is. */
function functionsOf(side: Side): Operation[] {
  switch (side.kind) {
    case "scalar":
      return functionsIn(side.expression);
    case "entry":
    case "matrix":
      return nodesOf(side.matrix).flatMap(functionAt);
    default:
      return [];
  }
}

/** The reductions of matrices that have a name of their own there: a maximum of all is one everywhere. */
function reductionsOf(side: Side): ReductionNode[] {
  if (side.kind !== "matrix" && side.kind !== "entry") return [];
  return nodesOf(side.matrix).flatMap((node) =>
    node.kind === "reduction" && (node.over !== "all" || node.reduction === "logsumexp")
      ? [node]
      : [],
  );
}

/** `rowmax is the largest entry of each row` */
function reductionMeaning(node: ReductionNode): Sentence {
  const what = {
    max: "the largest entry",
    min: "the smallest entry",
    logsumexp: "the logarithm of the sum of the exponentials",
  }[node.reduction];
  const where = { row: "of each row", column: "of each column", all: "of all entries" }[node.over];
  return said`${reductionWord(node)} is ${what} ${where}.`;
}

function functionsIn(root: Expression): Operation[] {
  if (!holds(root, CONTENT.explained)) return [];
  return postorder([root], (one: Expression) => one.children).flatMap(functionAt);
}

function functionAt(node: { readonly kind: string; readonly operation?: Operation }): Operation[] {
  return node.operation?.meaning ? [node.operation] : [];
}

function hasBracket(root: Expression): boolean {
  return holds(root, CONTENT.delta | CONTENT.comparison);
}

function hasMatrixBracket(root: MatrixExpression): boolean {
  return nodesOf(root).some(
    (node) => node.kind === "apply" && node.operation.relation !== undefined,
  );
}

function nodesOf(root: MatrixExpression): MatrixExpression[] {
  return postorder([root], operands);
}
