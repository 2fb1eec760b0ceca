/** Why the derivative by a quantity has the matrix form that it has. */
import type { Expression } from "../expression/expression.js";
import { isSlope } from "../expression/operations/slope.js";
import type { Quantity } from "../expression/quantity.js";
import type { Size } from "../expression/size.js";
import { postorder } from "../expression/walk.js";
import type { MatrixForm } from "../forms/matrix/convert.js";
import { isScalar, type MatrixExpression } from "../forms/matrix/expression.js";
import { broadcastReason, hasSum } from "../forms/matrix/reasons.js";
import type { Route, RouteAdjoint } from "../forms/route.js";
import { formula, joined, said, type Sentence } from "../language/sentence.js";
import { hasOneEntry } from "../language/tensor.js";
import { whyReach } from "./recursion.js";

type Used = Pick<RouteAdjoint, "of" | "users">;

/** The reasons of a form, and where its numbers come from. */
export function whyMatrix(route: Route, used: Used, form: MatrixForm): Sentence {
  return joined([
    ...explanations(route, used, form),
    ...meanSentences(route, used.users, form.matrix),
  ]);
}

/** Why the matrix form looks as it does; a broadcast says why ones stand there, and of a number why it is a sum. */
function explanations(
  route: Route,
  { of, users }: Used,
  { matrix, reasons }: MatrixForm,
): Sentence[] {
  const broadcast = broadcastReason(of, matrix, activationOf(route, of, users));
  const rest = broadcast ? [broadcast, ...reasons.filter(({ kind }) => kind !== "ones")] : reasons;
  const [user, ...others] = users;
  if (!broadcast && isScalar(matrix) && hasSum(matrix) && user && others.length === 0) {
    const isChain = user !== route.model.loss && !hasOneEntry(user.shape);
    if (isChain) return [whyReach(route, of, user, true), ...rest.map(({ why }) => why)];
  }
  if (rest.length > 0) return rest.map(({ why }) => why);
  return [said`The same for all entries at once${hasSum(matrix) ? "" : "; no index is summed"}.`];
}

/** The quantity that is the activation of what another one is added to: all of ∂u/∂b is a slope. */
function activationOf(
  route: Route,
  of: Quantity,
  [user, ...others]: readonly Quantity[],
): Quantity | undefined {
  const sloped = user && others.length === 0 ? route.partialOf(user, of)?.sloped : undefined;
  if (!sloped) return undefined;
  const factors = sloped.kind === "product" ? sloped.factors.map(({ base }) => base) : [sloped];
  const [slope, ...more] = factors.filter(({ kind }) => kind !== "delta");
  const isAll = slope?.kind === "apply" && isSlope(slope.operation) && more.length === 0;
  return isAll ? user : undefined;
}

/** Where 1/N comes from: a definition that divides its sum over N terms by N. */
function meanSentences(
  route: Route,
  users: readonly Quantity[],
  matrix: MatrixExpression,
): Sentence[] {
  const divisors = matrix.kind === "scale" ? matrix.denominator : [];
  const bodies = route
    .definitionsOf(users)
    .flatMap(({ clauses }) => clauses.map(({ body }) => body));
  return divisors.flatMap((divisor) => {
    if (divisor.kind !== "size") return [];
    const { size } = divisor;
    if (!bodies.some((body) => isMeanOver(body, size))) return [];
    const share = size.terms.length > 1 ? formula(1, "/", "(", size, ")") : formula(1, "/", size);
    return [said`${share} comes from the mean over ${size}.`];
  });
}

/**
 * Whether a part of an expression is Σ over `size` terms, divided by that size; not where the divisor
 * may be that of a mean over more, as in 1/(2N) ΣΣ over N rows and 2 columns.
 */
function isMeanOver(root: Expression, size: Size): boolean {
  return [...postorder([root], (one: Expression) => one.children)].some(
    (node) =>
      node.kind === "product" &&
      node.factors.some(
        ({ base, exponent }) => exponent === -1 && base.kind === "size" && base.size.equals(size),
      ) &&
      node.factors.some(
        ({ base }) =>
          base.kind === "reduce" &&
          base.reduction === "sum" &&
          base.letter.size.equals(size) &&
          !innerLengths(base.body).some((one) => node.coefficient.d % BigInt(one) === 0n),
      ),
  );
}

/** The lengths of the sums that an expression is, from the outside, where they are numbers over 1. */
function innerLengths(node: Expression): readonly number[] {
  if (node.kind !== "reduce" || node.reduction !== "sum") return [];
  const { constant } = node.letter.size;
  const inner = innerLengths(node.body);
  return constant !== undefined && constant > 1 ? [constant, ...inner] : inner;
}
