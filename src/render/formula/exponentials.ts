/** Sums of exponentials, and exponentials over them: what logsumexp and softmax are printed as. */
import type { Expression, ReduceNode, SumNode } from "../../expression/expression.js";
import { Binding, type Latex } from "../../expression/operations/operation.js";
import { exponential } from "../../expression/operations/smooth.js";
import type { LetterNames } from "../notation/letters.js";
import type { Notation } from "../notation/notation.js";
import { type Summand, signed } from "../notation/summands.js";

/** What prints the parts of expressions. */
export interface PartPrinter {
  readonly notation: Notation;
  print(node: Expression, names: LetterNames): string;
  summands(node: Expression, names: LetterNames): Summand[];
  /** A sign of a sum with the range of its letter. */
  bounds(sign: string, node: ReduceNode, names: LetterNames): string;
}

/** Whether a node is e^(u − logsumexp v), which is printed as e^u / Σ e^v. */
export function isShareOfExponentials(node: Expression): boolean {
  const isPower = node.kind === "apply" && node.operation === exponential;
  return isPower && totalOf(node.children[0]!) !== undefined;
}

/** The term −logsumexp v of an exponent. */
function totalOf(argument: Expression): SumNode["terms"][number] | undefined {
  if (argument.kind !== "sum") return undefined;
  return argument.terms.find(
    ({ term, coefficient }) =>
      term.kind === "reduce" && term.reduction === "logsumexp" && coefficient.equals(-1),
  );
}

/** e^(u − logsumexp v) as e^u / Σ e^v; undefined for any other exponent. */
export function normalisedLatex(
  printer: PartPrinter,
  argument: Expression,
  names: LetterNames,
): Latex | undefined {
  const total = totalOf(argument);
  if (argument.kind !== "sum" || total?.term.kind !== "reduce") return undefined;
  const rest: SumNode = { ...argument, terms: argument.terms.filter((term) => term !== total) };
  const below = exponentialSumLatex(printer, total.term, names);
  return { tex: `\\frac{${powerOfE(printer, rest, names)}}{${below}}`, binding: Binding.atom };
}

/** e^u, which is Σ e^v where u is logsumexp v. */
function powerOfE(printer: PartPrinter, exponent: SumNode, names: LetterNames): string {
  const [only, ...others] = exponent.terms;
  const isAlone = others.length === 0 && exponent.constant.n === 0n && only?.coefficient.equals(1);
  if (isAlone === true && only?.term.kind === "reduce" && only.term.reduction === "logsumexp")
    return exponentialSumLatex(printer, only.term, names);
  return printer.notation.signs.exponential(signed(printer.summands(exponent, names)));
}

/** Σ e^v for the node logsumexp v. */
export function exponentialSumLatex(
  printer: PartPrinter,
  node: ReduceNode,
  names: LetterNames,
): string {
  const inner = names.inside(node.letter);
  const body =
    node.body.kind === "reduce" && node.body.reduction === "logsumexp"
      ? exponentialSumLatex(printer, node.body, inner)
      : printer.notation.signs.exponential(printer.print(node.body, inner));
  return `${printer.bounds("\\sum", node, inner)} ${body}`;
}
