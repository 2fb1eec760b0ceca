/**
 * Statements as matrices, just as their author wrote them: Uᵀ (diag(d) − W) U, which as a sum over indices is no
 * product any more. Sums, products and transposes of quantities with their broadcasts, and functions entry by
 * entry; whatever else a statement has is converted from its sums (`convert.ts`).
 */
import { operations } from "../../expression/operations/index.js";
import type { Quantity } from "../../expression/quantity.js";
import { Size } from "../../expression/size.js";
import { exactDecimal } from "../../language/decimal.js";
import type { Scope } from "../../language/elaborate.js";
import type { BinarySyntax, CallSyntax, Syntax } from "../../language/syntax.js";
import {
  apply,
  diag,
  hadamard,
  identity,
  number,
  ones,
  product,
  quantityMatrix,
  scale,
  size,
  sum,
  transpose,
} from "./build.js";
import { isScalar, type MatrixExpression } from "./expression.js";
import { ONE } from "./node.js";

/** @returns undefined for statements that have something else, or another shape than the quantity. */
export function authoredMatrix(
  quantity: Quantity,
  expression: Syntax,
  scope: Scope,
): MatrixExpression | undefined {
  const matrix = read(expression, scope);
  return matrix && areAlike(matrix, quantityMatrix(quantity)) ? matrix : undefined;
}

/** Recursive: statements that are nested more deeply are not read. */
function read(syntax: Syntax, scope: Scope, depth = 0): MatrixExpression | undefined {
  if (depth > MOST_NESTED) return undefined;
  const inner = (part: Syntax): MatrixExpression | undefined => read(part, scope, depth + 1);
  switch (syntax.kind) {
    case "number":
      return number(exactDecimal(syntax.text));
    case "name": {
      const meaning = scope.get(syntax.name);
      if (meaning?.quantity) return quantityMatrix(meaning.quantity);
      return meaning?.size && size(meaning.size);
    }
    case "unary": {
      const operand = inner(syntax.operand);
      if (!operand || syntax.operator === "+") return operand;
      return syntax.operator === "'" ? transpose(operand) : scale(ONE.neg(), [], operand);
    }
    case "binary": {
      const [left, right] = [inner(syntax.left), inner(syntax.right)];
      return left && right && combined(syntax, left, right);
    }
    case "call":
      return called(syntax, scope, inner);
    default:
      return undefined;
  }
}

const MOST_NESTED = 50;

function combined(
  { operator }: BinarySyntax,
  left: MatrixExpression,
  right: MatrixExpression,
): MatrixExpression | undefined {
  switch (operator) {
    case "+":
    case "-": {
      const both = stretched(left, right);
      const coefficient = operator === "+" ? ONE : ONE.neg();
      return (
        both &&
        sum([
          { coefficient: ONE, term: both[0] },
          { coefficient, term: both[1] },
        ])
      );
    }
    case "*":
      if (isScalar(left)) return scaled(right, left, 1);
      return isScalar(right) ? scaled(left, right, 1) : product(left, right);
    case ".*":
      if (isScalar(left)) return scaled(right, left, 1);
      if (isScalar(right)) return scaled(left, right, 1);
      return areAlike(left, right) ? hadamard([power(left, 1), power(right, 1)]) : undefined;
    case "/":
    case "./":
      if (isScalar(right)) return scaled(left, right, -1);
      return areAlike(left, right) ? hadamard([power(left, 1), power(right, -1)]) : undefined;
    default:
      return undefined;
  }
}

function called(
  { name, args, named }: CallSyntax,
  scope: Scope,
  inner: (part: Syntax) => MatrixExpression | undefined,
): MatrixExpression | undefined {
  const [only, ...others] = args;
  const plain = PLAIN.get(name);
  if (plain) {
    const lengths = args.flatMap((one) => lengthOf(one, scope) ?? []);
    return lengths.length === args.length ? plain(lengths) : undefined;
  }
  const operand = only && others.length === 0 && named.length === 0 ? inner(only) : undefined;
  if (!operand) return undefined;
  if (name === "diag") return operand.columns.isOne ? diag(operand) : undefined;
  const operation = operations.get(name);
  return operation?.operands.length === 1
    ? apply(operation, [operand], operand.rows, operand.columns)
    : undefined;
}

/** Matrices that are known by their sizes. */
const PLAIN: ReadonlyMap<string, (lengths: readonly Size[]) => MatrixExpression | undefined> =
  new Map<string, (lengths: readonly Size[]) => MatrixExpression | undefined>([
    ["identity", ([n]) => n && identity(n)],
    ["ones", ([rows, columns = Size.one]) => rows && ones(rows, columns)],
  ]);

function lengthOf(syntax: Syntax, scope: Scope): Size | undefined {
  if (syntax.kind === "name") return scope.get(syntax.name)?.size;
  return syntax.kind === "number" ? Size.of(Number(syntax.text)) : undefined;
}

/** Both with the shape of the larger one: a number, a column or a row is repeated. */
function stretched(
  left: MatrixExpression,
  right: MatrixExpression,
): [MatrixExpression, MatrixExpression] | undefined {
  if (areAlike(left, right)) return [left, right];
  const [one, other] = [repeated(left, right), repeated(right, left)];
  if (one) return [one, right];
  return other && [left, other];
}

function repeated(node: MatrixExpression, like: MatrixExpression): MatrixExpression | undefined {
  const { rows, columns } = like;
  if (isScalar(node)) return scaled(ones(rows, columns), node, 1);
  if (node.columns.isOne && node.rows.equals(rows)) return product(node, ones(Size.one, columns));
  return node.rows.isOne && node.columns.equals(columns)
    ? product(ones(rows, Size.one), node)
    : undefined;
}

function scaled(
  matrix: MatrixExpression,
  base: MatrixExpression,
  exponent: 1 | -1,
): MatrixExpression {
  return scale(ONE, [power(base, exponent)], matrix);
}

function power(base: MatrixExpression, exponent: 1 | -1) {
  return { base, exponent };
}

function areAlike(a: MatrixExpression, b: MatrixExpression): boolean {
  return a.rows.equals(b.rows) && a.columns.equals(b.columns);
}
