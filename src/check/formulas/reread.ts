/** Formulas that are read again, with what a first reading showed. */
import { Candidates, isExactDerivative, type Meaning } from "./candidates.js";
import { type HelperMeanings, meaningsOfHelpers, NO_MEANINGS } from "./helpers.js";
import { once } from "../once.js";
import { claimsUsing, Effects } from "./intentions.js";
import { assumedConstants, type LateConstants, lateConstants, withoutConstants } from "./late.js";
import { isAtFault, isMisnamed, type Line, wantedOf } from "./lines.js";
import { Mendings } from "./mending.js";
import { isPart } from "./named-parts.js";
import { otherClaims } from "./other-claims.js";
import { FormulaCheckRun } from "./run.js";
import type { Formula } from "./statements.js";
import { repeatedShares } from "./repeated.js";
import { withoutSign } from "./usual-constants.js";
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
 * Read with claims for the other derivatives that they hold, where the lines below take them for these: where some
 * of these lines are then right, or explained by fewer mistakes.
 */
function withOtherClaims(run: FormulaCheckRun): FormulaCheckRun {
  const { model, script, lines, sites } = run;
  for (const other of otherClaims(model, script, lines, sites)) {
    const { formula, isProven } = other;
    const readAs = (meaning: Meaning): FormulaCheckRun => {
      const held = new Map([[formula, meaning]]);
      return readWith({ ...NO_MEANINGS, held }, run).reading;
    };
    const before = once(() => mistakesBelow(run, formula));
    const isTaken = (reading: FormulaCheckRun, isSure: boolean): boolean =>
      isMisnamed(lineOf(reading, formula)) &&
      (isSure || mistakesBelow(reading, formula) < before());
    const reading = readAs(other.meaning);
    if (isTaken(reading, isProven)) return withOtherClaims(reading);
    // the lines below may take it for the derivative that it is but for a sign
    const meaning = { ...other.meaning, late: withoutSign(other.meaning.late) };
    if (meaning.late === other.meaning.late) continue;
    const unsigned = readAs(meaning);
    if (isTaken(unsigned, false)) return withOtherClaims(unsigned);
  }
  return run;
}

/** Read with statements that a claim repeats by name as shares of what it claims, where they lack a term of it. */
function withShares(run: FormulaCheckRun): FormulaCheckRun {
  const shares = repeatedShares(run.lines, (line) => run.firstOf(line));
  return shares.length === 0 ? run : asTheyStand(run, shares);
}

/** Read without asking what some statements would have to be for all claims that use them to be right. */
function asTheyStand(run: FormulaCheckRun, some: readonly Formula[]): FormulaCheckRun {
  const { model, formulas, sites, general, late } = run;
  const names = new Set([...run.shares, ...some.map(({ name }) => name)]);
  return new FormulaCheckRun(model, formulas, sites, general, late, undefined, names);
}

/** The statements at fault that claim nothing and are the derivative by a part of the model's statements as they stand. */
function heldParts({ model, lines, sites }: FormulaCheckRun): readonly Formula[] {
  const doubted = lines.filter((line) => !line.formula.claims && line.intended && isAtFault(line));
  if (doubted.length === 0) return [];
  const candidates = new Candidates(model, sites);
  const isHeld = (line: Line): boolean => {
    const held = candidates.heldBy(line);
    return held !== undefined && isExactDerivative(held) && isPart(held);
  };
  return doubted.filter(isHeld).map(({ formula }) => formula);
}

/** A statement in another reading. */
function lineOf({ lines }: FormulaCheckRun, { name }: Formula): Line {
  return lines.find(({ formula }) => formula.name === name)!;
}

/** How many mistakes at least explain the wrong claims that use a statement: two where one does not. */
function mistakesBelow(run: FormulaCheckRun, formula: Formula): number {
  const wrong = claimsUsing(run.lines, lineOf(run, formula)).filter((one) => isAtFault(one));
  const counts = wrong.map((one): number => (run.repairerOf(one)?.single() ? 1 : 2));
  return counts.reduce((total, one) => total + one, 0);
}

