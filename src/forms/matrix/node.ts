/** Nodes without operands, and how nodes are made. */
import { Fraction } from "fraction.js";
import type { ConstantName } from "../../expression/expression.js";
import type { Quantity } from "../../expression/quantity.js";
import { Size } from "../../expression/size.js";
import { type Along, type Draft, type MatrixExpression, operands } from "./expression.js";

export const ZERO = new Fraction(0);
export const ONE = new Fraction(1);

/** A node of these parts, which become the node itself. */
export function make(draft: Draft, rows: Size, columns: Size, key: string): MatrixExpression {
  let weight = 1;
  // rows that are selected are written without a transpose
  let transposes = draft.kind === "transpose" && draft.of.kind !== "selection" ? 1 : 0;
  for (const part of operands(draft)) {
    weight += part.weight;
    transposes += part.transposes;
  }
  return Object.assign(draft, { rows, columns, key, weight, transposes });
}

export const keys = (nodes: readonly MatrixExpression[]): string =>
  nodes.map(({ key }) => key).join(",");

export function quantityMatrix(whole: Quantity): MatrixExpression {
  const [rows = Size.one, columns = Size.one] = whole.shape;
  return make({ kind: "quantity", quantity: whole }, rows, columns, `${whole.role}:${whole.name}`);
}

/** Part of a quantity, one range or index for each axis. */
export function slice(whole: Quantity, axes: readonly Along[]): MatrixExpression {
  const [rows = Size.one, columns = Size.one] = axes.map((along) =>
    along.kind === "at" ? Size.one : along.count,
  );
  const parts = axes.map((along) =>
    along.kind === "at" ? along.index.key : `${along.from.key}~${along.count.key}`,
  );
  const key = `${whole.role}:${whole.name}[${parts.join(";")}]`;
  return make({ kind: "slice", quantity: whole, axes }, rows, columns, key);
}

export function number(value: Fraction | number): MatrixExpression {
  const exact = value instanceof Fraction ? value : new Fraction(value);
  return make({ kind: "number", value: exact }, Size.one, Size.one, exact.toFraction());
}

export function size(value: Size): MatrixExpression {
  const known = value.constant;
  if (known !== undefined) return number(known);
  return make({ kind: "size", size: value }, Size.one, Size.one, `|${value.key}|`);
}

export function constant(name: ConstantName): MatrixExpression {
  return make({ kind: "constant", name }, Size.one, Size.one, `const:${name}`);
}

export function ones(rows: Size, columns: Size): MatrixExpression {
  if (rows.isOne && columns.isOne) return number(ONE);
  return make({ kind: "ones" }, rows, columns, `1(${rows.key}x${columns.key})`);
}

export function zeros(rows: Size, columns: Size): MatrixExpression {
  if (rows.isOne && columns.isOne) return number(ZERO);
  return make({ kind: "zeros" }, rows, columns, `0(${rows.key}x${columns.key})`);
}

export function identity(n: Size): MatrixExpression {
  return n.isOne ? number(ONE) : make({ kind: "identity" }, n, n, `I(${n.key})`);
}

/** Columns `from` to `from + count − 1` of the identity: it puts `count` entries among n. */
export function selection(n: Size, from: Size, count: Size): MatrixExpression {
  if (count.equals(n)) return identity(n);
  return make({ kind: "selection", from }, n, count, `I(${n.key};${from.key}~${count.key})`);
}

/** e_index, a column of n entries. */
export function unit(n: Size, index: Size): MatrixExpression {
  return make({ kind: "unit", index }, n, Size.one, `e(${index.key} of ${n.key})`);
}

/** The Euclidean or Frobenius norm, or its square. */
export function norm(of: MatrixExpression, squared: boolean): MatrixExpression {
  const bare = of.kind === "transpose" ? of.of : of;
  const key = `norm${squared ? "2" : ""}(${bare.key})`;
  return make({ kind: "norm", squared, of: bare }, Size.one, Size.one, key);
}
