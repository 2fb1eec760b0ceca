/** Matrix lines written out: entry by entry, multiplied out, and with the point's numbers. */
import type { Expression } from "../expression/expression.js";
import type { Graph } from "../expression/graph.js";
import { Index, type Letter } from "../expression/indices.js";
import type { Size } from "../expression/size.js";
import { isScalar, type MatrixExpression, operands } from "../forms/matrix/expression.js";
import { writtenLength } from "../expression/walk.js";
import { writtenOut } from "../forms/paths.js";
import type { PointNumbers } from "./numbers.js";
import { said } from "../language/sentence.js";
import { PUT_IN, VALUE } from "./sentences.js";
import type { Claim, Side } from "./step.js";

/** Arrays with more columns or entries than these are not written with symbols. */
const SYMBOLS = { columns: 6, entries: 12 };
/** Arrays with more columns or entries than these are not written with numbers. */
const NUMBERS = { columns: 10, entries: 40 };
/** Lines of arrays with more columns beside each other than this are not written with numbers. */
const WIDEST = 13;
/** Entries of more symbols than this in all are not multiplied out. */
const LONGEST_ARRAY = 150;
/** Rows of more symbols than this have no room on a page. */
const LONGEST_ROW = 26;
/** Sums of more terms than this are not multiplied out. */
const MOST_TERMS = 6;

/** Entries as one expression of the letters of rows and columns. */
export interface IndexForm {
  readonly expression: Expression;
  readonly letters: readonly Letter[];
}

/** A matrix line, and the entries of its right side as an expression of indices. */
export interface MatrixLine {
  readonly left: Extract<Side, { kind: "matrix" }>;
  readonly matrix: MatrixExpression;
  /** Where it is known. */
  readonly entries?: IndexForm;
}

/**
 * The line with its matrices entry by entry, multiplied out, with numbers, and the result: those of
 * them that are small enough to be read. Symbols need sizes that are numbers in the model.
 * @param numbers of the point, where there is one
 */
export function arrayClaims(
  graph: Graph,
  line: MatrixLine,
  numbers: PointNumbers | undefined,
): Claim[] {
  const { entries } = line;
  const symbols = entries ? symbolClaims(graph, line, entries) : [];
  const last = symbols.at(-1)?.right;
  const isNumbers = last?.kind === "entries" && last.entries.every(({ kind }) => kind === "number");
  return numbers && !isNumbers ? [...symbols, ...numberClaims(line, numbers)] : symbols;
}

function symbolClaims(graph: Graph, { left, matrix }: MatrixLine, entries: IndexForm): Claim[] {
  const length = ({ constant }: Size): number => constant ?? Infinity;
  if (isScalar(matrix) || !arraysFit(matrix, length, SYMBOLS)) return [];
  const [rows, columns] = [length(matrix.rows), length(matrix.columns)];
  const claims: Claim[] = [];
  const written = allEntries(graph, entries);
  const isWhole = written?.length === rows * columns;
  const hasRoom = isWhole && longestRow(written, columns) <= LONGEST_ROW;
  if (isMultiplied(matrix) && isWrittenByEntries(matrix)) {
    const leftOut = hasRoom ? "" : " Multiplied out, it would be too long for a page.";
    claims.push({
      rule: "matrices entry by entry",
      why: said`Every matrix is written entry by entry.${leftOut}`,
      left,
      right: { kind: "matrix", matrix, leaves: "entries" },
      letters: [],
    });
  }
  // entries that are all the same number need no list
  const isConstant = written?.every((one) => one.kind === "number" && one === written[0]) === true;
  if (hasRoom && !(isConstant && isPlain(matrix))) {
    claims.push({
      ...(isMultiplied(matrix)
        ? { rule: "multiplied out", why: said`The products are multiplied out.` }
        : { rule: "entry by entry", why: said`Entry by entry.` }),
      left,
      right: { kind: "entries", rows, columns, entries: written, of: matrix },
      letters: [],
    });
  }
  return claims;
}

