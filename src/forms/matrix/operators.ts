/**
 * What is done to one matrix, and Kronecker products. Transposes stand at the leaves of products
 * and in front of everything else, unless fewer are needed the other way.
 */
import { Size } from "../../expression/size.js";
import { isScalar, type MatrixExpression, type Over, type VecOrder } from "./expression.js";
import { identity, keys, make, ones, size, zeros } from "./node.js";
import { apply, BARE, hadamard, product, split, sum, together, withFront } from "./products.js";

export function transpose(node: MatrixExpression): MatrixExpression {
  if (isScalar(node)) return node;
  if (node.kind === "transpose") return node.of;
  return (node.turned ??= turnedOver(node));
}

function turnedOver(node: MatrixExpression): MatrixExpression {
  const { rows, columns } = node;
  switch (node.kind) {
    case "ones":
      return ones(columns, rows);
    case "zeros":
      return zeros(columns, rows);
    case "identity":
    case "diag":
      return node;
    case "product":
      return product(...node.factors.toReversed().map(transpose));
    case "kronecker":
      return kronecker(...node.factors.map(transpose));
    case "scale":
      return withFront(node, transpose(node.of!));
    case "commutation":
      return commutation(node.n, node.m, node.order);
    case "sum": {
      const inside = sum(node.terms.map((one) => ({ ...one, term: transpose(one.term) })));
      // Aᵀ1 + Bᵀ1 rather than (1ᵀA + 1ᵀB)ᵀ
      const isRow = rows.isOne && node.terms.every(({ term }) => hasProduct(term));
      return isRow || inside.transposes <= node.transposes ? inside : outside(node);
    }
    case "hadamard": {
      const inside = hadamard(node.factors.map((one) => ({ ...one, base: transpose(one.base) })));
      return inside.transposes <= node.transposes ? inside : outside(node);
    }
    case "apply": {
      const inside = apply(node.operation, node.args.map(transpose), columns, rows);
      return inside.transposes <= node.transposes ? inside : outside(node);
    }
    default:
      return outside(node);
  }
}

/** Whether a term is a product of matrices, with scalars in front or without. */
function hasProduct(term: MatrixExpression): boolean {
  return (term.kind === "scale" ? term.of : term)?.kind === "product";
}

function outside(node: MatrixExpression): MatrixExpression {
  return make({ kind: "transpose", of: node }, node.columns, node.rows, `${node.key}'`);
}

/** A vector on the diagonal of a matrix. */
export function diag(vector: MatrixExpression): MatrixExpression {
  const { front, rest } = split(vector);
  const n = vector.columns.isOne ? vector.rows : vector.columns;
  if (!rest || rest.kind === "ones") return withFront(front, identity(n));
  const bare = rest.kind === "transpose" ? rest.of : rest;
  return withFront(front, make({ kind: "diag", of: bare }, n, n, `diag(${bare.key})`));
}

/** The diagonal of a square matrix, as a column. */
export function diagonal(matrix: MatrixExpression): MatrixExpression {
  const { front, rest } = split(matrix);
  if (!rest || rest.kind === "identity") return withFront(front, ones(matrix.rows, Size.one));
  if (rest.kind === "diag")
    return withFront(front, rest.of.columns.isOne ? rest.of : transpose(rest.of));
  const bare = rest.kind === "transpose" ? rest.of : rest;
  const node = make({ kind: "diagonal", of: bare }, matrix.rows, Size.one, `dg(${bare.key})`);
  return withFront(front, node);
}

export function trace(matrix: MatrixExpression): MatrixExpression {
  const { front, rest } = split(matrix);
  if (!rest) return matrix;
  if (rest.kind === "identity")
    return withFront(together(front, split(size(rest.rows)).front), undefined);
  const bare = rest.kind === "transpose" ? rest.of : rest;
  const node = make({ kind: "trace", of: bare }, Size.one, Size.one, `tr(${bare.key})`);
  return withFront(together(front, { ...BARE, numerator: [node] }), undefined);
}

// ————— along axes —————

function reducedShape(of: MatrixExpression, over: Over): [Size, Size] {
  if (over === "all") return [Size.one, Size.one];
  return over === "row" ? [of.rows, Size.one] : [Size.one, of.columns];
}

export function reduction(
  kind: "max" | "min" | "logsumexp",
  over: Over,
  of: MatrixExpression,
): MatrixExpression {
  const [rows, columns] = reducedShape(of, over);
  const key = `${kind}.${over}(${of.key})`;
  return make({ kind: "reduction", reduction: kind, over, of }, rows, columns, key);
}

export function softmax(over: Over, of: MatrixExpression, log: boolean): MatrixExpression {
  const key = `${log ? "log" : ""}softmax.${over}(${of.key})`;
  return make({ kind: "softmax", log, over, of }, of.rows, of.columns, key);
}

// ————— Kronecker form —————

export function kronecker(...matrices: readonly MatrixExpression[]): MatrixExpression {
  let front = BARE;
  const factors: MatrixExpression[] = [];
  let [rows, columns] = [Size.one, Size.one];
  for (const node of matrices) {
    rows = rows.times(node.rows);
    columns = columns.times(node.columns);
    const parts = split(node);
    front = together(front, parts.front);
    if (parts.rest)
      factors.push(...(parts.rest.kind === "kronecker" ? parts.rest.factors : [parts.rest]));
  }
  if (factors.every(({ kind }) => kind === "identity")) return withFront(front, identity(rows));
  if (factors.every(({ kind }) => kind === "ones")) return withFront(front, ones(rows, columns));
  if (factors.length === 1) return withFront(front, factors[0]);
  return withFront(
    front,
    make({ kind: "kronecker", factors }, rows, columns, `(x)(${keys(factors)})`),
  );
}

/** A matrix as one column; a column stays as it is, and a row becomes its transpose. */
export function vec(matrix: MatrixExpression, order: VecOrder): MatrixExpression {
  if (matrix.columns.isOne) return matrix;
  if (matrix.rows.isOne) return transpose(matrix);
  const { front, rest } = split(matrix);
  const entries = matrix.rows.times(matrix.columns);
  if (!rest || rest.kind === "ones") return withFront(front, ones(entries, Size.one));
  const node = make(
    { kind: "vec", order, of: rest },
    entries,
    Size.one,
    `vec.${order}(${rest.key})`,
  );
  return withFront(front, node);
}

/** K with K vec(A) = vec(Aᵀ), A of m×n. */
export function commutation(m: Size, n: Size, order: VecOrder): MatrixExpression {
  const entries = m.times(n);
  if (m.isOne || n.isOne) return identity(entries);
  return make(
    { kind: "commutation", order, m, n },
    entries,
    entries,
    `K.${order}(${m.key},${n.key})`,
  );
}
