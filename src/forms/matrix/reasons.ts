/**
 * Why a matrix expression looks as it does. The tree records which rule made each of its nodes: a
 * product is a summed index between two factors, a transpose is an index on the wrong side, a
 * vector of ones is a sum over everything. The reasons are read off it, so they always speak of
 * what is printed.
 */
import type { Quantity } from "../../expression/quantity.js";
import type { Size } from "../../expression/size.js";
import type { Sentence } from "../../language/sentence.js";
import { capitalised, distinct, enumerated, said } from "../../language/sentence.js";
import { isVector, type MatrixExpression, operands, type ProductNode } from "./expression.js";
import { entrywiseText, isEntrywise } from "./entrywise.js";
import { mentionOf } from "./mentions.js";
import { split } from "./products.js";
import { symmetricPart } from "./symmetric.js";
import { type Because, factorBecause, placedBecause } from "./transposed.js";

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
  | "name";

export interface Reason {
  readonly kind: ReasonKind;
  readonly why: Sentence;
}

/** Every reason once, in the order in which the expression is read. */
export function reasonsFor(root: MatrixExpression): Reason[] {
  const found = new Map<string, Reason | Because>();
  const transposed = new Map<Because, MatrixExpression[]>();
  const given = new Set<string | Sentence>();
  const give: Give = (kind, clause) => {
    if (given.has(clause)) return;
    given.add(clause);
    const why = capitalised(said`${clause}.`);
    if (!found.has(why.text)) found.set(why.text, { kind, why });
  };
  const giveTransposed: GiveTransposed = (of, because) => {
    if (columnOf(of) === undefined) {
      give("transpose", `one factor is transposed because ${because.ofOne}`);
      return;
    }
    const alike = transposed.get(because);
    if (alike) {
      alike.push(of);
      return;
    }
    transposed.set(because, [of]);
    found.set(because.ofEach, because);
  };
  let entrywise: string | undefined;
  const visit = (node: MatrixExpression, isFactor = false): void => {
    if (isEntrywise(node)) give("hadamard", (entrywise ??= entrywiseText(root)));
    else explain(node, give, giveTransposed, isFactor);
    // the product around A + Aᵀ explains it
    if (isChosen(node) || (isFactor && symmetricPart(node))) return;
    const holdsFactors = node.kind === "product" || (node.kind === "scale" && isFactor);
    for (const part of operands(node)) visit(part, holdsFactors);
  };
  visit(root);
  return [...found.values()].map((one) =>
    "why" in one ? one : transposedReason(transposed.get(one)!, one),
  );
}

/** What one vector of ones adds in the derivative by a quantity: the matrix, and what of it is added. */
export interface SummedParts {
  /** Not as it is transposed. */
  readonly matrix: MatrixExpression;
  readonly part: "entry" | "row" | "column";
  /** How many there are. */
  readonly count: Size;
}

/** What ∂L/∂b adds, where it is one matrix times ones; undefined where it is anything else. */
export function summedParts(derivative: MatrixExpression): SummedParts | undefined {
  const { front, rest } = split(derivative);
  const [only, ...others] = rest ? [rest] : front.numerator;
  if (only?.kind !== "product" || only.factors.length !== 2 || others.length > 0) return undefined;
  const [first, last] = only.factors as readonly [MatrixExpression, MatrixExpression];
  if (isOnes(first) === isOnes(last)) return undefined;
  const isLast = isOnes(last);
  const factor = isLast ? first : last;
  const count = isLast ? last.rows : first.columns;
  if (isVector(factor)) return { matrix: untransposed(factor), part: "entry", count };
  // the columns of Zᵀ are the rows of Z
  const isColumn = isLast === (factor.kind !== "transpose");
  return { matrix: untransposed(factor), part: isColumn ? "column" : "row", count };
}

function untransposed(node: MatrixExpression): MatrixExpression {
  return node.kind === "transpose" ? node.of : node;
}

/**
 * Why the derivative by a quantity is a sum over rows, columns or entries: it is added to each, or multiplies each.
 * @param how `is added to`
 * @param what of which every row, column or entry meets the quantity
 */
