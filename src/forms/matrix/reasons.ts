/**
 * Why a matrix expression looks as it does. The tree records which rule made each of its nodes: a
 * product is a summed index between two factors, a transpose is an index on the wrong side, a
 * vector of ones is a sum over everything. The reasons are read off it, so they always speak of
 * what is printed.
 */
import type { Quantity } from "../../expression/quantity.js";
import {
  isScalar,
  isVector,
  type MatrixExpression,
  operands,
  type ProductNode,
} from "./expression.js";

export type ReasonKind =
  | "product"
  | "transpose"
  | "outer product"
  | "inner product"
  | "ones"
  | "broadcast"
  | "hadamard"
  | "diag"
  | "diagonal"
  | "trace"
  | "norm"
  | "identity"
  | "kronecker"
  | "vec";

export interface Reason {
  readonly kind: ReasonKind;
  /** One sentence; quantities have their names of the model language, derivatives are ∂L/∂W. */
  readonly text: string;
  /** The quantities that the sentence names, in its order. */
  readonly about: readonly Quantity[];
}

/** Every reason once, in the order in which the expression is read. */
export function reasonsFor(root: MatrixExpression): Reason[] {
  const found = new Map<string, Reason>();
  const give: Give = (kind, about, clause) => {
    const text = `${/^[a-z]+ /.test(clause) && !startsWithName(clause, about) ? capital(clause) : clause}.`;
    if (!found.has(text)) found.set(text, { kind, text, about: about.flatMap(named) });
  };
  const visit = (node: MatrixExpression, isExplained = false): void => {
    explain(node, give, isExplained);
    const explains = node.kind === "product" || (node.kind === "scale" && isExplained);
    for (const part of operands(node)) visit(part, explains);
  };
  visit(root);
  return [...found.values()];
}

type Give = (kind: ReasonKind, about: readonly MatrixExpression[], text: string) => void;

function explain(node: MatrixExpression, give: Give, isExplained: boolean): void {
  switch (node.kind) {
    case "product":
      explainProduct(node, give);
      break;
    case "transpose":
      if (!isExplained) {
        const what = subject(node.of);
        give(
          "transpose",
          [node.of],
          isVector(node.of)
            ? `${what} is transposed because its index is the ${node.rows.isOne ? "column" : "row"} index of the result`
            : `${what} is transposed because its row index is the column index of the result`,
        );
      }
      break;
    case "hadamard":
      if (isScalar(node) || node.factors.length === 1) break;
      give(
        "hadamard",
        [],
        "factors with the same indices and no sum over them are multiplied entry by entry",
      );
      break;
    case "diag":
      give(
        "diag",
        [node.of],
        isExplained
          ? `${subject(node.of)} multiplies along one index of a matrix, so it stands on a diagonal`
          : `only entries with the same index depend on each other, so ${subject(node.of)} stands on a diagonal`,
      );
      break;
    case "diagonal":
      give("diagonal", [node.of], "both indices are the same, so only the diagonal is used");
      break;
    case "trace":
      give(
        "trace",
        [],
        "both indices of one factor meet those of the other and are summed, so it is a trace",
      );
      break;
    case "norm":
      give("norm", [node.of], `the squares of all entries of ${subject(node.of)} are summed`);
      break;
    case "identity":
    case "unit":
      give("identity", [], "a Kronecker delta is 1 only where its two indices are equal");
      break;
    case "kronecker":
      give(
        "kronecker",
        [],
        "each factor depends on one index of the result and one of the variable",
      );
      break;
    case "vec":
      give("vec", [node.of], `the ${node.order} of the matrix stand one after the other`);
      break;
    default:
  }
}

function explainProduct({ factors }: ProductNode, give: Give): void {
  for (const [position, factor] of factors.entries()) {
    const [before, after] = [factors[position - 1], factors[position + 1]];
    if (isOnes(factor)) {
      explainOnes(before, after, give);
    } else if (after && factor.columns.isOne && !isOnes(after)) {
      const [left, right] = [subject(factor), subject(after)];
      give(
        "outer product",
        [factor, after],
        `no index is summed between ${left} and ${right}: every entry of one times every entry of the other`,
      );
    }
    if (factor.kind !== "transpose") continue;
    const { of } = factor;
    const sums = [
      after && !factor.columns.isOne ? "row" : undefined,
      before && !factor.rows.isOne ? "column" : undefined,
    ].filter((one) => one !== undefined);
    give("transpose", [of], transposeText(of, sums, factor.rows.isOne));
  }
}

function transposeText(of: MatrixExpression, sums: readonly string[], isRow: boolean): string {
  const what = subject(of);
  if (isVector(of)) {
    return sums.length > 0
      ? `${what} is transposed because its index is summed: a row times a column is that sum`
      : `${what} is transposed because its index is the ${isRow ? "column" : "row"} index of the result`;
  }
  if (sums.length === 2) {
    return `${what} is transposed because its row index is summed with the factor behind it and its column index with the one before it`;
  }
  return `${what} is transposed because the summed index is its ${sums[0]!} index`;
}

function explainOnes(
  before: MatrixExpression | undefined,
  after: MatrixExpression | undefined,
  give: Give,
): void {
  const summed = [
    before && !before.columns.isOne ? before : undefined,
    after && !after.rows.isOne ? after : undefined,
  ];
  for (const one of summed) {
    if (one)
      give(
        "ones",
        [one],
        `the product with a vector of ones is the sum over that index of ${subject(one)}`,
      );
  }
  const repeated = [
    before?.columns.isOne ? before : undefined,
    after?.rows.isOne ? after : undefined,
  ];
  for (const one of repeated) {
    if (one && !isOnes(one)) {
      give(
        "broadcast",
        [one],
        `${subject(one)} does not depend on the other index, so it is repeated by a vector of ones`,
      );
    }
  }
}

/** Names keep their letters: `x is transposed …`. */
function startsWithName(clause: string, about: readonly MatrixExpression[]): boolean {
  return about.flatMap(named).some((one) => clause.startsWith(`${nameOf(one)} `));
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function isOnes({ kind }: MatrixExpression): boolean {
  return kind === "ones";
}

function named(node: MatrixExpression): Quantity[] {
  if (node.kind === "transpose") return named(node.of);
  return node.kind === "quantity" || node.kind === "slice" ? [node.quantity] : [];
}

/** A name of the model language, or ∂L/∂W for a derivative. */
function nameOf({ name, numerator, of }: Quantity): string {
  return numerator && of ? `∂${numerator.name}/∂${of.name}` : name;
}

/** How a sentence names an expression. */
function subject(node: MatrixExpression): string {
  switch (node.kind) {
    case "quantity":
      return nameOf(node.quantity);
    case "slice":
      return `the part of ${nameOf(node.quantity)}`;
    case "transpose":
      return subject(node.of);
    case "sum":
      return "the sum";
    case "hadamard":
      return "the elementwise product";
    case "apply":
      return "the elementwise function";
    default:
      return "the factor";
  }
}
