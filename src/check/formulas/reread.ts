/** Formulas that are read again, with what a first reading showed. */
import { meaningsOfHelpers } from "./helpers.js";
import { assumedConstants, type LateConstants, lateConstants, withoutConstants } from "./late.js";
import { wantedOf } from "./lines.js";
import { FormulaCheckRun } from "./run.js";
import { withNamesFor } from "./with-names.js";

/**
 * Judged again where constants are put in late: as the lines show it, or, where several are at
 * fault, as the fewest would be.
 */
export function withLateConstants(run: FormulaCheckRun): FormulaCheckRun {
  const { model, lines, sites } = run;
  let best = short(run, lateConstants(model, lines, sites));
  const wrong = new Set(run.wrongClaims);
  for (const late of assumedConstants(model, lines)) {
    if (best.faults.length < 2) break;
    const other = short(run, late);
    const spoilsNone = other.wrongClaims.every((one) => wrong.has(one));
    if (spoilsNone && other.faults.length < best.faults.length) best = other;
  }
  return best;
}

function short(run: FormulaCheckRun, late: LateConstants): FormulaCheckRun {
  if (late.size === 0) return run;
  const { model, formulas, sites, general } = run;
  return new FormulaCheckRun(model, formulas, withoutConstants(sites, late), general, late);
}

/**
 * Read again with names for the parts of the model's statements that lines are about, and with the constants that
 * lines which claim nothing leave to others, unless more lines are then at fault.
 */
export function withHelpers(run: FormulaCheckRun): FormulaCheckRun {
  const { model, general, script, lines, sites, late } = run;
  const open = lines.filter((line) => !wantedOf(line) && !run.isKnown(line));
  const meanings = meaningsOfHelpers(model, script, lines, open, sites.quick, late);
  run.learn(meanings.held);
  if (meanings.held.size + meanings.meant.size === 0 || run.wrongClaims.length === 0) return run;
  const named = withNamesFor(meanings, model, lines, late, (line) => run.holds(line));
  const other = new FormulaCheckRun(
    named.model,
    [...named.formulas.values()],
    withoutConstants(sites.of(named.model), named.late),
    general,
    named.late,
    named.intentions,
  );
  return other.faults.length > run.faults.length ? run : other;
}
