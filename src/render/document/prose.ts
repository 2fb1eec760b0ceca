/** How a document writes its words and its mathematics: the one place that knows the delimiters. */
import { ARTICLE, SHEET } from "../formula/aligned.js";
import { ROW_END } from "../layout/lines.js";
import { latexText, markdownText } from "../notation/text.js";

export interface Prose {
  /** A sentence, so that nothing in it is taken for markup. */
  readonly text: (plain: string) => string;
  /** What is typed on a command line, within a sentence. */
  readonly code: (plain: string) => string;
  /** Mathematics within a sentence. */
  readonly inline: (tex: string) => string;
  /** Mathematics on lines of its own. */
  readonly display: (tex: string) => string;
  /** How wide such lines may be, in em. */
  readonly width: number;
  /** What stands between a sentence and the display that it leads to. */
  readonly lead: string;
  /** Rows of cells that are written already, the first one the head. */
  readonly table: (rows: readonly (readonly string[])[]) => string;
  /** Of a whole document: the remarks that were made in it, which grow. */
  readonly told?: Set<string>;
}

/** A document that loads amsmath. */
export const LATEX: Prose = {
  text: latexText,
  code: (plain) => `\\texttt{${latexText(plain)}}`,
  inline: (tex) => `$${tex}$`,
  display: latexDisplay,
  width: SHEET,
  // of one paragraph: a page does not end between them
  lead: "\n",
  table: latexTable,
};

/** LaTeX for a document of one's own, which loads amsmath: as wide as an article. */
export const FRAGMENT: Prose = { ...LATEX, width: ARTICLE };

/**
 * Markdown as GitHub renders it. Between dollar signs its Markdown would take `\\`, `\,` and `_` for
 * its own before the mathematics is read; in code and fences it does not look at them.
 */
export const GITHUB: Prose = {
  text: markdownText,
  code: (plain) => `\`${plain}\``,
  inline: (tex) => `$\`${withoutOperators(tex)}\`$`,
  display: (tex) => `\`\`\`math\n${withoutOperators(tex)}\n\`\`\``,
  width: SHEET,
  lead: "\n\n",
  table: markdownTable,
};

/** Markdown as Jupyter renders it. */
export const NOTEBOOK: Prose = {
  text: markdownText,
  code: (plain) => `\`${plain}\``,
  inline: (tex) => `$${tex}$`,
  display: (tex) => `$$\n${tex}\n$$`,
  width: SHEET,
  lead: "\n\n",
  table: markdownTable,
};

/** GitHub refuses \operatorname: names are upright words, with a space before what has no bracket. */
function withoutOperators(tex: string): string {
  return tex
    .replace(/\\operatorname(\{[A-Za-z]+\}) (?!\\left)/g, "\\mathrm$1\\, ")
    .replaceAll("\\operatorname{", "\\mathrm{");
}

const ALIGNED = /^\\begin\{aligned\}(.*)\\end\{aligned\}$/s;

/** Displays of so many lines stay on one page, matrices counted by their rows. */
const MOST_TOGETHER = 8;

/** Pages end only within long displays, which say so themselves; those of one box are not broken at all. */
function latexDisplay(tex: string): string {
  const inner = ALIGNED.exec(tex)?.[1];
  if (inner === undefined) return `\\[\n${tex}\n\\]`;
  const display = `\\begin{align*}${inner}\\end{align*}`;
  const lines = inner.split(ROW_END).reduce((total, row) => total + linesIn(row), 0);
  return lines <= MOST_TOGETHER ? display : `{\\allowdisplaybreaks\n${display}}`;
}

/** The lines of a row, those of the highest of its matrices. */
function linesIn(row: string): number {
  const matrices = row.match(/\\begin\{(\w+)\}.*?\\end\{\1\}/gs) ?? [];
  return Math.max(1, ...matrices.map((one) => one.split("\\\\").length));
}

function markdownTable([head = [], ...body]: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...body.map(line)].join("\n");
}

function latexTable([head = [], ...body]: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `${cells.join(" & ")} \\\\`;
  return [
    "\\medskip",
    `\\begin{tabular}{${"l".repeat(head.length)}}`,
    line(head),
    "\\hline",
    ...body.map(line),
    "\\end{tabular}",
  ].join("\n");
}