/** How many symbols the longest row has. */
function longestRow(entries: readonly Expression[], columns: number): number {
  const lengths = entries.map(writtenLength);
  const rows = lengths.flatMap((_, at) =>
    at % columns === 0 ? [lengths.slice(at, at + columns)] : [],
  );
  return Math.max(...rows.map((row) => row.reduce((total, one) => total + one, 0)));
}

/** Every entry as an expression without indices and sums, rows first. */
function allEntries(graph: Graph, { expression, letters }: IndexForm): Expression[] | undefined {
  let partial: Expression[] = [expression];
  for (const letter of letters) {
    const count = letter.size.constant!;
    partial = partial.flatMap((one) =>
      Array.from({ length: count }, (_, value) =>
        graph.substitute(one, new Map([[letter.key, Index.number(value)]])),
      ),
    );
  }
  const limits = { terms: MOST_TERMS, longest: LONGEST_ARRAY };
  const written = partial.map((one) => writtenOut(graph, one, new Map(), limits));
  if (!written.every((one) => one !== undefined)) return undefined;
  const total = written.reduce((sum, one) => sum + writtenLength(one), 0);
  return total > LONGEST_ARRAY ? undefined : written;
}

function numberClaims({ left, matrix }: MatrixLine, numbers: PointNumbers): Claim[] {
  const length = (size: Size): number => numbers.size(size);
  if (!fits(matrix, length, NUMBERS)) return [];
  // the left side's own value: it may be known where the right side overflows as it is written
  const { rows, columns, entries } = numbers.matrix(left.matrix);
  const value: Claim = {
    rule: "result",
    why: VALUE,
    left,
    right:
      rows * columns === 1
        ? { kind: "value", value: entries[0]! }
        : { kind: "array", rows, columns, entries },
    letters: [],
    isAtPoint: true,
  };
  const isComposed = operands(matrix).length > 0 && rows * columns > 1;
  const isReadable = arraysFit(matrix, length, NUMBERS) && width(matrix, length) <= WIDEST;
  if (!isComposed || !isReadable) return [value];
  const putIn: Claim = {
    rule: "numbers",
    why: PUT_IN,
    left,
    right: { kind: "matrix", matrix, leaves: "numbers" },
    letters: [],
    isAtPoint: true,
  };
  return [putIn, value];
}

/** How many columns the arrays of a line have beside each other. */
function width(matrix: MatrixExpression, length: (size: Size) => number): number {
  const parts = operands(matrix);
  if (parts.length === 0 || matrix.kind === "apply") return length(matrix.columns);
  return parts.reduce((total, one) => total + width(one, length), 0);
}

interface Limits {
  readonly columns: number;
  readonly entries: number;
}

function fits(
  { rows, columns }: MatrixExpression,
  length: (size: Size) => number,
  limits: Limits,
): boolean {
  return length(columns) <= limits.columns && length(rows) * length(columns) <= limits.entries;
}

/** Whether an array and all arrays that it is made of are small enough. */
function arraysFit(
  matrix: MatrixExpression,
  length: (size: Size) => number,
  limits: Limits,
): boolean {
  return (
    fits(matrix, length, limits) && operands(matrix).every((one) => arraysFit(one, length, limits))
  );
}

/**
 * Whether a line with its arrays entry by entry is one that a person would write: parts of
 * quantities, unit vectors and norms keep their signs, and no array stands above or below a line.
 */
function isWrittenByEntries(matrix: MatrixExpression): boolean {
  if (KEPT.has(matrix.kind)) return false;
  const front = matrix.kind === "scale" ? [...matrix.numerator, ...matrix.denominator] : [];
  return (
    front.every((one) => operands(one).length === 0) && operands(matrix).every(isWrittenByEntries)
  );
}

const KEPT: ReadonlySet<MatrixExpression["kind"]> = new Set([
  "slice",
  "unit",
  "selection",
  "identity",
  "norm",
  "reduction",
  "softmax",
]);

/** A number times ones, or without. */
function isPlain(matrix: MatrixExpression): boolean {
  return (
    operands(matrix).length === 0 || (matrix.kind === "scale" && operands(matrix).every(isPlain))
  );
}

function isMultiplied(matrix: MatrixExpression): boolean {
  return matrix.kind === "product" || operands(matrix).some(isMultiplied);
}
