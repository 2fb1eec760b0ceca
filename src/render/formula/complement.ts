/** A slope that stands as a difference: a − a² is a (1 − a). */
import type { Expression, SumNode } from "../../expression/expression.js";
import { atLeast, Binding, type Latex } from "../../expression/operations/operation.js";
import { isMinusOne, isUnit } from "../../expression/rational.js";
import type { LetterNames } from "../notation/letters.js";
import type { Summand } from "../notation/summands.js";

/** What prints the factors. */
export interface SlopePrinter {
  latex(node: Expression, names: LetterNames): Latex;
  /** What stands between two factors. */
  between(left: string, right: string): string;
}

/** Undefined for any other sum. */
export function complementLatex(
  printer: SlopePrinter,
  { constant, terms }: SumNode,
  names: LetterNames,
): Summand | undefined {
  const square = terms.find(({ coefficient }) => isMinusOne(coefficient))?.term;
  const plain = terms.find(({ coefficient }) => isUnit(coefficient))?.term;
  if (terms.length !== 2 || constant.n !== 0n || !plain || square?.kind !== "product") return;
  const [only] = square.factors;
  const isSquare = square.factors.length === 1 && only!.base === plain && only!.exponent === 2;
  if (!isSquare || plain.kind !== "reference") return undefined;
  const shown = atLeast(printer.latex(plain, names), Binding.power);
  const bracket = `\\left(1 - ${shown}\\right)`;
  return { sign: "+", tex: `${shown}${printer.between(shown, bracket)}${bracket}` };
}
