/** Numbers in LaTeX, and expressions with numbers in place of their quantities. */
import type { PointNumbers } from "../../derivation/numbers.js";
import { exactDecimal } from "../../language/decimal.js";
import { type Known, knownArithmetic } from "../../numeric/known.js";
import type { Expression, ReduceNode, ReferenceNode } from "../../expression/expression.js";
import { Binding, type Latex } from "../../expression/operations/operation.js";
import type { Size } from "../../expression/size.js";
import { ExpressionPrinter, type PrintOptions } from "./expression.js";
import type { LetterNames } from "../notation/letters.js";
import type { Notation } from "../notation/notation.js";
import type { Order } from "../notation/order.js";

/** Significant digits that are shown. */
export const DIGITS = 7;

/** A number in LaTeX, and whether it may differ from the number that it stands for. */
export type NumberLatex = Latex & { readonly isRounded: boolean };

/** A number to some significant digits, and whether it may differ from what it stands for. */
export function shownNumber(
  { value, fraction }: Known,
  digits: number,
): { readonly shown: number; readonly isRounded: boolean } {
  const shown = Number(value.toPrecision(digits));
  if (!Number.isFinite(value)) return { shown, isRounded: false };
  return { shown, isRounded: fraction?.equals(exactDecimal(String(shown))) !== true };
}

/** A number to seven significant digits; it is exact where the number is known to have no more. */
export function numberLatex(known: Known): NumberLatex {
  const { value } = known;
  const { shown, isRounded } = shownNumber(known, DIGITS);
  const binding = shown < 0 || Object.is(shown, -0) ? Binding.sum : Binding.atom;
  if (!Number.isFinite(value)) {
    const tex = Number.isNaN(value) ? "\\text{undefined}" : value > 0 ? "\\infty" : "-\\infty";
    return { tex, binding, isRounded };
  }
  const [mantissa, exponent] = String(Object.is(shown, -0) ? 0 : shown).split("e") as [
    string,
    string?,
  ];
  if (exponent === undefined) return { tex: mantissa, binding, isRounded };
  const tex = `${mantissa} \\cdot 10^{${Number(exponent)}}`;
  return { tex, binding: shown < 0 ? Binding.sum : Binding.product, isRounded };
}

/** Prints the numbers of a point instead of quantities and sizes. */
export class NumberPrinter extends ExpressionPrinter {
  /** Whether any number so far was rounded. */
  isRounded = false;

  constructor(
    notation: Notation,
    order: Order,
    private readonly numbers: PointNumbers,
    options: PrintOptions = {},
  ) {
    super(notation, order, options);
  }

  protected override reference(node: ReferenceNode): Latex {
    return this.number(node);
  }

  /** A sum over an index that is left is one number. */
  protected override reduction(node: ReduceNode, names: LetterNames): Latex {
    return node.free.length === 0 ? this.number(node) : super.reduction(node, names);
  }

  private number(node: Expression): Latex {
    const shown = numberLatex(this.numbers.scalar(node));
    this.isRounded ||= shown.isRounded;
    return shown;
  }

  protected override size(size: Size): Latex {
    return numberLatex(knownArithmetic.double(this.numbers.size(size)));
  }

  /** Beside numbers everything that begins with one has a dot, also (−2), a power 3² and 1[z > 0]. */
  override between(left: string, right: string): string {
    const isNumber = /^\p{Co}*(?:\{\p{Co}*|\\left\(\p{Co}*-)?\d|^\\mathbf\{1\}/u.test(right);
    return left !== "" && isNumber ? " \\cdot " : super.between(left, right);
  }
}
