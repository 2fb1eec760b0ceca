/** Sums as their summands, each with its sign in front. */
import { betweenOperands } from "./names.js";

export interface Summand {
  readonly sign: "+" | "-";
  readonly tex: string;
}

/**
 * The terms of a sum and its constants in the order in which they are written: a + 1, but 1 − a, and
 * 1 + eᵃ where `isFirst`. Those with a plus come first, unless they are to stay as they are.
 */
export function withConstants<Term extends Summand>(
  terms: readonly Term[],
  constants: readonly Term[],
  { isFirst, keepsMinus }: { readonly isFirst: boolean; readonly keepsMinus: boolean },
): Term[] {
  const isMinus = ({ sign }: Term): boolean => sign === "-";
  const added = constants.filter((one) => !isMinus(one));
  const [before, behind] = isFirst || terms.every(isMinus) ? [added, []] : [[], added];
  const all = [...before, ...terms, ...behind, ...constants.filter(isMinus)];
  return keepsMinus ? all : all.sort((a, b) => Number(isMinus(a)) - Number(isMinus(b)));
}

/** `-a + b - c` */
export function signed(summands: readonly Summand[]): string {
  return summands.reduce((text, { sign, tex }, position) => {
    if (position > 0) return `${text}${betweenOperands(text, sign)}${tex}`;
    return sign === "-" ? `-${tex}` : tex;
  }, "");
}
