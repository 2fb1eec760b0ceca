/** A matrix and its transpose with the same factors around them: A x + Aᵀ x is (A + Aᵀ) x. */
import { product, scale, sum } from "./build.js";
import type { MatrixExpression, SumNode } from "./expression.js";
import { ONE } from "./node.js";
import { split, withFront } from "./products.js";
import { rebuilt } from "./substitute.js";

type Term = SumNode["terms"][number];

/** The expression with A + Aᵀ in brackets wherever both have the same factors around them. */
export function withSymmetricParts(root: MatrixExpression): MatrixExpression {
  const inner = rebuilt(root, withSymmetricParts);
  if (inner.kind !== "sum") return inner;
  for (const [position, one] of inner.terms.entries()) {
    for (const other of inner.terms.slice(position + 1)) {
      const together = paired(one, other);
      if (!together) continue;
      const rest = inner.terms.filter((term) => term !== one && term !== other);
      return withSymmetricParts(sum([{ coefficient: ONE, term: together }, ...rest]));
    }
  }
  return inner;
}

/** The matrix A of a sum A + Aᵀ, if it is one. */
export function symmetricPart(node: MatrixExpression): MatrixExpression | undefined {
  if (node.kind !== "sum" || node.terms.length !== 2) return undefined;
  const [a, b] = node.terms as readonly [Term, Term];
  if (!a.coefficient.equals(b.coefficient) || !areTransposes(a.term, b.term)) return undefined;
  return a.term.kind === "transpose" ? b.term : a.term;
}

/** Two terms as one product; undefined where they differ in more than one factor and its transpose. */
function paired(one: Term, other: Term): MatrixExpression | undefined {
  if (!one.coefficient.equals(other.coefficient)) return undefined;
  const [a, b] = [split(one.term), split(other.term)];
  if (a.rest?.kind !== "product" || b.rest?.kind !== "product") return undefined;
  if (withFront(a.front, undefined).key !== withFront(b.front, undefined).key) return undefined;
  const [left, right] = [a.rest.factors, b.rest.factors];
  const differing = left.flatMap(({ key }, at) => (key === right[at]?.key ? [] : [at]));
  const [at] = differing;
  if (left.length !== right.length || at === undefined || differing.length > 1) return undefined;
  const [matrix, turned] = [left[at]!, right[at]!];
  if (!areTransposes(matrix, turned)) return undefined;
  const both = matrix.kind === "transpose" ? [turned, matrix] : [matrix, turned];
  const factor = sum(both.map((term) => ({ coefficient: ONE, term })));
  const whole = product(...left.slice(0, at), factor, ...left.slice(at + 1));
  return scale(one.coefficient, [], withFront(a.front, whole));
}

function areTransposes(a: MatrixExpression, b: MatrixExpression): boolean {
  return (
    (a.kind === "transpose" && a.of.key === b.key) || (b.kind === "transpose" && b.of.key === a.key)
  );
}
