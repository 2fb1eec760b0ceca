/** Steps as JSON, and as prose with displayed equations. */
import type { Step, StepCheck } from "../derivation/step.js";
import { aligned, type EquationPrinter } from "./equations.js";
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
    why: step.why + (range === "" ? "" : ` For ${plainRange(range)}.`),
    lhs: left,
    rhs: right,
    check: step.check,
  };
}

/** Equations that stand in one display, with the sentences before it. */
export interface Display {
  readonly why: string;
  readonly steps: readonly Step[];
}

/** Steps that go on from the one before stand in one display with it. */
export function displays(steps: readonly Step[]): Display[] {
  const groups: Step[][] = [];
  for (const step of steps) {
    const group = groups.at(-1);
    if (step.continues === true && group) group.push(step);
    else groups.push([step]);
  }
  return groups.map((group) => ({
    why: [...new Set(group.map(reason).filter((why) => why !== ""))].join(" "),
    steps: group,
  }));
}

/** Why a line stands in its display: the numbers and their result share one sentence. */
function reason({ rule, why }: Step, position: number, group: readonly Step[]): string {
  if (rule === "numbers" && group[position + 1]?.rule === "result") return "";
  if (rule === "result" && group[position - 1]?.rule === "numbers") {
    return "With the numbers of the point.";
  }
  return why;
}

/** The equations of a display, aligned, with the shapes of factors. */
export function displayLatex(printer: EquationPrinter, { steps }: Display): string {
  return aligned(steps.map((step) => printer.equation(step, { shapes: true })));
}

/** One piece for each display: its sentences and its equations. */
export function stepsProse(
  printer: EquationPrinter,
  sentences: Sentences,
  steps: readonly Step[],
): string[] {
  const { prose } = sentences;
  return displays(steps).map(
    (display) =>
      `${sentences.typeset(display.why)}\n\n${prose.display(displayLatex(printer, display))}`,
  );
}

/** `i = 1, \dots, 3` in words. */
function plainRange(range: string): string {
  return range.replaceAll("\\dots", "…").replaceAll("\\;", "").replace(/\s+/g, " ");
}
