/** Hand-written formulas: each statement judged, what it holds, and where the first fault is. */
import { type Model, requireModel } from "../../language/model.js";
import type { Point } from "../../language/point.js";
import { DEFAULT_SEED } from "../../numeric/random.js";
import { withKnownFunctions } from "../pass/known-functions.js";
import { DIGITS } from "./agreement.js";
import { type Labels, usualLabels } from "./labels.js";
import { labelNotes } from "./notes.js";
import { chooseSites } from "./points.js";
import type { FormulaResult } from "./result.js";
import { FormulaCheckRun } from "./run.js";
import { readFormulas } from "./statements.js";

export interface CheckFormulasOptions {
  /** A point at which the formulas must hold too; they are always decided at random ones. */
  readonly at?: Point | undefined;
  /** Draws those points. */
  readonly seed?: number | undefined;
  /** What the text is called in messages. */
  readonly name?: string | undefined;
}

/** Digits that are computed with: more where bounds of errors turn out too wide. */
const [FEWEST_DIGITS, ...MORE_DIGITS] = [DIGITS + 10, 120, 360] as const;

/**
 * Checks formulas that somebody wrote for derivatives of the loss.
 *
 * The text is statements of the model language over the model's quantities. A statement named
 * `dNAME`, `dLOSS_dNAME` or `grad_NAME` claims ∂loss/∂NAME; all others only have names. A claim is
 * right where it agrees to many digits with the derivative at several random points, of several
 * sizes where the model has named sizes. What no point can decide because of rounding is told as
 * `undecided`. Shapes that disagree make a claim wrong; they are no error. Without a point, a claim that
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
  const decide = (labels?: Labels): FormulaCheckRun => {
    const attempt = (digits: number): FormulaCheckRun => {
      const sites = chooseSites(model, at, seed, digits, labels?.like);
      return new FormulaCheckRun(model, formulas, sites);
    };
    let run = attempt(FEWEST_DIGITS);
    for (const digits of MORE_DIGITS) {
      if (!run.lacksDigits) break;
      run = attempt(digits);
    }
    return run.withLateConstants();
  };
  const general = decide();
  if (at !== undefined || general.wrongClaims.length === 0) return general.result();
  let best: { run: FormulaCheckRun; notes: readonly string[] } = { run: general, notes: [] };
  for (const labels of usualLabels(model, seed)) {
    const run = decide(labels);
    const [wrong, least] = [run, best.run].map(({ wrongClaims }) => wrongClaims.length);
    // a mistake that is not that of the labels shows among labels that suit the rest
    const isSimpler = wrong === least && !best.run.isRepairable && run.isRepairable;
    if (wrong! >= least! && !isSimpler) continue;
    best = { run, notes: labelNotes(general.wrongClaims, run.wrongClaims, labels) };
    if (wrong === 0) break;
  }
  const result = best.run.result();
  return { ...result, notes: [...best.notes, ...result.notes] };
}