export function broadcastReason(
  of: Quantity,
  { part }: SummedParts,
  how: string,
  what: Sentence,
): Reason {
  const parts = part === "entry" ? "entries" : `${part}s`;
  return {
    kind: "broadcast",
    why: said`${of} ${how} every ${part} of ${what} (broadcast), so its derivative sums over all ${parts}: a product with the vector of ones.`,
  };
}

/** Whether an index is summed anywhere in an expression. */
export function hasSum(root: MatrixExpression): boolean {
  const isSum = root.kind === "product" ? !isOuter(root) : SUMS.has(root.kind);
  return isSum || operands(root).some(hasSum);
}

/** Other kinds of nodes in which indices are summed, or run through as in a maximum. */
const SUMS: ReadonlySet<MatrixExpression["kind"]> = new Set([
  "trace",
  "norm",
  "reduction",
  "softmax",
]);

/** Whether a product sums nothing: columns times rows. */
function isOuter({ factors }: ProductNode): boolean {
  return factors.slice(0, -1).every(({ columns }) => columns.isOne);
}

/** Of a selection, which is written as these parts of an identity matrix also where it is transposed. */
const CHOSEN_ROWS = "these rows of the identity matrix are 1 at the entries that are used";
const CHOSEN_COLUMNS = "these columns of the identity matrix are 1 where the entries are put";

type Give = (kind: ReasonKind, clause: string | Sentence) => void;
type GiveTransposed = (of: MatrixExpression, because: Because) => void;

/** @param isFactor whether the product around it explains its place */
function explain(
  node: MatrixExpression,
  give: Give,
  giveTransposed: GiveTransposed,
  isFactor: boolean,
): void {
  switch (node.kind) {
    case "product":
      explainProduct(node, give, giveTransposed);
      break;
    case "transpose":
      if (isChosen(node)) give("identity", CHOSEN_ROWS);
      else if (!isFactor) giveTransposed(node.of, placedBecause(node));
      break;
    case "diag":
      if (!isFactor) {
        const of = mentionOf(node.of);
        give(
          "diag",
          of
            ? said`${of} is there where both indices are the same, so it stands on a diagonal`
            : "what is there where both indices are the same is a diagonal matrix",
        );
      }
      break;
    case "diagonal":
      give("diagonal", "both indices are the same, so only the diagonal is used");
      break;
    case "trace":
      give(
        "trace",
        "both indices of one factor meet those of the other and are summed, so it is a trace",
      );
      break;
    case "norm":
      give("norm", said`the squares of all entries${ofMention(node.of)} are summed`);
      break;
    case "identity":
      give("identity", "the identity matrix is 1 where both indices are equal, and 0 elsewhere");
      break;
    case "unit":
      give("identity", "the unit vector is 1 at the index that is used, and 0 elsewhere");
      break;
    case "selection":
      give("identity", CHOSEN_COLUMNS);
      break;
    case "commutation":
      give(
        "kronecker",
        "the commutation matrix, with the number of rows and of columns of a matrix below it, puts the entries of vec of that matrix into the order of vec of its transpose",
      );
      break;
    case "kronecker":
      give(
        "kronecker",
        "the sign ⊗ writes the whole second factor once for every entry of the first, times that entry",
      );
      break;
    default:
  }
}

function explainProduct(
  { factors }: ProductNode,
  give: Give,
  giveTransposed: GiveTransposed,
): void {
  for (const [position, factor] of factors.entries()) {
    const [before, after] = [factors[position - 1], factors[position + 1]];
    if (isOnes(factor)) {
      explainOnes(before, after, give);
    } else if (factor.kind === "diag") {
      give("diag", diagText(factor.of, after ? "row" : "column"));
    } else if (after && factor.columns.isOne && !isOnes(after)) {
      give("outer product", outerText(factor, after));
    } else if (after && isPlain(factor) && isPlain(after)) {
      give(
        "product",
        "the summed index is the column index of the first factor and the row index of the second: a matrix product",
      );
    }
    const symmetric = symmetricPart(factor);
    if (symmetric) give("transpose", symmetricText(symmetric));
    if (factor.kind === "transpose" && !isChosen(factor)) {
      giveTransposed(factor.of, factorBecause(factor, before, after));
    }
  }
}

