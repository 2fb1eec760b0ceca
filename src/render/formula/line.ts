/** What stands above the line of a fraction, and what beside it. */
import type { Expression } from "../../expression/expression.js";
import type { Quantity } from "../../expression/quantity.js";
import { isNumeral, isTotal } from "../../expression/predicates.js";
import type { Notation } from "../notation/notation.js";
import { isShareOfExponentials } from "./exponentials.js";
import type { Order } from "../notation/order.js";
import { type Factor, factorsInOrder, isHyperparameter, withoutRoot } from "./terms.js";

export interface AroundLine {
  readonly before: readonly Factor[];
  readonly above: readonly Factor[];
  readonly behind: readonly Factor[];
}

/**
 * What is long stays beside the fraction, 1/N Σ and not Σ/N, and with it all factors but given
 * scalars: λ/N Σ. So do several factors over a size or a total: the terms of a sum look alike. A
 * derivative stands before what it is multiplied by, and behind a number. A short sum that all other factors follow
 * stands above the line, and they behind it: (k − t)/L z(1 − z)v, as they came one after the other.
 * @param over the factors of the numerator
 * @param under those of the denominator
 */
export function aroundLine(
  notation: Notation,
  over: readonly Factor[],
  under: readonly Factor[],
  order: Order,
): AroundLine {
  const isLong = (one: Factor): boolean => staysBeside(notation, withoutRoot(one).base);
  const isOverTotals = under.every(({ base }) => isTotal(base));
  const hasRoom = isOverTotals ? over.length < 2 && !over.some(isLong) : !over.some(isLong);
  if (under.length > 0 && hasRoom) return { before: [], above: over, behind: [] };
  // what is the same for all entries stands above their total
  const hasTotal = under.some(({ base }) => base.kind === "reduce");
  const isWithNumbers = ({ base }: Factor): boolean =>
    isHyperparameter(base, order) || isNumeral(base) || (hasTotal && base.free.length === 0);
  if (under.length > 0 && !isOverTotals) {
    const numbers = over.filter(isWithNumbers);
    const others = over.filter((one) => !isWithNumbers(one));
    const first = dividedFirst(others, under, order);
    if (first) {
      const behind = others.filter((one) => one !== first);
      return { before: [], above: [...numbers, first], behind };
    }
  }
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

/**
 * The short sum that is nearest to the loss of some factors, where what they are divided by is nearer than all
 * others; undefined where there is none.
 */
function dividedFirst(
  factors: readonly Factor[],
  under: readonly Factor[],
  order: Order,
): Factor | undefined {
  const [first, ...others] = factorsInOrder(factors, order);
  if (!first || !isShortSum(first)) return undefined;
  const quantities = (some: readonly Factor[]): readonly Quantity[] =>
    some.flatMap(({ base }) => order.used(base).quantities);
  const compare = order.factors(quantities([...factors, ...under]));
  const divisor = { quantities: quantities(under), isPlain: false };
  const isFollowing = (one: Factor): boolean =>
    compare(divisor, { quantities: quantities([one]), isPlain: false }) <= 0;
  return others.every(isFollowing) ? first : undefined;
}

/** Whether a factor is a sum of two terms, such as 1 − p. */
function isShortSum({ base }: Factor): boolean {
  if (base.kind !== "sum") return false;
  const { terms, constant, height } = base;
  return height === 0 && terms.length + (constant.n === 0n ? 0 : 1) === 2;
}
