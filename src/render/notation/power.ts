/** Whole powers in LaTeX. */
import { Binding, type Latex } from "../../expression/operations/operation.js";

/** A whole power; of a root it is a power of what is under it, v^{3/2}; of e^z it is e^{2z}. */
export function power(shown: Latex, exponent: number): string {
  const above = /^e\^\{([\\A-Za-z][^+-]*)\}$/su.exec(shown.tex)?.[1];
  if (above !== undefined && isBalanced(above)) return `e^{${exponent} ${above}}`;
  const root = /^\\sqrt\{(.*)\}$/su.exec(shown.tex)?.[1];
  if (root === undefined || !isBalanced(root)) return `${powerBase(shown)}^{${exponent}}`;
  const isSymbol = /^(?:\\?[A-Za-z]+(?:_\{[^{}]*\})?|\d+)$/.test(root);
  const under = isSymbol ? `{${root}}` : `\\left(${root}\\right)`;
  if (exponent === 2) return isSymbol ? root : under;
  return exponent % 2 === 0 ? `${under}^{${exponent / 2}}` : `${under}^{${exponent}/2}`;
}

/** Whether no brace is closed before it is opened: the text stands in one pair of braces. */
function isBalanced(text: string): boolean {
  let depth = 0;
  for (const sign of text) {
    if (sign === "{") depth++;
    if (sign === "}" && --depth < 0) return false;
  }
  return depth === 0;
}

/** What a power stands on: a fraction or a function in brackets. */
function powerBase(shown: Latex): string {
  const isCompound = shown.binding < Binding.atom || /^\\frac|\\right\)$/.test(shown.tex);
  return isCompound ? `\\left(${shown.tex}\\right)` : `{${shown.tex}}`;
}

/** N^2: the power of a symbol. */
export function powerLatex(base: string, exponent: number): string {
  return exponent === 1 ? base : `${base}^${exponent > 9 ? `{${exponent}}` : exponent}`;
}