/** Read with what statements hold and are meant as, and with one doubtful meaning, if less is then wrong. */
function withFewestMistakes(meanings: HelperMeanings, run: FormulaCheckRun) {
  const plain = readWith(meanings, run);
  for (const [formula, meaning] of meanings.doubtful) {
    const meant = new Map([...meanings.meant, [formula, meaning]]);
    const other = readWith({ ...meanings, meant }, run);
    if (1 + mistakesBelow(other.reading, formula) < mistakesBelow(plain.reading, formula))
      return other;
  }
  return plain;
}

function readWith(meanings: HelperMeanings, run: FormulaCheckRun) {
  const { model, general, lines, sites, late } = run;
  const named = withNamesFor(meanings, model, lines, late, (line) => run.holds(line));
  const reading = new FormulaCheckRun(
    named.model,
    [...named.formulas.values()],
    withoutConstants(sites.of(named.model), named.late),
    general,
    named.late,
    named.intentions,
    run.shares,
  );
  return { reading, isOpen: named.isOpen };
}

/**
 * Read again with names for the parts of the model's statements that lines are about, and with the constants that
 * lines which claim nothing leave to others, unless more claims are then at fault.
 */
export function withHelpers(first: FormulaCheckRun): FormulaCheckRun {
  const run = withShares(first);
  const parts = heldParts(run);
  if (parts.length > 0) {
    const other = withMeanings(asTheyStand(run, parts), MOST_ROUNDS);
    if (claimsAtFault(other) <= claimsAtFault(run)) return other;
  }
  return withMeanings(run, MOST_ROUNDS);
}

function claimsAtFault({ faults }: FormulaCheckRun): number {
  return faults.filter(({ claims }) => claims).length;
}

function withMeanings(first: FormulaCheckRun, rounds: number): FormulaCheckRun {
  const run = first.wrongClaims.length > 0 ? withOtherClaims(first) : first;
  const { model, script, lines, sites, late } = run;
  const open = lines.filter((line) => !wantedOf(line) && !run.isSlope(line));
  const mendings = mendingsOf(run);
  const isOneMistake = (line: Line): boolean => run.isOneMistake(line);
  const meanings = meaningsOfHelpers(
    model,
    script,
    lines,
    open,
    sites,
    late,
    mendings,
    isOneMistake,
  );
  run.learn(meanings.held);
  const { held, meant, mended, doubtful } = meanings;
  const count = held.size + meant.size + mended.size + doubtful.size;
  if (count === 0 || run.wrongClaims.length === 0) return run;
  const { reading, isOpen } = withFewestMistakes(meanings, run);
  if (claimsAtFault(reading) > claimsAtFault(run)) return run;
  return withMendedBefore(isOpen && rounds > 1 ? withMeanings(reading, rounds - 1) : reading);
}

function mendingsOf(run: FormulaCheckRun): Mendings {
  const { script, lines, sites } = run;
  return new Mendings(script, lines, sites.quick, {
    around: (line) => run.around(line),
    repair: (line) => run.repairerOf(line)?.single(),
  });
}

/**
 * Read with one mistake less in a statement that is nothing with a name, where that makes right what uses it and is no
 * single mistake away from what it is meant as.
 */
function withMendedBefore(run: FormulaCheckRun): FormulaCheckRun {
  const { script, lines, sites } = run;
  const unexplained = lines.filter(
    (line) => isAtFault(line) && !line.formula.claims && line.intended && !run.isOneMistake(line),
  );
  if (unexplained.length === 0) return run;
  const effects = new Effects(script, lines, sites.quick);
  const mendings = mendingsOf(run);
  const before = lines.filter(
    (line) =>
      !wantedOf(line) &&
      !line.formula.claims &&
      claimsUsing(lines, line).some((one) => unexplained.includes(one)),
  );
  for (const line of before) {
    const mended = mendings.of(line, effects);
    if (!mended) continue;
    const reading = run.withMended(line.formula, mended);
    if (reading.faults.length <= run.faults.length) return reading;
  }
  return run;
}
