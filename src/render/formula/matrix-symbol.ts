/** Symbols of whole quantities, their parts, and of special matrices, with their scripts. */
import { Binding, type Latex } from "../../expression/operations/operation.js";
import type { Quantity } from "../../expression/quantity.js";
import { Size } from "../../expression/size.js";
import {
  type Along,
  type CommutationNode,
  type MatrixExpression,
  type NormNode,
  type ReductionNode,
  reductionWord,
  type SelectionNode,
  type SliceNode,
  type SoftmaxNode,
} from "../../forms/matrix/expression.js";
import { derivativeLatex } from "./leaves.js";
import { joined, type SymbolParts } from "../../language/symbol.js";
import type { Notation } from "../notation/notation.js";

/** The symbol of a node that is one, taken apart; undefined for what is composed. */
export function symbolParts(notation: Notation, node: MatrixExpression): SymbolParts | undefined {
  switch (node.kind) {
    case "quantity":
      return quantityParts(notation, node.quantity);
    case "slice":
      return sliceParts(notation, node);
    case "unit":
      return { base: notation.signs.unit, sub: index(notation, node.index) };
    case "identity":
      return { base: notation.signs.identity, sub: notation.size(node.rows) };
    case "selection": {
      const { base, range } = selection(notation, node);
      return { base, sub: `:,${range}` };
    }
    default:
      return undefined;
  }
}

/** The transpose of columns of the identity: its rows. */
export function selectedRows(notation: Notation, node: SelectionNode): Latex {
  const { base, range } = selection(notation, node);
  return { tex: `${base}_{${range},:}`, binding: Binding.atom };
}

function selection(notation: Notation, node: SelectionNode): { base: string; range: string } {
  const range = along(notation, { kind: "range", from: node.from, count: node.columns }, node.rows);
  return { base: `\\left(${notation.signs.identity}_{${notation.size(node.rows)}}\\right)`, range };
}

/** The column, the row or the matrix of ones. */
export function onesLatex({ rows, columns }: MatrixExpression): Latex {
  const one = "\\mathbf{1}";
  const row = `${one}^{\\top}`;
  if (columns.isOne) return { tex: one, binding: Binding.atom };
  if (rows.isOne) return { tex: row, binding: Binding.power };
  return { tex: `${one} ${row}`, binding: Binding.product };
}

export const TRANSPOSED = "\\top";

/** base_{sub}^{sup⊤}: what stands below belongs to what is transposed, so it comes first. */
export function transposed({ base, sub, sup = "" }: SymbolParts): string {
  return `${joined({ base, ...(sub === undefined ? {} : { sub }) })}^{${sup}${TRANSPOSED}}`;
}

/** Whether scripts may be written on a base: a letter or a word without scripts of its own. */
export function takesScripts(base: string): boolean {
  return /^(?:\\?[A-Za-z]+|\\[A-Za-z]+ ?\{[^{}^_]*\})$/.test(base);
}

function quantityParts(notation: Notation, quantity: Quantity): SymbolParts {
  const { numerator, of } = quantity;
  if (!numerator || !of) return notation.parts(quantity);
  const named = quantity.role === "adjoint" ? notation.adjoint(of) : undefined;
  if (named) return named;
  const symbols = [numerator, of].map((one) => {
    const symbol = notation.symbol(one);
    const isMatrix = one.shape.filter((size) => !size.isOne).length > 1;
    return quantity.role === "jacobian" && isMatrix ? `\\operatorname{vec} ${symbol}` : symbol;
  });
  return { base: derivativeLatex(symbols[0]!, symbols[1]!, quantity.isDirect) };
}

/** W_{2,:}, or (W_1)_{2,:} where the symbol has a subscript of its own. */
function sliceParts(notation: Notation, { quantity, axes }: SliceNode): SymbolParts {
  const indices = axes.map((one, axis) => along(notation, one, quantity.shape[axis]!));
  const parts = quantityParts(notation, quantity);
  if (!quantity.of && axes.every(({ kind }) => kind === "at")) {
    return { base: notation.entry(quantity, indices) };
  }
  const sub = indices.join(",");
  if (parts.sub === undefined && takesScripts(parts.base)) return { ...parts, sub };
  return { base: `\\left(${joined(parts)}\\right)`, sub };
}

/** An index, or a range with both of its ends, counted from the notation's first index. */
function along(notation: Notation, one: Along, size: Size): string {
  if (one.kind === "at") return index(notation, one.index);
  if (one.from.constant === 0 && one.count.equals(size)) return ":";
  const last = one.from.plus(one.count).minus(Size.one);
  return `${index(notation, one.from)}:${index(notation, last)}`;
}

function index(notation: Notation, position: Size): string {
  return notation.size(position.plus(Size.of(notation.indexBase)));
}

export function vecLatex(order: "columns" | "rows"): string {
  return order === "columns" ? "\\operatorname{vec}" : "\\operatorname{vec}_{\\mathrm{r}}";
}

/** `\max`, or `\operatorname{rowmax}` where each row has one. */
export function reductionName(node: ReductionNode): string {
  const { reduction, over } = node;
  if (over === "all" && reduction !== "logsumexp") return `\\${reduction}`;
  return `\\operatorname{${reductionWord(node)}}`;
}

export function softmaxName({ log, over }: SoftmaxNode): string {
  const of = over === "all" ? "" : `_{\\mathrm{${over}s}}`;
  return `\\operatorname{${log ? "log" : ""}softmax}${of}`;
}

/** ‖v‖, and with an F below of a matrix. */
export function normLatex({ of, squared }: NormNode, inner: Latex): Latex {
  const isMatrix = !of.rows.isOne && !of.columns.isOne;
  const scripts = `${isMatrix ? "_{F}" : ""}${squared ? "^{2}" : ""}`;
  const tex = `\\left\\lVert ${inner.tex} \\right\\rVert${scripts}`;
  return { tex, binding: squared ? Binding.power : Binding.atom };
}

export function commutationLatex(notation: Notation, { m, n }: CommutationNode): Latex {
  const script = `${notation.size(m)},${notation.size(n)}`;
  return { tex: `${notation.signs.commutation}_{${script}}`, binding: Binding.atom };
}
