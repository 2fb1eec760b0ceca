/** Steps as JSON, and as prose with displayed equations. */
import type { Rule, Step, StepCheck, WrittenOut } from "../../derivation/step.js";
import {
  capitalised,
  distinct,
  enumerated,
  joined,
  said,
  type Sentence,
} from "../../language/sentence.js";
import { aligned, type Equation, hasRoom, SHEET } from "../formula/aligned.js";
import { type EquationPrinter } from "../formula/equations.js";
import type { Prose } from "./prose.js";
import type { Sentences } from "./sentence.js";

export interface StepJson {
  readonly rule: string;
  readonly why: string;
  readonly lhs: string;
  readonly rhs: string;
  readonly check: StepCheck;
}

export function stepJson(printer: EquationPrinter, step: Step): StepJson {
  const { left, right, range } = printer.equation(step);
  return {
    rule: step.rule,
    why: step.why.text + (range === "" ? "" : ` For ${plainRange(range)}.`),
    lhs: left,
    rhs: right,
    check: step.check,
  };
}

/** Equations that stand in one display, with the sentences before it. */
export interface Display {
  readonly why: Sentence;
  readonly steps: readonly Step[];
}

/**
 * Steps that go on from the one before stand in one display with it.
 * @param width of a line, in em: lists of entries that are wider are left out
 */
export function displays(
  steps: readonly Step[],
  printer: EquationPrinter,
  width: number = SHEET,
): Display[] {
  const groups: Step[][] = [];
  for (const step of steps) {
    if (step.right.kind === "entries" && !hasRoom(printer.equation(step, { shapes: true }), width))
      continue;
    const group = groups.at(-1);
    if (step.continues === true && group) group.push(step);
    else groups.push([step]);
  }
  return groups.map((group) => ({
    why: whyOf(group),
    steps: group,
  }));
}

/** The reasons of the lines; how they are written out further is one sentence. */
function whyOf(group: readonly Step[]): Sentence {
  const reasons = distinct(group.flatMap(({ rule, why }) => (WRITTEN.has(rule) ? [] : [why])));
  const written = new Set(
    group.flatMap(({ rule }, position) =>
      rule === "result" && group[position - 1]?.rule === "numbers" ? [] : (WRITTEN.get(rule) ?? []),
    ),
  );
  if (written.size === 0) return joined(reasons);
  const ways = said`${enumerated([...written])}.`;
  return joined([...reasons, reasons.length > 0 ? said`Then ${ways}` : capitalised(ways)]);
}

const WRITTEN: ReadonlyMap<Rule, string> = new Map<WrittenOut, string>([
  ["matrices entry by entry", "with every matrix entry by entry"],
  ["multiplied out", "multiplied out"],
  ["entry by entry", "entry by entry"],
  ["entries that are not 0", "entry by entry, without those that are 0"],
  ["sums written out", "with every sum written term by term"],
  [
    "sums written out and cancelled",
    "with every sum written term by term, where equal ones above and below a fraction line cancel",
  ],
  ["numbers", "with the numbers of the point"],
  ["result", "its value at the point"],
]);

/** The equations of a display, with the shapes of factors. */
export function displayEquations(printer: EquationPrinter, { steps }: Display): Equation[] {
  return printer.equations(steps, { shapes: true });
}

/** Sentences, and the displayed equations that follow them. */
export interface Paragraph {
  readonly words: string;
  readonly equations: readonly string[];
}

/** One paragraph for each display. */
export function stepParagraphs(
  printer: EquationPrinter,
  sentences: Sentences,
  steps: readonly Step[],
): readonly Paragraph[] {
  const { prose } = sentences;
  return displays(steps, printer, prose.width).map((display) => ({
    words: sentences.typeset(display.why),
    equations: [prose.display(aligned(displayEquations(printer, display), prose.width))],
  }));
}

/** Paragraphs as a text. */
export function together(paragraphs: readonly Paragraph[], { lead }: Pick<Prose, "lead">): string {
  return paragraphs
    .map(({ words, equations }) => {
      const displays = equations.join("\n\n");
      return [words, displays].filter((part) => part !== "").join(lead);
    })
    .join("\n\n");
}

/** `i = 1, \dots, 3` in words. */
function plainRange(range: string): string {
  return range.replaceAll("\\dots", "…").replaceAll("\\;", "").replace(/\s+/g, " ");
}
