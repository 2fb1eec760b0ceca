/** What stands in front of a matrix: numbers, sizes and scalars, as a fraction where something is divided by. */
import type { Fraction } from "fraction.js";
import { atLeast, Binding, type Latex } from "../../expression/operations/operation.js";
import {
  type HadamardNode,
  isScalar,
  type MatrixExpression,
  type ScaleNode,
} from "../../forms/matrix/expression.js";
import { besideSign } from "../notation/names.js";
import type { Order } from "../notation/order.js";
import { factorsInOrder, isHyperparameter, isReciprocal, unwrapped } from "./matrix-parts.js";

/** What prints the factors. */
export interface FactorPrinter {
  readonly order: Order;
  latex(node: MatrixExpression): Latex;
  /** Factors beside one another. */
  product(factors: readonly MatrixExpression[]): string;
  /** What is divided by, entry by entry, with a number before the sign. */
  reciprocal(node: HadamardNode, front: string): string;
}

/**
 * Numbers and sizes as a fraction in front, then scalars, then the matrix. What is written with a
 * fraction itself stands beside the line: a derivative before it, a sum behind it.
 * @param magnitude of the number in front, which is the node's or that of a term
 */
export function scaleLatex(
  printer: FactorPrinter,
  { numerator, denominator, of }: ScaleNode,
  magnitude: Fraction,
): Latex {
  const { numerals } = printer.order;
  const divides = denominator.some((one) => !isSize(one));
  const isBelow = magnitude.d !== 1n || denominator.length > 0;
  const hasFraction = (one: MatrixExpression): boolean => printer.latex(one).tex.includes("\\frac");
  const above = numerator.filter(
    (one) =>
      (divides && !hasFraction(one)) ||
      isSize(one) ||
      (isBelow && isRootOfNumber(one)) ||
      (isBelow && isHyperparameter(one, printer.order)),
  );
  const isBefore = (one: MatrixExpression): boolean => divides && one.kind === "quantity";
  const beside = numerator.filter((one) => !above.includes(one));
  const before = beside.filter(isBefore);
  const rest = beside.filter((one) => !isBefore(one));
  // numbers alone are factors of an expression of entries
  const behind = of ? [...rest, of] : factorsInOrder(rest, (one) => one, printer.order);
  let front: string;
  if (denominator.length === 0 && above.length === 0) {
    front = numerals.front(magnitude);
  } else {
    const number = numerals.overLine(magnitude);
    const over = partOfFraction(printer, number.over, sizesFirst(above));
    const under = partOfFraction(printer, number.under, sizesFirst(denominator));
    front = under === "" ? over : `\\frac{${over === "" ? "1" : over}}{${under}}`;
  }
  const text = withFront(printer, front, unwrapped(behind));
  const first = withFront(printer, "", before);
  const tex = first === "" ? text : `${first}${besideSign(first, text)}${text}`;
  return { tex, binding: Binding.product };
}

/** A number or fraction and factors behind it. */
export function withFront(
  printer: FactorPrinter,
  front: string,
  factors: readonly MatrixExpression[],
): string {
  const [only] = factors;
  if (!only) return front;
  if (front !== "" && factors.length === 1 && isReciprocal(only) && !isScalar(only)) {
    return printer.reciprocal(only, front);
  }
  const text =
    factors.length === 1 ? atLeast(printer.latex(only), Binding.product) : printer.product(factors);
  if (front === "") return text;
  return `${front}${besideSign(front, text)}${text}`;
}

/** Above or below a fraction's line one factor needs no brackets. */
function partOfFraction(
  printer: FactorPrinter,
  number: string,
  factors: readonly MatrixExpression[],
): string {
  const [only] = factors;
  if (number === "" && only && factors.length === 1) return printer.latex(only).tex;
  return withFront(printer, number, factors);
}

function isSize({ kind }: MatrixExpression): boolean {
  return kind === "size";
}

/** √2 */
function isRootOfNumber(node: MatrixExpression): boolean {
  return node.kind === "apply" && node.args.every(({ kind }) => kind === "number");
}

function sizesFirst(factors: readonly MatrixExpression[]): MatrixExpression[] {
  return factors.toSorted((a, b) => Number(isSize(b)) - Number(isSize(a)));
}
