/** What stands above the line of a fraction, and what beside it. */
import type { Expression } from "../../expression/expression.js";
import { isTotal } from "../../expression/predicates.js";
import type { Notation } from "../notation/notation.js";
import { isShareOfExponentials } from "./exponentials.js";
import { type Factor, isHyperparameter, withoutRoot } from "./terms.js";

export interface AroundLine {
  readonly before: readonly Factor[];
  readonly above: readonly Factor[];
  readonly behind: readonly Factor[];
}

/**
 * What is long stays beside the fraction, 1/N Σ and not Σ/N, and with it all factors but given
 * scalars: λ/N Σ. So do several factors over a size or a total: the terms of a sum look alike. A
 * derivative stands before what it is multiplied by, and behind a number.
 * @param over the factors of the numerator
 * @param under those of the denominator
 */
export function aroundLine(
  notation: Notation,
  over: readonly Factor[],
  under: readonly Factor[],
): AroundLine {
  const isLong = (one: Factor): boolean => staysBeside(notation, withoutRoot(one).base);
  const isOverTotals = under.every(({ base }) => isTotal(base));
  const hasRoom = isOverTotals
    ? over.length < 2 && !over.some(isLong)
    : !over.some(isLong) || isShortSum(over);
  if (under.length > 0 && hasRoom) return { before: [], above: over, behind: [] };
  // what is the same for all entries stands above their total
  const hasTotal = under.some(({ base }) => base.kind === "reduce");
  const isWithNumbers = ({ base }: Factor): boolean =>
    isHyperparameter(base) || base.kind === "size" || (hasTotal && base.free.length === 0);
  const isBeside = (one: Factor): boolean => isLong(one) || (isOverTotals && !isWithNumbers(one));
  const above = over.filter((one) => !isBeside(one));
  const isBefore = ({ base }: Factor): boolean => base.kind === "reference" && !isOverTotals;
  const beside = over.filter(isBeside);
  return {
    before: beside.filter(isBefore),
    above,
    behind: beside.filter((one) => !isBefore(one)),
  };
}

/** Whether a factor is not written above a line: a sum, or a derivative or share that is a fraction itself. */
function staysBeside(notation: Notation, node: Expression): boolean {
  if (node.kind !== "reference")
    return node.kind === "reduce" || node.kind === "sum" || isShareOfExponentials(node);
  const { of, role } = node.quantity;
  return of !== undefined && !(role === "adjoint" && notation.adjoint(of) !== undefined);
}

/** Whether what stands above a line is one sum of two terms, such as 1 − p. */
function isShortSum([only, ...others]: readonly Factor[]): boolean {
  if (only?.base.kind !== "sum" || only.exponent !== 1 || others.length > 0) return false;
  const { terms, constant, height } = only.base;
  return height === 0 && terms.length + (constant.n === 0n ? 0 : 1) === 2;
}
