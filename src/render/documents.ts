/** Whole documents made of derivations. */
import type { Model } from "../language/model.js";
import type { Derivation, DerivationJson } from "./derivation.js";
import { latexText, markdownText } from "./text.js";

/** The statements of a model without comments: only signs of the language are in them. */
function modelLines(model: Model): string[] {
  return model.program.statements.map(({ text }) =>
    text
      .split("\n")
      .map((line) => line.replace(/#.*$/, "").trim())
      .filter((line) => line !== "")
      .join(" "),
  );
}

const FORM_TITLES: Readonly<Record<Derivation["form"], string>> = {
  paths: "sum over paths",
  scalar: "written out",
  index: "index form",
  matrix: "matrix form",
  jacobian: "Jacobian form",
};

function title({ loss, wrt, form }: Derivation): string {
  return `Derivative of ${loss} with respect to ${wrt}: ${FORM_TITLES[form]}`;
}

/** A LaTeX document; it needs amsmath, and fonts that every installation has. */
export function latexDocument(model: Model, derivations: readonly Derivation[]): string {
  const sections = derivations.map(
    (one) => `\\section*{${latexText(title(one))}}\n\n${one.toLatex()}`,
  );
  return [
    "\\documentclass{article}",
    "\\usepackage[a4paper,margin=2cm]{geometry}",
    "\\usepackage{amsmath,amssymb}",
    "\\allowdisplaybreaks",
    "\\setlength{\\parindent}{0pt}",
    "\\begin{document}",
    "\\section*{The model}",
    "\\begin{verbatim}",
    ...modelLines(model),
    "\\end{verbatim}",
    sections.join("\n\n"),
    "\\end{document}",
    "",
  ].join("\n");
}

/** A Markdown document with mathematics between dollar signs. */
export function markdownDocument(model: Model, derivations: readonly Derivation[]): string {
  const sections = derivations.map(
    (one) => `## ${markdownText(title(one))}\n\n${one.toMarkdown()}`,
  );
  return [
    `# Derivatives of ${markdownText(model.loss.name)}`,
    "",
    "```text",
    ...modelLines(model),
    "```",
    "",
    sections.join("\n\n"),
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
