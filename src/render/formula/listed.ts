/** Sums and products that are lists: their parts stand as they come, whatever could be put together. */
import type { Fraction } from "fraction.js";
import type { Listed } from "../../derivation/step.js";
import type { Expression } from "../../expression/expression.js";
import { magnitude, ONE, times } from "../../expression/rational.js";
import type { LetterNames } from "../notation/letters.js";
import type { Order } from "../notation/order.js";
import type { Summand } from "../notation/summands.js";
import type { ExpressionPrinter } from "./expression.js";
import { type Factor, factorsInOrder } from "./terms.js";

/** The summands of a list one after the other. */
export function listedSummands(
  printer: ExpressionPrinter,
  terms: readonly Listed[],
  names: LetterNames,
): Summand[] {
  return terms.flatMap(({ product, factors }, position) => {
    const { number, sizes, sequence } = inFront(factors, printer.order);
    const sign = number.s < 0n ? "-" : "+";
    const front = printer.quotient(magnitude(number), sizes, { names });
    const [only, ...others] = sequence;
    const isSum = only?.base.kind === "sum" && only.exponent === 1 && others.length === 0;
    if (isSum && front === "" && sign === "+")
      return printer.summands(only.base, names, position === 0);
    const behind = printer.inSequence(sequence, names.term());
    const parts = [front, behind].filter((part) => part !== "");
    const tex = parts.length === 0 ? "1" : parts.join(printer.between(front, behind));
    return { sign, tex: printer.notation.mark(tex, product) };
  });
}

/** Factors in their order behind what stands in front of all of them. */
interface InFront {
  readonly number: Fraction;
  /** Above and below the line of the number. */
  readonly sizes: readonly Factor[];
  readonly sequence: readonly Factor[];
}

/** Quotients stay quotients; what stands beside itself is a power. */
function inFront(factors: readonly Expression[], order: Order): InFront {
  let number = ONE;
  const sizes: Factor[] = [];
  const sequence: Factor[] = [];
  const add = ({ base, exponent }: Factor): void => {
    const before = sequence.at(-1);
    const isSame = before?.base === base && exponent > 0;
    if (isSame) sequence.push({ base, exponent: sequence.pop()!.exponent + exponent });
    else sequence.push({ base, exponent });
  };
  for (const factor of factors) {
    if (factor.kind === "number") number = times(number, factor.value);
    else if (factor.kind === "size") sizes.push({ base: factor, exponent: 1 });
    else if (factor.kind !== "product") add({ base: factor, exponent: 1 });
    else {
      number = times(number, factor.coefficient);
      sizes.push(...factor.factors.filter(isSize));
      const own = factor.factors.filter((one) => !isSize(one));
      if (own.every(({ exponent }) => exponent > 0)) factorsInOrder(own, order).forEach(add);
      else add({ base: { ...factor, coefficient: ONE, factors: own }, exponent: 1 });
    }
  }
  const bases = [...new Set(sizes.map(({ base }) => base))];
  const exponentOf = (base: Expression): number =>
    sizes.reduce((total, one) => (one.base === base ? total + one.exponent : total), 0);
  const merged = bases.map((base) => ({ base, exponent: exponentOf(base) }));
  return { number, sizes: merged.filter(({ exponent }) => exponent !== 0), sequence };
}

function isSize({ base }: Factor): boolean {
  return base.kind === "size";
}
