/** The report of a check of formulas: one screen, plain text, line by line. */
import type {
  FormulaCheck,
  FormulaLine,
  FormulaResult,
  LineReference,
  Remedy,
} from "../../check/formulas/result.js";
import { lengthsText } from "../../check/explanations/words.js";
import { listed, someOf } from "../../language/words.js";
import { diagnosisLines, differenceText, rightLines, wrap } from "./report.js";

/**
 * What every line holds, the first that is wrong and why, and what follows from it.
 * @returns lines, without a newline at the end
 */
export function formulaReport({ checks, lines, firstWrong, notes }: FormulaResult): string {
  const byLine = new Map(checks.map((check) => [check.line, check]));
  const width = Math.max(...lines.map(({ name }) => name.length));
  const digits = `${Math.max(...lines.map(({ line }) => line))}`.length;
  const told = lines.flatMap((line) => {
    const label = `line ${`${line.line}`.padStart(digits)}`;
    const indent = " ".repeat(label.length + 2);
    const check = byLine.get(line.line);
    const head = `${label}  ${verdictOf(line, check)}  ${line.name.padEnd(width)}`;
    if (line.ok) return [`${head}  ${holdsText(line)}`.trimEnd()];
    const { followsFrom, alsoFrom = [] } = check ?? line;
    if (followsFrom) return [`${head}  ${followsText([followsFrom, ...alsoFrom])}`];
    const { diagnosis = [], ...remedy } = check ?? line;
    const faults = { ...remedy, diagnosis };
    return [
      `${head}  ${holdsText(line)}`.trimEnd(),
      ...wrap(line.statement.replace(/\s+/g, " "), indent),
      ...(check && !check.undecided ? worstLines(check, indent) : []),
      ...diagnosisLines(faults, indent),
      ...remedyLines(faults, indent),
    ];
  });
  for (const note of notes) told.push(...wrap(`note: ${note}`, ""));
  return [...told, summary(checks, firstWrong)].join("\n");
}

/** `follows from lines 3 (dsj) and 6 (gj)` */
function followsText(origins: readonly LineReference[]): string {
  const named = origins.map(({ line, name }) => `${line} (${name})`);
  return `follows from line${named.length > 1 ? "s" : ""} ${listed(named)}`;
}

function verdictOf({ ok, undecided }: FormulaLine, check: FormulaCheck | undefined): string {
  if (undecided) return "UNDECIDED";
  if (!ok) return "WRONG";
  return check ? "right" : "     ";
}

function holdsText({ holds, intended, ok, undecided }: FormulaLine): string {
  if (holds === undefined) return ok || undecided ? "" : "holds nothing that is known";
  return `holds ${holds}${ok || intended === undefined ? "" : `, ought to be the derivative by ${intended}`}`;
}

function worstLines({ name, statement, worst, shape }: FormulaCheck, indent: string): string[] {
  const { entry, given, expected } = worst;
  if (given === null || expected === null) {
    return shape.given.length === 0 || shape.given.join() === shape.expected.join()
      ? []
      : [`${indent}it is ${lengthsText(shape.given)}, ${name} is ${lengthsText(shape.expected)}`];
  }
  const [claim] = statement.split(/\s*=/);
  const where = entry.length === 0 ? claim! : `${claim!}[${entry.join(",")}]`;
  return [`${indent}worst entry ${where}: ${differenceText(given, expected)}`];
}

function remedyLines({ repair, right = [], matrix = [] }: Remedy, indent: string): string[] {
  const lines = repair === undefined ? [] : wrap(`write  ${repair}`, indent);
  const isRepaired = right.length === 1 && right[0] === repair;
  // one screen: of the statements that it needs the matrix form is not told
  const own = matrix.slice(-1);
  return [...lines, ...rightLines({ right: isRepaired ? [] : right, matrix: own }, indent)];
}

function summary(checks: readonly FormulaCheck[], firstWrong: FormulaResult["firstWrong"]): string {
  const undecided = checks.filter((check) => check.undecided).length;
  const wrong = checks.filter(({ ok }) => !ok).length - undecided;
  const [count, one] = [checks.length, checks.length === 1];
  if (undecided > 0) {
    const open = one
      ? "the formula is undecided"
      : `${someOf(undecided, count, "formulas")} undecided`;
    return wrong === 0 ? open : `${open}, ${wrong} wrong`;
  }
  if (wrong === 0) return one ? "the formula is right" : `all ${count} formulas are right`;
  const first = firstWrong
    ? `; the first wrong line is ${firstWrong.line} (${firstWrong.name})`
    : "";
  return `${one ? "the formula is wrong" : `${someOf(wrong, count, "formulas")} wrong`}${first}`;
}
