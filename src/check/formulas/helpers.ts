/** What statements that claim nothing are, or ought to be: derivatives by quantities and by parts that have no names, and values of these. */
import type { Model } from "../../language/model.js";
import { namesIn } from "../../language/syntax.js";
import { Candidates, type Meaning } from "./candidates.js";
import { claimsUsing } from "./intentions.js";
import type { LateConstants } from "./late.js";
import type { Line, Mended } from "./lines.js";
import { MeaningSearch } from "./meaning-search.js";
import type { Mendings } from "./mending.js";
import type { Sites } from "./points.js";
import type { Script } from "./script.js";
import type { Formula } from "./statements.js";

/** What is known of statements that claim nothing. */
export interface HelperMeanings {
  /** What statements are as they stand. */
  readonly held: ReadonlyMap<Formula, Meaning>;
  /** What statements would have to be for the claims that use them to be right. */
  readonly meant: ReadonlyMap<Formula, Meaning>;
  /** The same of statements that would be no derivative, and no value with a name. */
  readonly mended: ReadonlyMap<Formula, Mended>;
  /** What statements that are something may be meant as, if less is then wrong of the claims that use them, but not all right. */
  readonly doubtful: ReadonlyMap<Formula, Meaning>;
}

export const NO_MEANINGS: HelperMeanings = {
  held: new Map(),
  meant: new Map(),
  mended: new Map(),
  doubtful: new Map(),
};

/**
 * What statements hold, or would have to hold for the claims that use them to be right.
 * @param open statements that claim nothing, but for slopes
 * @param places whose points in doubles are looked at
 * @param mendings of statements that would be nothing with a name
 * @param isOneMistake whether one mistake in a wrong claim by itself would explain it
 */
export function meaningsOfHelpers(
  model: Model,
  script: Script,
  lines: readonly Line[],
  open: readonly Line[],
  places: Sites,
  late: LateConstants,
  mendings: Mendings,
  isOneMistake: (claim: Line) => boolean,
): HelperMeanings {
  const helpers = open.filter((line) => isHelper(model, lines, line));
  if (helpers.length === 0) return NO_MEANINGS;
  const candidates = new Candidates(model, places);
  const held = new Map<Formula, Meaning>();
  for (const line of helpers) {
    const meaning = candidates.heldBy(line);
    if (meaning) held.set(line.formula, meaning);
  }
  const search = new MeaningSearch(
    model,
    script,
    lines,
    candidates,
    held,
    places.quick,
    late,
    mendings,
    isOneMistake,
  );
  search.run(helpers);
  return { held, meant: search.found, mended: search.mended, doubtful: search.doubtful };
}

/** Whether something of the model goes through a statement into a claim. */
function isHelper(model: Model, lines: readonly Line[], line: Line): boolean {
  const { expression } = line.formula.statement;
  const isOfModel = [...namesIn(expression)].some((name) => !model.scope.get(name)?.size);
  return isOfModel && claimsUsing(lines, line).length > 0;
}
