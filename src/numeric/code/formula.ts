/** Expressions of one node → JavaScript. */
import type { Expression, ProductNode, Reduction, SumNode } from "../../expression/expression.js";
import { numberText } from "../numbers.js";

/** The code of an operand. */
type CodeOf = (child: Expression) => string;

/** The JavaScript of a reduction: its start, and how an entry is taken in. */
export const REDUCTIONS: Readonly<
  Record<Reduction, { start: string; take: (total: string, entry: string) => string }>
> = {
  sum: { start: "0", take: (total, entry) => `${total} += ${entry};` },
  max: { start: "-Infinity", take: (total, entry) => `${total} = Math.max(${total}, ${entry});` },
  min: { start: "Infinity", take: (total, entry) => `${total} = Math.min(${total}, ${entry});` },
  logsumexp: {
    start: "-Infinity",
    take: () => {
      throw new TypeError("logsumexp is lowered before code is emitted");
    },
  },
};

/** How often the code of a node repeats an operand's code. */
export function timesUsed(node: Expression, child: Expression): number {
  if (node.kind === "product") {
    const factor = node.factors.find(({ base }) => base === child);
    return Math.abs(factor?.exponent ?? 1);
  }
  // a row's code may name an operand several times
  return node.kind === "apply" ? 2 : 1;
}

export function sumCode(node: SumNode, code: CodeOf): string {
  let text = "";
  const append = (negative: boolean, piece: string): void => {
    if (text === "") text = negative ? `-${piece}` : piece;
    else text += negative ? ` - ${piece}` : ` + ${piece}`;
  };
  // (u − m) − log s: what is shifted is shifted first, and the shifts have the smaller ids
  const ordered = [...node.terms].sort(
    (a, b) => Number(a.coefficient.s < 0n) - Number(b.coefficient.s < 0n),
  );
  if (node.constant.n !== 0n) append(node.constant.s < 0n, numberText(node.constant.abs()));
  for (const { coefficient, term } of ordered) {
    const magnitude = coefficient.abs();
    const piece = magnitude.equals(1) ? code(term) : `${numberText(magnitude)} * ${code(term)}`;
    append(coefficient.s < 0n, piece);
  }
  return `(${text})`;
}

/** Powers up to this are written as products. */
const WRITTEN_OUT = 3;

export function productCode(node: ProductNode, code: CodeOf): string {
  const over: string[] = [];
  const under: string[] = [];
  const magnitude = node.coefficient.abs();
  if (!magnitude.equals(1)) over.push(numberText(magnitude));
  for (const { base, exponent } of node.factors) {
    const times = Math.abs(exponent);
    const side = exponent > 0 ? over : under;
    if (times <= WRITTEN_OUT) side.push(...Array<string>(times).fill(code(base)));
    else side.push(`Math.pow(${code(base)}, ${times})`);
  }
  const numerator = over.length > 0 ? over.join(" * ") : "1";
  const divided =
    under.length === 0
      ? numerator
      : `${numerator} / ${under.length === 1 ? under[0]! : `(${under.join(" * ")})`}`;
  return node.coefficient.s < 0n ? `(-(${divided}))` : `(${divided})`;
}
