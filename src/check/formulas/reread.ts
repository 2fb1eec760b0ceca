/** Formulas that are read again, with what a first reading showed. */
import { meaningsOfHelpers } from "./helpers.js";
import { assumedConstants, type LateConstants, lateConstants, withoutConstants } from "./late.js";
import { type Line, wantedOf } from "./lines.js";
import { Mendings } from "./mending.js";
import { FormulaCheckRun } from "./run.js";
import { withNamesFor } from "./with-names.js";

/** What follows from lines that are at fault is read again so many times. */
const MOST_ROUNDS = 3;

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
 * lines which claim nothing leave to others, unless more claims are then at fault.
 */
export function withHelpers(run: FormulaCheckRun, rounds = MOST_ROUNDS): FormulaCheckRun {
  const { model, general, script, lines, sites, late } = run;
  const open = lines.filter((line) => !wantedOf(line) && !run.isSlope(line));
  const mendings = new Mendings(script, lines, sites.quick, {
    around: (line) => run.around(line),
    repair: (line) => run.repairerOf(line)?.single(),
  });
  const isOneMistake = (line: Line): boolean => run.repairerOf(line)?.single() !== undefined;
  const { quick } = sites;
  const meanings = meaningsOfHelpers(
    model,
    script,
    lines,
    open,
    quick,
    late,
    mendings,
    isOneMistake,
  );
  run.learn(meanings.held);
  const count = meanings.held.size + meanings.meant.size + meanings.mended.size;
  if (count === 0 || run.wrongClaims.length === 0) return run;
  const named = withNamesFor(meanings, model, lines, late, (line) => run.holds(line));
  const other = new FormulaCheckRun(
    named.model,
    [...named.formulas.values()],
    withoutConstants(sites.of(named.model), named.late),
    general,
    named.late,
    named.intentions,
  );
  const [before, after] = [run, other].map(
    ({ faults }) => faults.filter(({ claims }) => claims).length,
  );
  if (after! > before!) return run;
  return named.isOpen && rounds > 1 ? withHelpers(other, rounds - 1) : other;
}
