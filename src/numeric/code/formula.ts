/** Expressions of one node → terms and factors, in the order in which they are computed. */
import type { Fraction } from "fraction.js";
import type { Expression, ProductNode, SumNode } from "../../expression/expression.js";
import { isUnit } from "../../expression/rational.js";
import type { Quotient, Target, Term } from "./target.js";

/** How often the code of a node repeats an operand's code. */
export function timesUsed(node: Expression, child: Expression): number {
  if (node.kind === "product") {
    const factor = node.factors.find(({ base }) => base === child);
    return Math.abs(factor?.exponent ?? 1);
  }
  // a row's code may name an operand several times
  return node.kind === "apply" ? 2 : 1;
}

/** @param code the code of an operand */
export function sumTerms<Code>(
  node: SumNode,
  code: (child: Expression) => Code,
  number: (value: Fraction) => Code,
): Term<Code>[] {
  const terms: Term<Code>[] = [];
  if (node.constant.n !== 0n) {
    const value = number(node.constant.abs());
    terms.push({ isNegative: node.constant.s < 0n, factor: undefined, value });
  }
  // (u − m) − log s: what is shifted is shifted first, and the shifts have the smaller ids
  const ordered = [...node.terms].sort(
    (a, b) => Number(a.coefficient.s < 0n) - Number(b.coefficient.s < 0n),
  );
  for (const { coefficient, term } of ordered) {
    const magnitude = coefficient.abs();
    const factor = isUnit(magnitude) ? undefined : number(magnitude);
    terms.push({ isNegative: coefficient.s < 0n, factor, value: code(term) });
  }
  return terms;
}

/** Powers up to this are written as products. */
const WRITTEN_OUT = 3;

/** @param code the code of an operand */
export function productParts<Code>(
  node: ProductNode,
  code: (child: Expression) => Code,
  target: Target<Code>,
): Quotient<Code> {
  const over: Code[] = [];
  const under: Code[] = [];
  const magnitude = node.coefficient.abs();
  if (!isUnit(magnitude)) over.push(target.number(magnitude));
  // the order of creation depends on what was derived before, and with it the last digit
  const ordered = [...node.factors].sort(
    (a, b) => Number(isAdjoint(a.base)) - Number(isAdjoint(b.base)),
  );
  for (const { base, exponent } of ordered) {
    const times = Math.abs(exponent);
    const side = exponent > 0 ? over : under;
    if (times <= WRITTEN_OUT) side.push(...Array<Code>(times).fill(code(base)));
    else side.push(target.power(code(base), times));
  }
  return { isNegative: node.coefficient.s < 0n, over, under };
}

function isAdjoint(node: Expression): boolean {
  return node.kind === "reference" && node.quantity.role === "adjoint";
}
