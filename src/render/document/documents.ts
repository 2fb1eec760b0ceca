/** Whole documents made of derivations. */
import type { Model } from "../../language/model.js";
import type { Derivation, DerivationJson } from "../derivation.js";
import { outline } from "./outline.js";
import { NO_PASSAGES, type Passages } from "./passage.js";
import { GITHUB, LATEX } from "./prose.js";
import { greekCharacter } from "../../language/greek.js";
import { markdownText } from "../notation/text.js";

/** The statements of a model without comments: only signs of the language are in them. */
export function modelLines(model: Model): string[] {
  return model.program.statements.map(({ text }) =>
    text
      .split("\n")
      .map((line) => line.replace(/#.*$/, "").trim())
      .filter((line) => line !== "")
      .join(" "),
  );
}

/** Signs of a typewriter font that a line of a LaTeX document has room for. */
const PAPER = 90;

/** A statement in as many lines as it needs on paper, broken at spaces. */
function paperLines(statement: string): string[] {
  const lines: string[] = [];
  let rest = statement;
  while (rest.length > PAPER) {
    const at = rest.lastIndexOf(" ", PAPER);
    if (rest.slice(0, at).trim() === "") break;
    lines.push(rest.slice(0, at));
    rest = `    ${rest.slice(at + 1)}`;
  }
  return [...lines, rest];
}

/** What pdflatex's typewriter font lacks: the Greek letters of names, each declared once. */
function greekLetters(lines: readonly string[]): string[] {
  return [...new Set(lines.join(""))].flatMap((letter) => {
    const latex = greekCharacter(letter);
    const code = letter.codePointAt(0)!.toString(16).toUpperCase().padStart(4, "0");
    return latex === undefined
      ? []
      : [`\\DeclareUnicodeCharacter{${code}}{\\ensuremath{${latex}}}`];
  });
}

/** Documents of more parts than this begin with their contents. */
const MOST_WITHOUT_CONTENTS = 6;

/** A LaTeX document; it needs amsmath, and fonts that every installation has. */
export function latexDocument(
  model: Model,
  derivations: readonly Derivation[],
  passages: Passages = NO_PASSAGES,
): string {
  const pieces = outline(model, derivations, passages, LATEX);
  const written = pieces.map(({ level, heading, text, isListed }) => {
    const command = `${level === 1 ? "\\section" : "\\subsection"}${isListed ? "" : "*"}`;
    return `${command}{${heading}}\n\n${text}`;
  });
  const lines = modelLines(model);
  const isLong = pieces.filter(({ isListed }) => isListed).length > MOST_WITHOUT_CONTENTS;
  return [
    "\\documentclass{article}",
    "\\usepackage[a4paper,margin=2cm]{geometry}",
    "\\usepackage{amsmath,amssymb}",
    "\\setlength{\\parindent}{0pt}",
    "\\setcounter{secnumdepth}{0}",
    "\\setcounter{tocdepth}{2}",
    ...greekLetters(lines),
    "\\begin{document}",
    "\\section*{The model}",
    "\\begin{verbatim}",
    ...lines.flatMap(paperLines),
    "\\end{verbatim}",
    ...(isLong ? ["\\tableofcontents"] : []),
    written.join("\n\n"),
    "\\end{document}",
    "",
  ].join("\n");
}

/** A Markdown document for GitHub, which makes the contents from the headings. */
export function markdownDocument(
  model: Model,
  derivations: readonly Derivation[],
  passages: Passages = NO_PASSAGES,
): string {
  const written = outline(model, derivations, passages, GITHUB).map(({ level, heading, text }) =>
    `${"#".repeat(level + 1)} ${heading}\n\n${text}`.trimEnd(),
  );
  return [
    `# Derivatives of ${markdownText(model.loss.name)}`,
    "",
    "```text",
    ...modelLines(model),
    "```",
    "",
    written.join("\n\n"),
    "",
  ].join("\n");
}

/** What `derive --format json` prints. */
export function jsonDocument(
  model: Model,
  derivations: readonly Derivation[],
): { loss: string; derivations: DerivationJson[] } {
  return { loss: model.loss.name, derivations: derivations.map((one) => one.toJSON()) };
}
