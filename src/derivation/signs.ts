/** What 1[…], ∂⁺, ⊘, functions such as σ and softplus, and reductions such as rowmax mean is said once, where they are written first. */
import { CONTENT, holds } from "../expression/contents.js";
import type { Expression } from "../expression/expression.js";
import type { Operation } from "../expression/operations/operation.js";
import { power } from "../expression/operations/powers.js";
import type { Quantity } from "../expression/quantity.js";
import { postorder, references } from "../expression/walk.js";
import { divisorIn } from "../forms/matrix/broadcast.js";
import {
  isScalar,
  type MatrixExpression,
  operands,
  type ReductionNode,
  reductionWord,
} from "../forms/matrix/expression.js";
import { formula, joined, remark, said, type Sentence } from "../language/sentence.js";
import type { Model } from "../language/model.js";
import { functionSentence } from "./functions.js";
import type { Side, Step } from "./step.js";

/**
 * The steps, the first one that writes 1[…], ∂⁺ or a function such as σ that the model does not have with what that
 * means. Lines of one display that have one reason keep one.
 */
export function withSignsExplained(steps: readonly Step[], model: Model): Step[] {
  return explained(steps, model, ownFunctions(model));
}

/** The steps of the model itself, the first one that writes a sign or a function with what that means. */
export function withModelExplained(steps: readonly Step[], model: Model): Step[] {
  return explained(steps, model, new Set());
}

/** @param known the signs whose meaning is known, which grow */
function explained(steps: readonly Step[], model: Model, known: Set<string>): Step[] {
  const groups = alike(steps);
  const news = newsOf(groups, model, known);
  return groups.flatMap((lines, group) => {
    const own = news[group]!;
    if (own.length === 0) return lines;
    return lines.map((step) => ({ ...step, why: joined([step.why, ...own]) }));
  });
}

/**
 * Of lines in groups, for each group what the signs and functions mean that it writes first; as in `withSignsExplained`.
 * The lines stand for others of the same kind: no quantity is named.
 */
export function signsExplained(
  groups: readonly (readonly Step[])[],
  model: Model,
): readonly (readonly Sentence[])[] {
  return newsOf(
    groups,
    model,
    ownFunctions(model),
    said`what enters the definition itself, with the other quantities in it held fixed`,
  );
}

/**
 * @param known the signs whose meaning is known, which grow
 * @param directly what a direct part is, where no quantity is named
 */
function newsOf(
  groups: readonly (readonly Step[])[],
  model: Model,
  known: Set<string>,
  directly?: Sentence,
): Sentence[][] {
  return groups.map((lines) => {
    const all = lines.flatMap((step) => sentences(step, model, directly));
    const news = new Map(all.filter(([sign]) => !known.has(sign)));
    for (const sign of news.keys()) known.add(sign);
    return [...news.values()].map(remark);
  });
}

/** The names of functions that a model's statements have. */
function ownFunctions({ definitions }: Model): Set<string> {
  const bodies = definitions.flatMap(({ clauses }) => clauses.map(({ body }) => body));
  return new Set(bodies.flatMap(functionsIn).map(({ name }) => name));
}

/** Steps that follow each other in one display with one reason, together. */
function alike(steps: readonly Step[]): Step[][] {
  const runs: Step[][] = [];
  for (const step of steps) {
    const run = runs.at(-1);
    if (step.continues === true && run && saysTheSame(run[0]!.why, step.why)) run.push(step);
    else runs.push([step]);
  }
  return runs;
}

function saysTheSame(one: Sentence, other: Sentence): boolean {
  return one === other || one.text === other.text;
}

