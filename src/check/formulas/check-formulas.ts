/** Hand-written formulas: each statement judged, what it holds, and where the first fault is. */
import { type Model, requireModel } from "../../language/model.js";
import type { SizeValues } from "../../expression/size.js";
import type { Point } from "../../language/point.js";
import { InputError } from "../../language/source.js";
import { DEFAULT_SEED } from "../../numeric/random.js";
import { withKnownFunctions } from "../pass/known-functions.js";
import { once, onceFor } from "../once.js";
import { DIGITS } from "./agreement.js";
import { clarityOf, isClearerThan } from "./clarity.js";
import { type Labels, usualLabels } from "../power/labels.js";
import { labelNotes, sizeNotes } from "./notes.js";
import { contradicting } from "./own-kinks.js";
import { chooseSites, type Sites } from "./points.js";
import type { FormulaResult } from "./result.js";
import { withHelpers, withLateConstants } from "./reread.js";
import { areToldBy } from "./rests.js";
import { FormulaCheckRun } from "./run.js";
import { type Formula, readFormulas } from "./statements.js";
import { modelOfSizes, writtenSizes } from "./written-sizes.js";

export interface CheckFormulasOptions {
  /** A point at which the formulas must hold too; they are always decided at random ones. */
  readonly at?: Point | undefined;
  /** Draws those points. */
  readonly seed?: number | undefined;
  /** What the text is called in messages. */
  readonly name?: string | undefined;
}

/** Digits that are computed with: more where bounds of errors turn out too wide. */
const [FEWEST_DIGITS, MORE_DIGITS, MOST_DIGITS] = [DIGITS + 10, 120, 360] as const;

/**
 * Checks formulas that somebody wrote for derivatives of the loss.
 *
 * The text is statements of the model language over the model's quantities. A statement named
 * `dNAME`, `dLOSS_dNAME` or `grad_NAME` claims ∂loss/∂NAME; all others only have names. A claim is
 * right where it agrees to many digits with the derivative at several random points, of several
 * sizes where the model has named sizes. What no point can decide because of rounding is told as
 * `undecided`. Formulas with numbers in place of the point's sizes are judged at these sizes alone, and a
 * note says so. Shapes that disagree make a claim wrong; they are no error. Without a point, a claim that
 * holds for a usual kind of labels only, such as one-hot ones, is right, and a note states the kind.
 * @throws InputError with line, column and a hint, for syntax, unknown names and functions, names of
 * the model that are taken, and where nothing is claimed.
 */
export function checkFormulas(
  given: Model,
  text: string,
  { at, seed = DEFAULT_SEED, name = "formulas" }: CheckFormulasOptions = {},
): FormulaResult {
  requireModel(given);
  const model = withKnownFunctions(given);
  const formulas = readFormulas(model, { name, text });
  if (at !== undefined) return decideAt(model, formulas, at, seed);
  const general = decide(model, formulas, { seed });
  const isRight = general.wrongClaims.length === 0;
  let best: Attempt | undefined = isRight ? undefined : attemptOf(general, []);
  const attempt = (labels: Labels, isQuick: boolean): Attempt => {
    const run = decide(model, formulas, { seed, labels, isQuick });
    return attemptOf(run, labelNotes(isRight ? [] : general.wrongClaims, run.wrongClaims, labels));
  };
  const quickly = onceFor((labels: Labels) => attempt(labels, true));
  // what arbitrary labels never show, such as Y == 1, is right if some kind of labels finds it so
  for (const labels of usualLabels(model, general.points, isRight)) {
    if (!best) {
      const other = attempt(labels, false);
      if (other.wrong === 0) break;
      best = other;
      continue;
    }
    // most kinds of labels are no better than others, which doubles show, and so do stricter kinds
    const known = best;
    const isHopeful = (one: Labels): boolean => isBetter(quickly(one), known, one);
    if (!labels.stricter().every(isHopeful) || !isHopeful(labels)) continue;
    const other = attempt(labels, false);
    if (other.wrong !== quickly(labels).wrong && !isBetter(other, best, labels)) continue;
    best = other;
    if (best.wrong === 0) break;
  }
  if (!best) return withHelpers(general).result();
  const result = best.helped().result();
  return { ...result, notes: [...best.notes, ...result.notes] };
}

