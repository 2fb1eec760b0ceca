/** Matrix expressions with other ones in the place of some of their parts. */
import type { Quantity } from "../../expression/quantity.js";
import {
  apply,
  diag,
  diagonal,
  hadamard,
  kronecker,
  norm,
  number,
  product,
  reduction,
  scale,
  softmax,
  sum,
  trace,
  transpose,
  vec,
} from "./build.js";
import type { MatrixExpression, SumNode } from "./expression.js";

/**
 * @param replacements what stands for a quantity, of the same shape
 * @returns undefined where only a part of a quantity is used that has to be replaced
 */
export function substituteMatrices(
  root: MatrixExpression,
  replacements: ReadonlyMap<Quantity, MatrixExpression>,
): MatrixExpression | undefined {
  let isPartial = false as boolean;
  const visit = (node: MatrixExpression): MatrixExpression => {
    if (node.kind === "quantity") return replacements.get(node.quantity) ?? node;
    if (node.kind === "slice") isPartial ||= replacements.has(node.quantity);
    if (node.kind === "sum") {
      return sum(node.terms.map((one) => putInto(one, visit(one.term))));
    }
    return rebuilt(node, visit);
  };
  const result = visit(root);
  return isPartial ? undefined : result;
}

/** A term of a sum, and what it is when others are put into it; a sum that stays is its own terms. */
export function putInto(
  { term, ...before }: SumNode["terms"][number],
  after: MatrixExpression,
): SumNode["terms"][number] {
  const isSum = term.kind === "sum" && term.key === after.key;
  const from = [...(before.from ?? []), ...(isSum ? [] : [term])];
  return { ...before, term: after, from };
}

/** The node made anew of what `visit` makes of its operands, which keep their shapes. */
export function rebuilt(
  node: MatrixExpression,
  visit: (operand: MatrixExpression) => MatrixExpression,
): MatrixExpression {
  switch (node.kind) {
    case "sum":
      return sum(node.terms.map((one) => ({ ...one, term: visit(one.term) })));
    case "scale": {
      const scalars = [
        ...node.numerator.map((base) => ({ base: visit(base), exponent: 1 })),
        ...node.denominator.map((base) => ({ base: visit(base), exponent: -1 })),
      ];
      const of = node.of ? visit(node.of) : number(1);
      return scale(node.coefficient, scalars, of);
    }
    case "product":
      return product(...node.factors.map(visit));
    case "hadamard":
      return hadamard(node.factors.map(({ base, exponent }) => ({ base: visit(base), exponent })));
    case "apply":
      return apply(node.operation, node.args.map(visit), node.rows, node.columns);
    case "transpose":
      return transpose(visit(node.of));
    case "diag":
      return diag(visit(node.of));
    case "diagonal":
      return diagonal(visit(node.of));
    case "trace":
      return trace(visit(node.of));
    case "norm":
      return norm(visit(node.of), node.squared);
    case "kronecker":
      return kronecker(...node.factors.map(visit));
    case "vec":
      return vec(visit(node.of), node.order);
    case "reduction":
      return reduction(node.reduction, node.over, visit(node.of));
    case "softmax":
      return softmax(node.over, visit(node.of), node.log);
    default:
      return node;
  }
}
