/** Leaves of matrix expressions written as arrays: entry by entry, or as the point's numbers. */
import type { PointNumbers } from "../../derivation/numbers.js";
import type { Quantity } from "../../expression/quantity.js";
import { Binding, type Latex } from "../../expression/operations/operation.js";
import { isScalar, type MatrixExpression, operands } from "../../forms/matrix/expression.js";
import { derivativeLatex } from "./leaves.js";
import { symbolParts, takesScripts, TRANSPOSED, transposed } from "./matrix-symbol.js";
import { boxesOf } from "../layout/boxes.js";
import { joined } from "../../language/symbol.js";
import { indexScript } from "../notation/names.js";
import type { Notation } from "../notation/notation.js";
import { numberLatex } from "./numbers.js";

/** Writes a node as one piece; undefined where it is written by its operands. */
export type Leaf = (node: MatrixExpression, isRoot: boolean) => Latex | undefined;

/** `\begin{bmatrix} a & b \\ c & d \end{bmatrix}`; rows that would touch stand apart. */
export function arrayLatex(rows: readonly (readonly string[])[]): string {
  const lines = rows.map((row) => row.join(" & "));
  return `\\begin{bmatrix} ${lines.join(` \\\\${rowGap(rows.flat())} `)} \\end{bmatrix}`;
}

/** More room between rows with fractions, and with signs that have scripts above and below. */
function rowGap(entries: readonly string[]): string {
  let isHigh = false;
  for (const tex of entries) {
    if (!(isHigh ? tex.includes("\\frac") : mayBeHigh(tex))) continue;
    const boxes = boxesOf(tex);
    if (boxes.some(({ kind }) => kind === "fraction")) return "[4pt]";
    isHigh ||= boxes.some((box) => box.isHigh);
  }
  return isHigh ? "[2pt]" : "";
}

/** Whether an entry has a command, or scripts above and below: a letter with an index or a number is as low as any. */
function mayBeHigh(tex: string): boolean {
  return tex.includes("\\") || (tex.includes("_") && tex.includes("^"));
}

/** Marks an entry of the array that stands for a node, where the node is a quantity. */
export function entryMarker(
  notation: Notation,
  node: MatrixExpression,
): (tex: string, row: number, column: number) => string {
  const of = node.kind === "transpose" ? node.of : node;
  if (of.kind !== "quantity") return (tex) => tex;
  const { quantity } = of;
  return (tex, row, column) => {
    const indices = of === node ? [row, column] : [column, row];
    return notation.markEntry(tex, quantity, indices.slice(0, quantity.shape.length));
  };
}

/** A flat list, rows first, as rows. */
export function rowsOf<Entry>(
  entries: readonly Entry[],
  rows: number,
  columns: number,
): readonly (readonly Entry[])[] {
  return Array.from({ length: rows }, (_, row) =>
    entries.slice(row * columns, (row + 1) * columns),
  );
}

/** Quantities as arrays of their entries, transposed where their transpose stands. */
export function entryLeaf(notation: Notation): Leaf {
  return (node) => {
    const of = node.kind === "transpose" ? node.of : node;
    const isOnes = of.kind === "ones";
    if ((of.kind !== "quantity" && !isOnes) || isScalar(of)) return undefined;
    const [rows, columns] = [of.rows.constant, of.columns.constant];
    if (rows === undefined || columns === undefined) return undefined;
    const entry = (row: number, column: number): string => {
      if (of.kind !== "quantity") return "1";
      const { shape } = of.quantity;
      const indices = shape.length === 2 ? [row, column] : [row];
      return entryLatex(
        notation,
        of.quantity,
        indices.map((index) => `${index + notation.indexBase}`),
      );
    };
    const isTransposed = of !== node;
    const marked = entryMarker(notation, node);
    const [height, width] = isTransposed ? [columns, rows] : [rows, columns];
    const array = Array.from({ length: height }, (_, row) =>
      Array.from({ length: width }, (__, column) =>
        marked(isTransposed ? entry(column, row) : entry(row, column), row, column),
      ),
    );
    return { tex: arrayLatex(array), binding: Binding.atom };
  };
}

/**
 * The entry of a quantity or of its transpose as a factor: δ_{jn}, (Wᵀ)_{ij}.
 * @param place row and column
 */
export function factorEntry(
  notation: Notation,
  node: MatrixExpression,
  place: readonly [row: string, column: string],
): string {
  const of = node.kind === "transpose" ? node.of : node;
  if (of.kind !== "quantity") throw new TypeError(`${node.kind} has no entries with a symbol`);
  const [row, column] = place;
  const { quantity } = of;
  const isVector = quantity.shape.length < 2;
  if (isVector || of === node) {
    const indices = isVector ? [of === node ? row : column] : place;
    return notation.mark(entryLatex(notation, quantity, indices), of);
  }
  const parts = symbolParts(notation, of)!;
  const symbol = takesScripts(parts.base)
    ? transposed(parts)
    : `\\left(${joined(parts)}\\right)^{${TRANSPOSED}}`;
  return notation.mark(`\\left(${symbol}\\right)_{${indexScript(place)}}`, of);
}

/** An entry of a quantity, of an adjoint by its name or as ∂L/∂entry. */
function entryLatex(notation: Notation, quantity: Quantity, indices: readonly string[]): string {
  const { numerator, of } = quantity;
  if (!numerator || !of) return notation.entry(quantity, indices);
  return (
    notation.adjointEntry(of, indices) ??
    derivativeLatex(notation.symbol(numerator), notation.entry(of, indices))
  );
}

/**
 * Numbers in place of quantities, sizes, and functions that are factors: what a product or a sum of
 * matrices is computed from. Products that stand in brackets are kept.
 * @param note is told of every number that was rounded
 */
export function numberLeaf(notation: Notation, numbers: PointNumbers, note: () => void): Leaf {
  return (node, isRoot) => {
    if (["number", "constant", "identity", "commutation"].includes(node.kind)) return undefined;
    const isComposed = ["sum", "scale", "product", "kronecker", "hadamard"].includes(node.kind);
    if (isComposed || (isRoot && operands(node).length > 0)) return undefined;
    // a diagonal matrix is written by its diagonal
    const written = node.kind === "diag" ? node.of : node;
    const { rows, columns, entries } = numbers.matrix(written);
    const shown = entries.map(numberLatex);
    if (shown.some(({ isRounded }) => isRounded)) note();
    const [only] = shown;
    if (rows * columns === 1) return only;
    const marked = entryMarker(notation, written);
    const array = rowsOf(shown, rows, columns).map((row, i) =>
      row.map(({ tex }, j) => marked(tex, i, j)),
    );
    const tex = arrayLatex(array);
    const isDiagonal = written !== node;
    return {
      tex: isDiagonal ? `\\operatorname{diag}\\left(${tex}\\right)` : tex,
      binding: Binding.atom,
    };
  };
}
