/** The last lines of a derivation: the whole gradient as one expression, and the entry that was asked for. */
import { fullAxes } from "../expression/definition.js";
import type { Shortened } from "../forms/known-sums.js";
import { joined, said, type Sentence } from "../language/sentence.js";
import { entryClaim } from "./asked-entry.js";
import { claimsByParts, LONGEST_CLOSED, type Recursion } from "./recursion.js";
import { type Claim, scalar } from "./step.js";
import type { Target } from "./target.js";
import { adjointEntries } from "./written-entries.js";

/** Why the last line has no derivatives. */
export function whySubstituted({ reasons }: Pick<Shortened, "reasons">): Sentence {
  return joined([said`The derivatives found above are put in, so that none is left.`, ...reasons]);
}

/** Of a last line with indices behind lines of matrices. */
const WITH_INDICES = said`With all of them put in, no line of matrices was found that is short enough: it has indices.`;
const INDICES_PUT_IN = said`The indices of the entry are put in.`;
const WHY_ALL = said`All entries in one line.`;

/**
 * The whole gradient as one expression, and the entry that was asked for.
 * @param steps those so far, the last of which may say this already
 */
export function closingSteps(
  { route, labels }: Recursion,
  target: Target,
  steps: readonly Claim[],
): readonly Claim[] {
  const before = steps.findLast(({ isAtPoint }) => isAtPoint !== true);
  const { graph } = route.model;
  const { quantity } = target;
  const adjoint = route.adjoint(quantity);
  const whole = route.closed(quantity, LONGEST_CLOSED);
  const { letters, indices } = fullAxes(quantity.shape);
  const left = graph.reference(adjoint.quantity, indices);
  const right = whole?.expression ?? adjoint.body;
  const rule = "substitution";
  const isBehindMatrices = before?.left.kind === "matrix";
  const why = joined([
    ...(whole ? [whySubstituted(whole)] : []),
    ...(isBehindMatrices ? [WITH_INDICES] : []),
  ]);
  const parts = claimsByParts(route, { rule, why, left, right, letters });
  const isSaid =
    before?.left.kind === "scalar" &&
    before.left.expression === left &&
    before.right.kind === "scalar" &&
    before.right.expression === right;
  const closing: Claim[] = isSaid || right === adjoint.body ? [] : [...parts];
  if (parts.length > 1 && !target.entry) {
    closing.push({ rule, why: WHY_ALL, left: scalar(left), right: scalar(right), letters });
  }
  if (target.entry) {
    const all = whole?.expression ?? adjoint.body;
    closing.push(entryClaim(route, target, all, INDICES_PUT_IN));
  }
  return labels.continued(closing);
}

/** The steps of the index form with the last lines, before which the derivative stands entry by entry. */
export function withClosing(
  recursion: Recursion,
  target: Target,
  steps: readonly Claim[],
): Claim[] {
  const closing = closingSteps(recursion, target, steps);
  // the gradient is the last line
  if (closing.length === 0 || target.entry) return [...steps, ...closing];
  const { route } = recursion;
  const adjoint = route.adjoint(target.quantity);
  return [...steps, ...adjointEntries(route, adjoint, adjoint), ...closing];
}
