/**
 * Why a matrix expression looks as it does. The tree records which rule made each of its nodes: a
 * product is a summed index between two factors, a transpose is an index on the wrong side, a
 * vector of ones is a sum over everything. The reasons are read off it, so they always speak of
 * what is printed.
 */
import type { Quantity } from "../../expression/quantity.js";
import type { Sentence } from "../../language/sentence.js";
import { capitalised, distinct, enumerated, said } from "../../language/sentence.js";
import { isVector, type MatrixExpression, operands, type ProductNode } from "./expression.js";
import { entrywiseText, isEntrywise } from "./entrywise.js";
import { mentionOf, ofMention } from "./mentions.js";
import { isOnes, onesText, type SummedParts, summedReason } from "./ones.js";
import { symmetricPart } from "./symmetric.js";
import { type Because, factorBecause, placedBecause, unnamedTexts } from "./transposed.js";

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
    const alike = transposed.get(because);
    if (alike) {
      alike.push(of);
      return;
    }
    transposed.set(because, [of]);
    found.set(because.ofEach, because);
  };
  const summed = new Map<string, MatrixExpression>();
  const giveSummed: GiveSummed = (vector) => {
    summed.set(vector.key, vector);
    found.set(SUMMED, { kind: "ones", why: summedReason([...summed.values()]) });
  };
  let entrywise: string | undefined;
  const visit = (node: MatrixExpression, isFactor = false): void => {
    if (isEntrywise(node)) give("hadamard", (entrywise ??= entrywiseText(root)));
    else explain(node, { give, giveTransposed, giveSummed }, isFactor);
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

/** The place of the sentence about vectors that are summed, among the others. */
const SUMMED = "products with ones";

type Give = (kind: ReasonKind, clause: string | Sentence) => void;
type GiveTransposed = (of: MatrixExpression, because: Because) => void;
/** Of a vector whose entries a product with ones adds. */
type GiveSummed = (vector: MatrixExpression) => void;

/** Takes reasons: what is the same of several factors is said in one sentence. */
interface Gives {
  readonly give: Give;
  readonly giveTransposed: GiveTransposed;
  readonly giveSummed: GiveSummed;
}

/** @param isFactor whether the product around it explains its place */
function explain(node: MatrixExpression, gives: Gives, isFactor: boolean): void {
  const { give, giveTransposed } = gives;
  switch (node.kind) {
    case "product":
      explainProduct(node, gives);
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
            ? said`the entries of ${of} are there where both indices are the same: they stand on a diagonal`
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

function explainProduct({ factors }: ProductNode, gives: Gives): void {
  const { give, giveTransposed } = gives;
  for (const [position, factor] of factors.entries()) {
    const [before, after] = [factors[position - 1], factors[position + 1]];
    if (isOnes(factor)) {
      explainOnes(before, after, gives);
      // M 1 1ᵀ and 1 1ᵀ M
      const isLast = position > 1 && !after && isOnes(before!);
      const isFirst = position === 0 && factors.length > 2 && isOnes(after!);
      if (isLast)
        give("broadcast", "the row of ones behind them writes these sums in every column");
      if (isFirst)
        give("broadcast", "the column of ones before them writes these sums in every row");
    } else if (factor.kind === "diag") {
      give("diag", after ? diagText(factor, "row", after) : diagText(factor, "column", before));
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

/**
 * @param axis of what the diagonal matrix multiplies
 * @param beside what it multiplies: what stands behind it by rows, what stands before it by columns
 */
function diagText(
  { of }: { readonly of: MatrixExpression },
  axis: "row" | "column",
  beside: MatrixExpression | undefined,
): Sentence {
  const by = mentionOf(of);
  const whole = (beside && mentionOf(beside)) ?? WHERE[axis];
  return said`the diagonal matrix multiplies each ${axis} of ${whole} by ${by ? said`its entry of ${by}` : "a number of its own"}`;
}

const WHERE = { row: "what stands behind it", column: "what stands before it" } as const;

/** How what is transposed is named: of vec W the column is, W is not. */
function columnOf(node: MatrixExpression): Sentence | undefined {
  const what = node.kind === "vec" && node.of.kind === "transpose" ? undefined : mentionOf(node);
  return what && node.kind === "vec" ? said`the column vec ${what}` : what;
}

/** One sentence for all that is transposed for the same reason. */
function transposedReason(all: readonly MatrixExpression[], because: Because): Reason {
  const named = distinct(all.flatMap((one) => columnOf(one) ?? []));
  const unnamed = new Map(
    all.filter((one) => columnOf(one) === undefined).map((one) => [one.key, one]),
  );
  const what = [...named, ...unnamedTexts([...unnamed.values()])];
  const why =
    named.length + unnamed.size === 1
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
  { give, giveSummed }: Gives,
): void {
  const giveOnes = (factor: MatrixExpression, axis: "row" | "column"): void => {
    if (isVector(factor)) giveSummed(factor);
    else give("ones", onesText(factor, axis));
  };
  if (before && !before.columns.isOne) giveOnes(before, "column");
  if (after && !after.rows.isOne) giveOnes(after, "row");
  if (before?.columns.isOne && !isOnes(before)) {
    const what = mentionOf(before) ?? "the column before it";
    give("broadcast", said`the row of ones writes ${what} in every column`);
  }
  if (after?.rows.isOne && !isOnes(after)) {
    const what = mentionOf(after) ?? "the row behind it";
    give("broadcast", said`the column of ones writes ${what} in every row`);
  }
}

/** Rows of the identity. */
function isChosen(node: MatrixExpression): boolean {
  return node.kind === "transpose" && node.of.kind === "selection";
}