/** The signs of a step, each with what it means. */
function sentences(
  { left, right }: Step,
  model: Model,
  directly?: Sentence,
): (readonly [sign: string, text: Sentence])[] {
  const direct = [left, right].flatMap(partialsOf).find(({ isDirect }) => isDirect === true);
  const found: [string, Sentence][] = [];
  const nodes = matrixNodes(right);
  if (writesBracket(right, nodes)) {
    found.push([
      "1",
      said`${formula("1[…]")} is 1 where the condition in the brackets holds, and 0 elsewhere.`,
    ]);
  }
  for (const operation of functionsOf(right, nodes)) {
    const meaning = functionSentence(model, operation);
    if (meaning) found.push([operation.name, meaning]);
  }
  found.push(...entrywiseSigns(nodes));
  if (nodes.some(isRange)) found.push([":", RANGE]);
  for (const node of reductionsOf(nodes)) found.push([reductionWord(node), reductionMeaning(node)]);
  if (direct?.of && direct.numerator) {
    const what =
      directly ?? said`what ${direct.of} does in the definition of ${direct.numerator} itself`;
    found.push(["+", said`The plus sign above ∂ means the direct part: ${what}.`]);
  }
  return found;
}

/** The quantities that a side names, where there can be ∂u/∂v among them. */
function partialsOf(side: Side): Quantity[] {
  if (side.kind === "scalar") {
    if (!holds(side.expression, CONTENT.partial)) return [];
    return references([side.expression]).map(({ quantity }) => quantity);
  }
  if (side.kind !== "matrix") return [];
  return matrixNodes(side).flatMap((node) => (node.kind === "quantity" ? [node.quantity] : []));
}

/** The parts of a side's matrix; none where it has no matrix. */
function matrixNodes(side: Side): readonly MatrixExpression[] {
  return side.kind === "matrix" || side.kind === "entry" ? postorder([side.matrix], operands) : [];
}

function writesBracket(side: Side, nodes: readonly MatrixExpression[]): boolean {
  if (side.kind === "scalar") return hasBracket(side.expression);
  const isWritten = side.kind === "entry" || (side.kind === "matrix" && side.leaves === undefined);
  return isWritten && nodes.some(isBracket);
}

/** The functions that a side writes and that have to be said, such as the σ that the slope of softplus is. */
function functionsOf(side: Side, nodes: readonly MatrixExpression[]): Operation[] {
  return side.kind === "scalar" ? functionsIn(side.expression) : nodes.flatMap(functionAt);
}

const RANGE = said`A slice names its first and its last entry, both of which belong to it.`;

/** Whether a part of a quantity is written with where it begins and ends. */
function isRange(node: MatrixExpression): boolean {
  if (node.kind !== "slice") return false;
  return node.axes.some((along, axis) => {
    return along.kind === "range" && !along.count.equals(node.quantity.shape[axis]!);
  });
}

/** The reductions of matrices that have a name of their own there: a maximum of all is one everywhere. */
function reductionsOf(nodes: readonly MatrixExpression[]): ReductionNode[] {
  return nodes.flatMap((node) =>
    node.kind === "reduction" && (node.over !== "all" || node.reduction === "logsumexp")
      ? [node]
      : [],
  );
}

/** ⊘ and powers with ⊙, where a side writes them. */
function entrywiseSigns(nodes: readonly MatrixExpression[]): [string, Sentence][] {
  // diag(u)⁻¹ is the diagonal of 1 ⊘ u
  const inverses = new Set(
    nodes.flatMap((node) => (node.kind === "diag" && divisorIn(node.of) ? [node.of] : [])),
  );
  const powers = nodes.flatMap((node) =>
    node.kind !== "hadamard" || isScalar(node) || inverses.has(node)
      ? []
      : node.factors.map(({ exponent }) => exponent),
  );
  const divides = powers.some((exponent) => exponent < 0);
  const raises =
    powers.some((exponent) => Math.abs(exponent) > 1) ||
    nodes.some((node) => node.kind === "apply" && node.operation === power && !isScalar(node));
  return [
    ...(divides ? [["⊘", said`The sign ⊘ divides entry by entry.`] as [string, Sentence]] : []),
    ...(raises ? [["⊙", said`A power with ⊙ is taken entry by entry.`] as [string, Sentence]] : []),
  ];
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
  return holds(root, CONTENT.delta | CONTENT.comparison | CONTENT.indicator);
}

function isBracket(node: MatrixExpression): boolean {
  if (node.kind !== "apply") return false;
  const { relation, isIndicator } = node.operation;
  return relation !== undefined || isIndicator === true;
}
