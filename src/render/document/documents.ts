/** Whole documents made of derivations. */
import type { Model } from "../../language/model.js";
import type { Derivation, DerivationJson } from "../derivation.js";
import type { Passage, Passages } from "./passage.js";
import { GITHUB, LATEX, type Prose } from "./prose.js";
import { shareSteps } from "./shared.js";
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

export const FORM_TITLES: Readonly<Record<Derivation["form"], string>> = {
  paths: "sum over paths",
  scalar: "written out",
  index: "index form",
  matrix: "matrix form",
  jacobian: "Jacobian form",
};

export function title({ lossLatex, wrtLatex, form }: Derivation, { inline }: Prose): string {
  return `Derivative of ${inline(lossLatex)} with respect to ${inline(wrtLatex)}: ${FORM_TITLES[form]}`;
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

const NO_PASSAGES: Passages = { before: [], after: [] };

/** A LaTeX document; it needs amsmath, and fonts that every installation has. */
export function latexDocument(
  model: Model,
  derivations: readonly Derivation[],
  { before, after, verification }: Passages = NO_PASSAGES,
): string {
  const passage = (one: Pick<Passage, "title" | "toLatex">): string =>
    `\\section*{${one.title}}\n\n${one.toLatex()}`;
  const shared = shareSteps(model, derivations, before);
  const sections = [
    ...before.map(passage),
    ...shared.parts.map(passage),
    ...shared.derivations.map((one) => `\\section*{${title(one, LATEX)}}\n\n${one.toLatex()}`),
    ...after.map(passage),
    ...(verification ? [passage(verification)] : []),
  ];
  return [
    "\\documentclass{article}",
    "\\usepackage[a4paper,margin=2cm]{geometry}",
    "\\usepackage{amsmath,amssymb}",
    "\\allowdisplaybreaks",
    "\\setlength{\\parindent}{0pt}",
    "\\begin{document}",
    "\\section*{The model}",
    "\\begin{verbatim}",
    ...modelLines(model).flatMap(paperLines),
    "\\end{verbatim}",
    sections.join("\n\n"),
    "\\end{document}",
    "",
  ].join("\n");
}

/** A Markdown document for GitHub. */
export function markdownDocument(
  model: Model,
  derivations: readonly Derivation[],
  { before, after, verification }: Passages = NO_PASSAGES,
): string {
  const passage = (one: Pick<Passage, "title" | "toMarkdown">): string =>
    `## ${one.title}\n\n${one.toMarkdown()}`;
  const shared = shareSteps(model, derivations, before);
  const sections = [
    ...before.map(passage),
    ...shared.parts.map(passage),
    ...shared.derivations.map((one) => `## ${title(one, GITHUB)}\n\n${one.toMarkdown()}`),
    ...after.map(passage),
    ...(verification ? [passage(verification)] : []),
  ];
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
