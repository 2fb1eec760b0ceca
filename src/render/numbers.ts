/** Numbers in LaTeX, and expressions with numbers in place of their quantities. */
import type { ReferenceNode } from "../expression/expression.js";
import { Binding, type Latex } from "../expression/operations/operation.js";
import { ExpressionPrinter, type Stages } from "./expression.js";
import type { Notation } from "./notation.js";

/** Significant digits that are shown. */
const DIGITS = 7;
/** Relative differences up to this are the rounding of doubles. */
const ROUNDING = 1e-14;

/** A number to seven significant digits, and whether digits were left out. */
export function numberLatex(value: number): Latex & { readonly isRounded: boolean } {
  const shown = Number(value.toPrecision(DIGITS));
  // 7.93 that was computed as 7.929999999999999 is 7.93
  const isRounded = Math.abs(shown - value) > ROUNDING * Math.abs(value);
  const binding = shown < 0 || Object.is(shown, -0) ? Binding.sum : Binding.atom;
  if (!Number.isFinite(value)) {
    const tex = Number.isNaN(value) ? "\\text{undefined}" : value > 0 ? "\\infty" : "-\\infty";
    return { tex, binding, isRounded: false };
  }
  const [mantissa, exponent] = String(Object.is(shown, -0) ? 0 : shown).split("e") as [
    string,
    string?,
  ];
  const tex = exponent === undefined ? mantissa : `${mantissa} \\cdot 10^{${Number(exponent)}}`;
  return { tex, binding: exponent === undefined ? binding : Binding.product, isRounded };
}

/** Prints the values of references instead of their names. */
export class NumberPrinter extends ExpressionPrinter {
  /** Whether any number so far was rounded. */
  isRounded = false;

  constructor(
    notation: Notation,
    stages: Stages,
    private readonly lookup: (node: ReferenceNode) => number,
  ) {
    super(notation, stages);
  }

  protected override reference(node: ReferenceNode): Latex {
    const shown = numberLatex(this.lookup(node));
    this.isRounded ||= shown.isRounded;
    return shown;
  }
}
