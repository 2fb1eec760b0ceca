/** Steps as JSON, and as prose with displayed equations. */
import type { Step, StepCheck } from "../derivation/step.js";
import { aligned, type EquationPrinter } from "./equations.js";
import { latexText, markdownText } from "./text.js";

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
    rhs: right.join(" "),
    check: step.check,
  };
}

/** One piece for each step: its sentence and its equation. */
export function stepsLatex(printer: EquationPrinter, steps: readonly Step[]): string[] {
  return steps.map(
    (step) => `${latexText(step.why)}\n\\[\n${aligned([printer.equation(step)])}\n\\]`,
  );
}

export function stepsMarkdown(printer: EquationPrinter, steps: readonly Step[]): string[] {
  return steps.map(
    (step) => `${markdownText(step.why)}\n\n$$\n${aligned([printer.equation(step)])}\n$$`,
  );
}

/** `i = 1, \dots, 3` in words. */
function plainRange(range: string): string {
  return range.replaceAll("\\dots", "…").replaceAll("\\;", "").replace(/\s+/g, " ");
}
