/** How much is known of the first line at fault, by which one of several readings is told. */
import type { Quantity } from "../../expression/quantity.js";
import { references } from "../../expression/walk.js";
import { namesIn } from "../../language/syntax.js";
import { Backward } from "../pass/backward.js";
import { hasSimpleCause } from "./explain.js";
import { derivativesIn, isAtFault, isMisnamed, type Line } from "./lines.js";
import type { FormulaCheckRun } from "./run.js";
import type { Formula } from "./statements.js";

/** 2 where a variant of the line is right, 1 where a mistake explains its numbers, 0 where nothing does. */
export type Clarity = 0 | 1 | 2;

/** @param quantities of the model that have a part in the line, if it matters which */
export function clarityOf(run: FormulaCheckRun, quantities?: readonly Quantity[]): Clarity {
  const first = firstFault(run, quantities);
  if (!first) return 0;
  const { repair, diagnosis } = run.wrong(first);
  if (repair !== undefined) return 2;
  return diagnosis.some(({ cause }) => cause === "unknown" || cause === "shape") ? 0 : 1;
}

/** Whether more is known of the line for one mistake: several are not looked for, which takes long. */
export function isClearerThan(
  clarity: Clarity,
  run: FormulaCheckRun,
  quantities?: readonly Quantity[],
): boolean {
  const first = clarity < 2 ? firstFault(run, quantities) : undefined;
  if (!first) return false;
  if (isMisnamed(first) || first.mended || first.value) {
    return clarityOf(run, quantities) > clarity;
  }
  if (run.repairerOf(first)?.single()) return true;
  if (clarity > 0) return false;
  const late = first.intended && run.late.get(first.intended);
  const known = derivativesIn(first, run.byFormula);
  return hasSimpleCause(run.model, first, run.sites.judges, late, known);
}

function firstFault(
  { model, lines, byFormula }: FormulaCheckRun,
  quantities: readonly Quantity[] | undefined,
): Line | undefined {
  const backward = Backward.of(model);
  return lines.find(
    (line) => isAtFault(line) && (!quantities || isOf(quantities, line, backward, byFormula)),
  );
}

/**
 * Whether some quantities of the model have a part in a line, or in the derivative that it ought to be, other than in
 * the derivatives that it has from others.
 */
export function isOf(
  quantities: readonly Quantity[],
  line: Line,
  backward: Backward,
  byFormula: ReadonlyMap<Formula, Line>,
): boolean {
  const names = new Set(quantities.map(({ name }) => name));
  const isWritten = ({ formula, uses }: Line): boolean =>
    [...namesIn(formula.statement.expression)].some((name) => names.has(name)) ||
    uses.some((used) => !byFormula.get(used)!.intended && isWritten(byFormula.get(used)!));
  if (!line.intended || isWritten(line)) return true;
  const reached = new Set(derivativesIn(line, byFormula));
  const open = [line.intended];
  for (let one = open.pop(); one; one = open.pop()) {
    for (const { from, clause } of backward.into(one)) {
      if (references([clause.body]).some(({ quantity }) => names.has(quantity.name))) return true;
      if (reached.has(from)) continue;
      reached.add(from);
      open.push(from);
    }
  }
  return false;
}
