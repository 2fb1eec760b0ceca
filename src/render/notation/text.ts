/** Plain sentences in LaTeX and Markdown. */
import { greekCharacter } from "../../language/greek.js";

const LATEX: ReadonlyMap<string, string> = new Map([
  ["\\", "\\textbackslash{}"],
  ["{", "\\{"],
  ["}", "\\}"],
  ["$", "\\$"],
  ["&", "\\&"],
  ["#", "\\#"],
  ["%", "\\%"],
  ["_", "\\_"],
  ["^", "\\textasciicircum{}"],
  ["~", "\\textasciitilde{}"],
  ["<", "$<$"],
  [">", "$>$"],
  ["|", "$|$"],
  ["…", "\\dots{}"],
  ["·", "$\\cdot$"],
  ["′", "$'$"],
  ["×", "$\\times$"],
  ["²", "$^{2}$"],
  ["³", "$^{3}$"],
  ["−", "$-$"],
  ["≤", "$\\le$"],
  ["≥", "$\\ge$"],
  ["⊙", "$\\odot$"],
  ["⊘", "$\\oslash$"],
  ["⊗", "$\\otimes$"],
  ["Σ", "$\\Sigma$"],
  ["δ", "$\\delta$"],
  ["σ", "$\\sigma$"],
  ["∂", "$\\partial$"],
  ["ᵀ", "$^{\\top}$"],
  ["–", "--"],
  ["“", "``"],
  ["”", "''"],
]);

/** Escapes a sentence; what LaTeX has no sign for is written as its code point. */
export function latexText(text: string): string {
  return text.replace(/[\\{}$&#%_^~<>|]|[^\x20-\x7e]/gu, (character) => {
    const known = LATEX.get(character);
    if (known !== undefined) return known;
    const greek = greekCharacter(character);
    if (greek !== undefined) return `$${greek}$`;
    const code = character.codePointAt(0)!;
    return code < 0x20 ? " " : `U+${code.toString(16).toUpperCase()}`;
  });
}

/** Escapes what Markdown and HTML would take for markup. */
export function markdownText(text: string): string {
  return text
    .replace(/[\\`*_{}[\]#|$~]/g, "\\$&")
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;");
}