/** Factors whose places have reasons of their own, or that stand for a choice of entries. */
const SPECIAL: ReadonlySet<MatrixExpression["kind"]> = new Set([
  "transpose",
  "ones",
  "diag",
  "identity",
  "unit",
  "selection",
  "commutation",
]);

function isPlain({ kind }: MatrixExpression): boolean {
  return !SPECIAL.has(kind);
}

function outerText(left: MatrixExpression, right: MatrixExpression): string | Sentence {
  const [one, other] = [mentionOf(left), mentionOf(right)];
  return one && other
    ? said`no index is summed between ${one} and ${other}: every entry of one times every entry of the other`
    : "the column times the row: no index is summed, every entry of one meets every entry of the other";
}

/** @param axis of what the diagonal matrix is multiplied with */
function diagText(of: MatrixExpression, axis: "row" | "column"): Sentence {
  const what = mentionOf(of);
  return said`the diagonal matrix multiplies each ${axis} by ${what ? said`its entry of ${what}` : "a number of its own"}`;
}

/** How what is transposed is named: of vec W the column is, W is not. */
function columnOf(node: MatrixExpression): Sentence | undefined {
  const what = node.kind === "vec" && node.of.kind === "transpose" ? undefined : mentionOf(node);
  return what && node.kind === "vec" ? said`the column vec ${what}` : what;
}

/** One sentence for all that is transposed for the same reason. */
function transposedReason(all: readonly MatrixExpression[], because: Because): Reason {
  const what = distinct(all.flatMap((one) => columnOf(one) ?? []));
  const why =
    what.length === 1
      ? said`${what[0]!} is transposed because ${because.ofOne}.`
      : said`${enumerated(what)} are transposed because ${because.ofEach}.`;
  return { kind: "transpose", why: capitalised(why) };
}

function symmetricText(of: MatrixExpression): Sentence {
  return said`${mentionOf(of) ?? "one factor"} and its transpose are added because the summed index is its column index in one term and its row index in the other`;
}

function explainOnes(
  before: MatrixExpression | undefined,
  after: MatrixExpression | undefined,
  give: Give,
): void {
  if (before && !before.columns.isOne) give("ones", onesText(before, "column"));
  if (after && !after.rows.isOne) give("ones", onesText(after, "row"));
  if (before?.columns.isOne && !isOnes(before)) {
    const what = mentionOf(before) ?? "the column before it";
    give("broadcast", said`the row of ones writes ${what} in every column`);
  }
  if (after?.rows.isOne && !isOnes(after)) {
    const what = mentionOf(after) ?? "the row behind it";
    give("broadcast", said`the column of ones writes ${what} in every row`);
  }
}

const ONES = "the product with the vector of ones";

/** @param axis what is added, of the factor as it is written */
function onesText(factor: MatrixExpression, axis: "row" | "column"): string | Sentence {
  if (isVector(factor)) return said`${ONES} adds all entries${ofMention(factor)}`;
  const of = mentionOf(factor);
  if (of === undefined) return `${ONES} adds all ${axis}s of its factor`;
  // the columns of Zᵀ are the rows of Z
  const own = (axis === "row") === (factor.kind === "transpose") ? "column" : "row";
  return said`${ONES} adds all ${own}s of ${of}`;
}

/** ` of x`, where the expression can be named. */
function ofMention(node: MatrixExpression): Sentence {
  const what = mentionOf(node);
  return what ? said` of ${what}` : said``;
}

/** Rows of the identity. */
function isChosen(node: MatrixExpression): boolean {
  return node.kind === "transpose" && node.of.kind === "selection";
}

function isOnes({ kind }: MatrixExpression): boolean {
  return kind === "ones";
}
