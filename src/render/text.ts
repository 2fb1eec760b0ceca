/** Plain sentences in LaTeX and Markdown. */

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

const GREEK =
  "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi o pi rho varsigma sigma tau upsilon phi chi psi omega".split(
    " ",
  );

/** Escapes a sentence; what LaTeX has no sign for is written as its code point. */
export function latexText(text: string): string {
  return text.replace(/[\\{}$&#%_^~<>|]|[^\x20-\x7e]/gu, (character) => {
    const known = LATEX.get(character);
    if (known !== undefined) return known;
    const code = character.codePointAt(0)!;
    const greek = GREEK[code - 0x3b1];
    if (greek !== undefined) return `$\\${greek}$`;
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
