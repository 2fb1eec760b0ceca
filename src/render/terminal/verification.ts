/** The table of `verify` for the terminal: no colours, at most 100 columns. */
import type { Comparison } from "../../check/verify/comparison.js";
import type { ParameterVerification, Verification } from "../../check/verify/verify.js";
import { kinkText } from "../../numeric/kinks.js";
import { stepLines } from "./step-table.js";
import { aligned, wrapped } from "./terminal.js";

const LONGEST_NAME = 20;

/** Lines of text, without a line break at the end. */
export function verificationTable(result: Verification): string {
  const { digits, loss, parameters, kinks, notes, stepDifferences } = result;
  const rows = [
    ["", "symbolic", "matrix backprop", "differences", ""],
    ...parameters.map((one) => [
      shorten(`${one.name}${shapeOf(one)}`),
      cell(one.symbolic),
      cell(one.backprop),
      cell(one.differences),
      verdictOf(one),
    ]),
  ];
  const lines = [
    `Largest disagreement with ${digits} digits, relative to the parameter's largest derivative, and where`,
    "",
    ...aligned(rows),
    "",
    `${loss.name} = ${loss.precise ? `${shortened(loss.precise)} (${digits} digits)` : loss.symbolic}`,
    `  symbolic ${loss.symbolic}, backprop ${overflown(loss)}, differences ${loss.differences}: ${loss.ok ? "ok" : "WRONG"}`,
  ];
  for (const one of parameters) lines.push(...faults(one));
  for (const kink of kinks) {
    lines.push(...wrapped(`at a kink: ${kinkText(kink)}; ${kink.convention}`));
  }
  for (const note of notes) lines.push(...wrapped(`note: ${note}`));
  if (stepDifferences) lines.push("", ...stepLines(stepDifferences));
  const isJudged = parameters.every(({ symbolic }) => symbolic.verdict !== "not judged");
  const agreement = isJudged
    ? "All gradients agree."
    : "Nothing disagrees, but not every gradient could be judged.";
  lines.push("", result.ok ? agreement : "The gradients DISAGREE.");
  return lines.join("\n");
}

const MOST_LETTERS = 40;

/** A number with the first of its digits, and its exponent. */
function shortened(number: string): string {
  const [, digits = "", exponent = ""] = /^([^e]*)(.*)$/.exec(number)!;
  return digits.slice(0, Math.max(1, MOST_LETTERS - exponent.length)) + exponent;
}

/** What overflows as it is written is no number that was judged. */
function overflown({ backprop, symbolic }: Verification["loss"]): string {
  const isJudged = Number.isFinite(backprop) || !Number.isFinite(symbolic);
  return isJudged ? `${backprop}` : "overflows (not judged)";
}

function verdictOf({ ok, symbolic }: ParameterVerification): string {
  if (!ok) return "WRONG";
  return symbolic.verdict === "not judged" ? "not judged" : "ok";
}

function shapeOf({ shape }: ParameterVerification): string {
  return shape.length === 0 ? "" : ` ${shape.join("×")}`;
}

function shorten(text: string): string {
  return text.length > LONGEST_NAME ? `${text.slice(0, LONGEST_NAME - 1)}…` : text;
}

function cell({ verdict, maxError, worst }: Comparison): string {
  if (verdict === "not judged" || !worst) return "not judged";
  const where = worst.entry.length > 0 ? ` [${worst.entry.join(",")}]` : "";
  return `${maxError === 0 ? "0" : maxError.toExponential(1)}${where}`;
}

/** For each column that disagrees: the entry with both values. */
function faults({ name, ...columns }: ParameterVerification): string[] {
  const named = [
    ["symbolic gradient", columns.symbolic],
    ["matrix backprop", columns.backprop],
    ["differences", columns.differences],
  ] as const;
  return named.flatMap(([what, { verdict, worst }]) => {
    if (verdict !== "disagrees" || !worst) return [];
    const where = worst.entry.length > 0 ? `[${worst.entry.join(",")}]` : "";
    const reference = worst.reference.slice(0, 24);
    return wrapped(`${name}${where}: ${what} gives ${worst.value}, the reference is ${reference}`);
  });
}