/** A run and what is said of its labels. */
interface Attempt {
  readonly run: FormulaCheckRun;
  /** The run with what lines that claim nothing are. */
  readonly helped: () => FormulaCheckRun;
  /** How many claims are wrong. */
  readonly wrong: number;
  readonly notes: readonly string[];
}

function attemptOf(run: FormulaCheckRun, notes: readonly string[]): Attempt {
  return { run, helped: once(() => withHelpers(run)), wrong: run.wrongClaims.length, notes };
}

/**
 * Whether less is wrong with labels of a kind, or more is known of the first line at fault that these have a part in: a
 * mistake that is not that of the labels shows among labels that suit the rest.
 */
function isBetter(one: Attempt, other: Attempt, { quantities }: Labels): boolean {
  if (one.wrong !== other.wrong) return one.wrong < other.wrong;
  const known = clarityOf(other.helped(), quantities);
  // nothing is clearer than a repair
  return known < 2 && isClearerThan(known, one.helped(), quantities);
}

interface Where {
  readonly seed: number;
  readonly at?: Point;
  readonly labels?: Labels;
  /** Whether doubles are enough. */
  readonly isQuick?: boolean;
  /** The model with names for all sizes. */
  readonly general?: Model;
}

function decide(
  model: Model,
  formulas: readonly Formula[],
  { seed, at, labels, isQuick, general }: Where,
): FormulaCheckRun {
  const runAt = (sites: Sites): FormulaCheckRun =>
    new FormulaCheckRun(model, formulas, sites, general);
  const attempt = (digits: number | undefined, points = labels?.points): FormulaCheckRun =>
    runAt(chooseSites(model, at, seed, digits, points, labels?.points[0]));
  const lacksDigits = ({ lacksDigits, sites, lines }: FormulaCheckRun): boolean =>
    lacksDigits || areToldBy(MOST_DIGITS, model, sites, lines);
  let run = attempt(isQuick ? undefined : FEWEST_DIGITS);
  for (const digits of [MORE_DIGITS, MOST_DIGITS]) {
    if (!lacksDigits(run)) break;
    run = attempt(digits, run.points);
  }
  const further = contradicting(model, formulas, run.lines, run.sites.draws);
  if (further.length > 0) run = runAt(run.sites.with(further));
  return withLateConstants(run);
}

/**
 * At sizes of all kinds; or, where formulas hold numbers in place of sizes of a point, at these alone,
 * if less is then wrong. What holds for these sizes only is said in a note.
 */
function decideAt(
  model: Model,
  formulas: readonly Formula[],
  at: Point,
  seed: number,
): FormulaResult {
  const sizes = writtenSizes(model, formulas, at);
  if (sizes.size === 0) return withHelpers(decide(model, formulas, { seed, at })).result();
  const general = possibly(() => decide(model, formulas, { seed, at }));
  if (general?.wrongClaims.length === 0) return withHelpers(general).result();
  const fixed = withKnownFunctions(modelOfSizes(model, sizes));
  const { source } = formulas[0]!.statement.place;
  const run = decide(fixed, readFormulas(fixed, source), { seed, at, general: model });
  const mended = general ? mendedBySizes(general, run, sizes) : run.writing(sizes);
  if (!mended) return withHelpers(general!).result();
  const result = withHelpers(run).result();
  return { ...result, notes: [...sizeNotes(sizes, mended), ...result.notes] };
}

/** Undefined where an index is beyond the sizes of a random point. */
function possibly(run: () => FormulaCheckRun): FormulaCheckRun | undefined {
  try {
    return run();
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return undefined;
  }
}

/**
 * The lines that are at fault at sizes of all kinds only because of numbers in place of sizes.
 * @returns undefined where sizes of one kind make nothing simpler, or make right what has no such number
 */
function mendedBySizes(
  general: FormulaCheckRun,
  run: FormulaCheckRun,
  sizes: SizeValues,
): readonly Formula[] | undefined {
  const stillAtFault = new Set(run.faults.map(({ line }) => line));
  const mended = general.faults.filter(({ line }) => !stillAtFault.has(line));
  const writing = general.writing(sizes);
  if (!mended.every((one) => writing.includes(one))) return undefined;
  if (run.faults.length < general.faults.length) return mended;
  return clarityOf(run) > clarityOf(general) ? writing : undefined;
}
