/**
 * Where the derivatives of a loss and of what goes into it cancel, as those of a cross-entropy and a
 * sigmoid or softmax do: the line before and the line after, and the reason.
 */
import type { Expression, ReduceNode, SumNode } from "../expression/expression.js";
import type { Quantity } from "../expression/quantity.js";
import { postorder, writtenLength } from "../expression/walk.js";
import { atIndices, type Route, type RouteAdjoint } from "../forms/route.js";
import { listed } from "../language/words.js";
import type { Deltas } from "./layers.js";
import { type Claim, type Rule, scalar, withoutRepeats } from "./step.js";

/** What is longer than this is not shown before it cancels. */
const LONGEST = 60;

export interface Cancellation {
  /** The chain rule with the local derivatives put in. */
  readonly local: Expression;
  /** The same with the later derivatives put in too; undefined where they cancel at once. */
  readonly product: Expression | undefined;
  /** What is left of it. */
  readonly rest: Expression;
  readonly why: string;
}

/** Undefined where no denominator cancels, and behind a δ, in which it already has. */
export function cancellationIn(
  route: Route,
  deltas: Deltas,
  { of, full, symbolic }: RouteAdjoint,
): Cancellation | undefined {
  const { graph } = route.model;
  const rest = route.closed(of, LONGEST)?.expression;
  if (!symbolic || !rest) return undefined;
  let isBehindDelta = false as boolean;
  const whole = graph.transform(symbolic, (node) => {
    if (node.kind !== "reference" || node.quantity.role !== "adjoint") return undefined;
    const inner = node.quantity.of!;
    isBehindDelta ||= deltas.has(inner);
    const found = route.closed(inner, LONGEST);
    return found && atIndices(graph, inner, found.expression, node.indices);
  });
  const left = denominatorsIn(rest);
  const isGone = (name: string): boolean => !left.has(name);
  const gone = [...denominatorsIn(whole)].filter(isGone);
  const product = route.inlined(whole);
  if (isBehindDelta || gone.length === 0 || writtenLength(product) > LONGEST) return undefined;
  const cancels = `${listed(gone)} ${gone.length === 1 ? "cancels" : "cancel"}`;
  return {
    local: full,
    product: [...denominatorsIn(product)].some(isGone) ? product : undefined,
    rest,
    why: `Multiplied out, ${cancels}.`,
  };
}

/** The steps of an adjoint with the lines before what cancels, and what is left. */
export function withCancellation(
  steps: readonly Claim[],
  found: Cancellation | undefined,
): readonly Claim[] {
  const last = steps.at(-1);
  if (!found || !last) return steps;
  const { local, product, rest, why } = found;
  const isRest = last.right.kind === "scalar" && last.right.expression === rest;
  const putIn = "The derivatives found above are put in.";
  const line = (rule: Rule, right: Expression, reason: string): Claim => {
    return { ...last, rule, why: reason, right: scalar(right) };
  };
  return withoutRepeats([
    ...(isRest ? steps.slice(0, -1) : steps),
    line(last.rule, local, last.why),
    ...(product ? [line("substitution", product, putIn)] : []),
    line("cancellation", rest, product ? why : `${putIn} ${why}`),
  ]);
}

function nodesIn(root: Expression): readonly Expression[] {
  return [...postorder([root], (one: Expression) => one.children)];
}

/** What stands in the denominators, as sentences name it. */
function denominatorsIn(root: Expression): ReadonlySet<string> {
  const bases = nodesIn(root).flatMap((node) => (node.kind === "product" ? node.factors : []));
  return new Set(bases.flatMap(({ base, exponent }) => (exponent < 0 ? (nameOf(base) ?? []) : [])));
}

/** `p`, or `1 − p`, as a sentence has it. */
function nameOf(node: Expression): string | undefined {
  if (node.kind === "reference") return node.quantity.name;
  const [only, ...others] = node.kind === "sum" ? node.terms : [];
  if (node.kind !== "sum" || !only || others.length > 0) return undefined;
  const isComplement = node.constant.equals(1) && only.coefficient.equals(-1);
  return isComplement && only.term.kind === "reference"
    ? `1 − ${only.term.quantity.name}`
    : undefined;
}

/** Says in the last step what becomes of sums over labels that add up to 1: p Σ y − y is p − y. */
export function withLabels(steps: readonly Claim[]): readonly Claim[] {
  const last = steps.at(-1);
  if (last?.right.kind !== "scalar") return steps;
  const why = [last.why, ...labelSentences(last.right.expression)].join(" ");
  return [...steps.slice(0, -1), { ...last, why }];
}

export function labelSentences(expression: Expression): string[] {
  const nodes = nodesIn(expression);
  const sums = nodes.filter((node) => node.kind === "reduce").filter(isOverLabels);
  return [...new Set(sums.map((sum) => labelSentence(nodes, sum)))];
}

/** A sum over one index of the entries of a target. */
type LabelSum = ReduceNode & { readonly body: Extract<Expression, { kind: "reference" }> };

function isOverLabels(node: ReduceNode): node is LabelSum {
  return (
    node.reduction === "sum" &&
    node.body.kind === "reference" &&
    node.body.quantity.role === "target" &&
    !node.letter.size.isOne
  );
}

const LINES = ["column", "row"] as const;

function labelSentence(nodes: readonly Expression[], sum: LabelSum): string {
  const { quantity, indices } = sum.body;
  const axis = indices.findIndex(({ letters }) =>
    letters.some(({ key }) => key === sum.letter.key),
  );
  const lines =
    quantity.shape.length === 1 ? quantity.name : `each ${LINES[axis]!} of ${quantity.name}`;
  const rest = nodes
    .filter((node) => node.kind === "sum")
    .map((node) => differenceLeft(node, sum, quantity))
    .find((text) => text !== undefined);
  const left = rest === undefined ? "" : `, and ${rest} is left`;
  return `Where ${lines} adds up to 1, as one-hot labels do, the sum over the labels is 1${left}.`;
}

/** `p − y` for p Σ y − y. */
function differenceLeft(
  { terms, constant }: SumNode,
  sum: LabelSum,
  labels: Quantity,
): string | undefined {
  if (terms.length !== 2 || constant.n !== 0n) return undefined;
  const minus = terms.find(({ term }) => term.kind === "reference" && term.quantity === labels);
  const plus = terms.find((one) => one !== minus);
  if (
    !minus ||
    plus?.term.kind !== "product" ||
    !plus.coefficient.equals(minus.coefficient.neg())
  ) {
    return undefined;
  }
  const others = plus.term.factors.filter(({ base }) => base !== sum);
  const [only] = others;
  const isOne = others.length === 1 && plus.term.factors.length === 2 && only!.exponent === 1;
  return isOne && only!.base.kind === "reference"
    ? `${only!.base.quantity.name} − ${labels.name}`
    : undefined;
}
