/**
 * Why a Jacobian looks as it does. A delta that every term has ties an axis of u to one of v: it is
 * the identity matrix in a Kronecker product, and a diagonal where it ties all of them.
 */
import { lettersAlong } from "../../calculus/partial.js";
import type { DeltaNode, Expression } from "../../expression/expression.js";
import type { Letter } from "../../expression/indices.js";
import type { Quantity } from "../../expression/quantity.js";
import { said, Sentence } from "../../language/sentence.js";
import type { MatrixExpression } from "../matrix/expression.js";
import { same } from "../matrix/factor.js";
import { type Reason, reasonsFor } from "../matrix/reasons.js";

/** An axis of u and the axis of v that it is tied to. */
interface Tie {
  readonly outer: number;
  readonly inner: number;
}

/**
 * The reasons of the matrix, where identities and diagonals are said in terms of u and v.
 * @param partial ∂numerator/∂of at the letters `p0`, `p1` and `q0`, `q1`
 * @param isThrough whether the matrix goes through a part that has no name
 */
export function jacobianReasons(
  partial: {
    readonly numerator: Quantity;
    readonly of: Quantity;
    readonly expression: Expression;
  },
  matrix: MatrixExpression,
  isThrough: boolean,
): Reason[] {
  const { numerator, of } = partial;
  if (isThrough) return throughReasons(partial, matrix);
  const general = reasonsFor(matrix);
  const ties = tiesOf(partial);
  const isDiagonal = ties.length > 0 && isWhole(numerator, of, ties);
  if (isDiagonal) {
    const why = said`Each entry of ${numerator} depends on the same entry of ${of} only, so the matrix is diagonal.`;
    return [{ kind: "diag", why }, ...general.filter(({ kind }) => !TIED.has(kind))];
  }
  if (ties.length === 0 || !general.some(({ kind }) => kind === "identity")) return general;
  const [first, ...more] = ties.map(
    ({ outer, inner }) =>
      said`each ${part(numerator, outer)} of ${numerator} depends only on the ${part(of, inner)} of ${of} with the same number`,
  );
  const others = more.map((one) => said`, and ${one}`);
  const why = new Sentence(
    [said`The identity matrix says that ${first!}`, ...others, said`.`].flatMap(
      ({ pieces }) => pieces,
    ),
  );
  return [{ kind: "identity", why }, ...general.filter(({ kind }) => kind !== "identity")];
}

/** Of a product of Jacobians within one definition. */
function throughReasons(
  { numerator, of }: { readonly numerator: Quantity; readonly of: Quantity },
  matrix: MatrixExpression,
): Reason[] {
  const why = said`${of} acts on ${numerator} through a part of its definition that has no name: the Jacobians of ${numerator} with respect to this part and of this part with respect to ${of} are multiplied, and what belongs to single entries of this part stands on the diagonal between them.`;
  return [
    { kind: "product", why },
    ...reasonsFor(matrix).filter(({ kind }) => kind === "kronecker"),
  ];
}

/** What a diagonal matrix makes superfluous. */
const TIED: ReadonlySet<Reason["kind"]> = new Set(["identity", "diag", "kronecker"]);

/** Whether all axes of both are tied, in their order, and as long as each other. */
function isWhole(u: Quantity, v: Quantity, ties: readonly Tie[]): boolean {
  const axes = ({ shape }: Quantity): number => shape.filter((size) => !size.isOne).length;
  return (
    axes(u) === ties.length &&
    axes(v) === ties.length &&
    ties.every(({ outer, inner }) => u.shape[outer]!.equals(v.shape[inner]!)) &&
    ties.every(({ outer }, position) => position === 0 || outer > ties[position - 1]!.outer) &&
    ties.every(({ inner }, position) => position === 0 || inner > ties[position - 1]!.inner)
  );
}

function tiesOf({ numerator, of, expression }: Parameters<typeof jacobianReasons>[0]): Tie[] {
  const [p, q] = [lettersAlong("p", numerator.shape), lettersAlong("q", of.shape)];
  const [outer, inner] = [p, q].map(({ indices }) => indices.map((index) => index.plain));
  const [first, ...rest] = termsOf(expression).map(deltasOf);
  const common = first?.filter((delta) => rest.every((deltas) => deltas.includes(delta))) ?? [];
  return common
    .flatMap(({ indices }) => {
      const [a, b] = indices.map(({ plain }) => plain);
      const turned = axisOf(outer!, a) === -1;
      const tie = {
        outer: axisOf(outer!, turned ? b : a),
        inner: axisOf(inner!, turned ? a : b),
      };
      return tie.outer === -1 || tie.inner === -1 ? [] : [tie];
    })
    .toSorted((one, other) => one.outer - other.outer);
}

function termsOf(node: Expression): readonly Expression[] {
  if (node.kind !== "sum") return [node];
  // a constant has no delta: nothing is common to all terms
  return node.constant.n === 0n ? node.terms.map(({ term }) => term) : [];
}

/** The deltas by which a term is multiplied. */
function deltasOf(term: Expression): DeltaNode[] {
  const factors = term.kind === "product" ? term.factors.map(({ base }) => base) : [term];
  return factors.filter((one) => one.kind === "delta");
}

function axisOf(letters: readonly (Letter | undefined)[], letter: Letter | undefined): number {
  return letter ? letters.findIndex((one) => same(one, letter)) : -1;
}

function part({ shape }: Quantity, axis: number): string {
  const isMatrix = shape.filter((size) => !size.isOne).length === 2;
  return isMatrix ? (axis === 0 ? "row" : "column") : "entry";
}
