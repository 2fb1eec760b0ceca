/** Derivatives as fractions and sizes as numbers: leaves that all printers write alike. */
import type { Expression } from "../../expression/expression.js";
import { Binding, type Latex } from "../../expression/operations/operation.js";
import type { Size } from "../../expression/size.js";
import type { Notation } from "../notation/notation.js";

/** ∂a/∂b; ∂⁺a/∂b for the direct derivative, where a depends on b in other ways too. */
export function derivativeLatex(above: string, below: string, isDirect = false): string {
  return `\\frac{\\partial${isDirect ? "^{+}" : ""} ${above}}{\\partial ${below}}`;
}

/** A size, which alone needs no brackets beside other factors. */
export function sizeLatex(notation: Notation, size: Size): Latex {
  const single = size.soleName === undefined ? Binding.product : Binding.atom;
  return {
    tex: notation.size(size),
    binding: size.terms.length > 1 ? Binding.sum : single,
  };
}

/** Whether a sum or the like is written as such, and not as its number, which may be negative. */
export function isReduction({ kind }: Expression, { binding }: Latex): boolean {
  return kind === "reduce" && binding !== Binding.sum;
}
