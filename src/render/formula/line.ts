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
  /** Whether the number stands in front of all of these, and not above the line. */
  readonly isNumberInFront?: boolean;
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
    const sorted = factorsInOrder(others, order);
    const whole = sorted.findIndex((one) => isOfDivisor(one, under, order));
    if (whole >= 0) {
      const before = sorted.slice(0, whole);
      const above = [...numbers, sorted[whole]!];
      const isNumberInFront = before.length > 0;
      return { before, above, behind: sorted.slice(whole + 1), isNumberInFront };
    }
    const first = dividedFirst(sorted, under, order);
    if (first) {
      const behind = others.filter((one) => one !== first);
      return { before: [], above: [...numbers, first], behind };
    }
  }
  // one number for all entries stands in front of them, as it does in front of a vector
  const isOne = quantitiesIn(under, order).every(({ shape }) => shape.length === 0);
  const isOfSums = over.some((one) => isLong(one) && one.base.kind !== "reference");
  const isInFront = isOverTotals || (isOne && isOfSums && under.length > 0);
  const isBeside = (one: Factor): boolean => isLong(one) || (isInFront && !isWithNumbers(one));
  const above = over.filter((one) => !isBeside(one));
  const isEntry = ({ base }: Factor): boolean =>
    base.kind === "reference" && base.indices.length > 0;
  const isBefore = (one: Factor): boolean =>
    one.base.kind === "reference" && !isInFront && !(isOne && above.length === 0 && isEntry(one));
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
 * The short sum that is nearest to the loss of some factors in their order, where what they are divided by is nearer than all
 * others; undefined where there is none.
 */
function dividedFirst(
  factors: readonly Factor[],
  under: readonly Factor[],
  order: Order,
): Factor | undefined {
  const [first, ...others] = factors;
  if (!first || !isShortSum(first)) return undefined;
  const compare = order.factors(quantitiesIn([...factors, ...under], order));
  const divisor = { quantities: quantitiesIn(under, order), isPlain: false };
  const isFollowing = (one: Factor): boolean =>
    compare(divisor, { quantities: quantitiesIn([one], order), isPlain: false }) <= 0;
  return others.every(isFollowing) ? first : undefined;
}

/** Whether a factor is what the definition of its divisor is made of: w over n = ‖w‖, u − v over d = ‖u − v‖. */
function isOfDivisor(one: Factor, under: readonly Factor[], order: Order): boolean {
  const [only, ...others] = under;
  const isShort = one.base.kind === "reference" || isShortSum(one);
  if (others.length > 0 || only?.base.kind !== "reference" || !isShort) return false;
  const parts = order.partsOf(only.base.quantity);
  return quantitiesIn([one], order).every((quantity) => parts.has(quantity));
}

function quantitiesIn(factors: readonly Factor[], { used }: Order): readonly Quantity[] {
  return factors.flatMap(({ base }) => used(base).quantities);
}

/** Whether a factor is a sum of two terms, such as 1 − p. */
function isShortSum({ base }: Factor): boolean {
  if (base.kind !== "sum") return false;
  const { terms, constant, height } = base;
  return height === 0 && terms.length + (constant.n === 0n ? 0 : 1) === 2;
}
