/**
 * Where the derivatives of a loss and of what goes into it cancel, as those of a cross-entropy and a
 * sigmoid or softmax do: the line before and the line after, and the reason.
 */
import { CONTENT, holds } from "../expression/contents.js";
import type { Expression, ProductNode } from "../expression/expression.js";
import { isMinusOne, isUnit } from "../expression/rational.js";
import { postorder, writtenLength } from "../expression/walk.js";
import { atIndices, type Route, type RouteAdjoint } from "../forms/route.js";
import {
  distinct,
  enumerated,
  formula,
  joined,
  said,
  type Sentence,
} from "../language/sentence.js";
import type { Deltas } from "./layers.js";
import { type Claim, type Rule, scalar, type ScalarSide, withoutRepeats } from "./step.js";

/** What is longer than this is not shown before it cancels; nor what is left then, where that is longer. */
const LONGEST = 60;

export interface Cancellation {
  /** The chain rule with local and later derivatives put in; undefined where they cancel at once, and where it is long. */
  readonly product: Expression | undefined;
  /** What is left of it. */
  readonly rest: Expression;
  readonly why: Sentence;
}

/** Undefined where no denominator cancels, behind a δ, in which it already has, and where a known sum leaves the same. */
export function cancellationIn(
  route: Route,
  deltas: Deltas,
  { of, body, symbolic }: RouteAdjoint,
): Cancellation | undefined {
  const { graph } = route.model;
  if (!symbolic || !route.hasQuotients) return undefined;
  const closed = route.closed(of, LONGEST);
  if (!closed) return undefined;
  const { expression: rest, reasons } = closed;
  if (rest === body) return undefined;
  let isBehindDelta = false as boolean;
  const put = (node: Expression): Expression | undefined => {
    if (node.kind !== "reference" || node.quantity.role !== "adjoint") return undefined;
    const inner = node.quantity.of!;
    isBehindDelta ||= deltas.has(inner);
    const found = route.closed(inner, LONGEST);
    return found && atIndices(graph, inner, found.expression, node.indices);
  };
  const whole = graph.transform(symbolic, put, CONTENT.adjoint);
  const left = denominatorsIn(rest);
  const isGone = (one: Sentence): boolean => !left.has(one.text);
  const gone = [...denominatorsIn(whole).values()].filter(isGone);
  if (isBehindDelta || gone.length === 0) return undefined;
  const product = route.inlined(whole);
  const isShown =
    writtenLength(product) <= LONGEST && [...denominatorsIn(product).values()].some(isGone);
  const cancels = said`${enumerated(gone)} ${gone.length === 1 ? "cancels" : "cancel"}`;
  return {
    product: isShown ? product : undefined,
    rest,
    why: joined([said`Multiplied out, ${cancels}.`, ...reasons]),
  };
}

/**
 * The steps of an adjoint with the line before what cancels, and what is left; undefined where the last of them
 * is about some entries only.
 * @param steps up to the local derivatives, with later derivatives as symbols
 * @param adjoint at the letters of all its entries
 */
export function withCancellation(
  steps: readonly Claim[],
  { product, rest, why }: Cancellation,
  adjoint: Expression,
): readonly Claim[] | undefined {
  const last = steps.at(-1);
  const isWhole = last?.left.kind === "scalar" && last.left.expression === adjoint;
  if (!isWhole) return undefined;
  const putIn = said`The derivatives found above are put in.`;
  const line = (rule: Rule, right: ScalarSide, reason: Sentence): Claim => {
    return { ...last, rule, why: reason, right };
  };
  return withoutRepeats([
    // a known sum of one factor is no step towards the product
    ...steps.filter((one) => one.rule !== "known sum"),
    ...(product ? [line("substitution", scalar(product), putIn)] : []),
    line("cancellation", scalar(rest), product ? why : joined([putIn, why])),
  ]);
}

function nodesIn(root: Expression): readonly Expression[] {
  return [...postorder([root], (one: Expression) => one.children)];
}

/** What stands in the denominators, as sentences name it, by what they say. */
function denominatorsIn(root: Expression): ReadonlyMap<string, Sentence> {
  if (!holds(root, CONTENT.quotient)) return new Map();
  const bases = nodesIn(root).flatMap((node) => (node.kind === "product" ? node.factors : []));
  const named = bases.flatMap(({ base, exponent }) => (exponent < 0 ? (nameOf(base) ?? []) : []));
  return new Map(named.map((one) => [one.text, one]));
}

/** `p`, or `1 − p`, as a sentence has it. */
function nameOf(node: Expression): Sentence | undefined {
  if (node.kind === "reference") return said`${node.quantity}`;
  const [only, ...others] = node.kind === "sum" ? node.terms : [];
  if (node.kind !== "sum" || !only || others.length > 0) return undefined;
  const isComplement = isUnit(node.constant) && isMinusOne(only.coefficient);
  return isComplement && only.term.kind === "reference"
    ? said`${formula(1, " − ", only.term.quantity)}`
    : undefined;
}

type Factor = ProductNode["factors"][number];

/** What is divided by in some expressions and not in another: powers that are lower there are among them. */
export function goneDivisors(before: readonly Expression[], after: Expression): readonly Factor[] {
  const left = divisorsIn([after]);
  return divisorsIn(before).filter(
    (one) => !left.some(({ base, exponent }) => base === one.base && exponent <= one.exponent),
  );
}

function divisorsIn(roots: readonly Expression[]): readonly Factor[] {
  const nodes = postorder(roots, (one: Expression) => one.children);
  return nodes.flatMap((node) =>
    node.kind === "product"
      ? node.factors.filter(({ base, exponent }) => exponent < 0 && holds(base, CONTENT.reference))
      : [],
  );
}

/** Why what was divided by is gone. */
export function whyCancelled(gone: readonly Factor[]): Sentence {
  const names = distinct(gone.flatMap(({ base }) => nameOf(base) ?? []));
  const isNamed = gone.every(({ base, exponent }) => exponent === -1 && nameOf(base));
  return isNamed
    ? said`${enumerated(names)} ${names.length === 1 ? "cancels" : "cancel"}.`
    : said`Equal factors above and below a fraction line cancel.`;
}
