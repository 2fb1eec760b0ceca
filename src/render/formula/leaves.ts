/** Derivatives as fractions and sizes as numbers: leaves that all printers write alike. */
import type { DeltaNode, Expression } from "../../expression/expression.js";
import type { Index } from "../../expression/indices.js";
import { Binding, type Latex } from "../../expression/operations/operation.js";
import type { Size } from "../../expression/size.js";
import type { LetterNames } from "../notation/letters.js";
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

/**
 * 1 where two indices are equal, written as every condition is: a Kronecker delta would look like
 * the adjoint δ. Letters stand before sums and numbers.
 */
export function deltaLatex(
  notation: Notation,
  { indices: [a, b] }: DeltaNode,
  names: LetterNames,
): Latex {
  const sides = [a, b]
    .toSorted((one, other) => rankOf(one) - rankOf(other))
    .map((index) => notation.index(index, names));
  if (a.plain && b.plain) sides.sort();
  return { tex: `\\mathbf{1}\\left[${sides.join(" = ")}\\right]`, binding: Binding.atom };
}

/** A letter, then i + 3, then a number. */
function rankOf({ plain, terms }: Index): number {
  return plain ? 0 : terms.length > 0 ? 1 : 2;
}
