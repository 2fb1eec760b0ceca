/** What is answered of single statements. */
import { unbracketed } from "../../language/print.js";
import type { Diagnosis } from "../result.js";
import { asClaimed, isRight, isUndecided, type Line, wantedOf } from "./lines.js";
import { numbersOf, pointOf } from "./numbers.js";
import type { Sites } from "./points.js";
import type { FormulaCheck, FormulaLine, LineReference, Remedy, Undecided } from "./result.js";
import type { Formula } from "./statements.js";

/** What is known of a statement. */
export interface Known {
  /** What it holds, where that was recognised. */
  readonly holds: string | undefined;
  readonly diagnosis: readonly Diagnosis[];
  /** The statements that it is wrong because of, where it has no mistake of its own. */
  readonly origins: readonly Formula[];
  readonly remedy: Remedy;
}

export function checkOf(line: Line, known: Known, sites: Sites): FormulaCheck {
  const { formula } = line;
  const ok = isRight(line);
  return {
    name: formula.claims?.name ?? formula.name,
    ok,
    ...undecidedOf(line),
    ...numbersOf(asClaimed(line), ok, sites),
    diagnosis: known.diagnosis,
    point: pointOf(asClaimed(line), ok, sites),
    line: formula.line,
    statement: formula.statement.text,
    ...heldIn(known),
    ...originIn(known),
    ...known.remedy,
  };
}

export function lineOf(line: Line, known: Known): FormulaLine {
  const { formula, intended } = asClaimed(line);
  const isWanted = wantedOf(line) !== undefined;
  const ok = isRight(line);
  // claims have theirs among the checks
  const isTold = !ok && !isUndecided(line) && !formula.claims && isWanted;
  const { diagnosis, origins, remedy } = known;
  return {
    ...reference(formula),
    statement: formula.statement.text,
    ...heldIn(known),
    ...(intended ? { intended: unbracketed(intended.name) } : {}),
    ok,
    ...undecidedOf(line),
    ...(isTold ? originIn(known) : {}),
    ...(isTold && origins.length === 0 ? { diagnosis, ...remedy } : {}),
  };
}

export function reference({ line, name }: Formula): LineReference {
  return { line, name };
}

function heldIn({ holds }: Known): Pick<FormulaLine, "holds"> {
  return holds === undefined ? {} : { holds };
}

function originIn({ origins }: Known): Pick<FormulaLine, "followsFrom" | "alsoFrom"> {
  const [first, ...others] = origins.map(reference);
  if (!first) return {};
  return { followsFrom: first, ...(others.length > 0 ? { alsoFrom: others } : {}) };
}

function undecidedOf(line: Line): Undecided {
  return isUndecided(line) ? { undecided: true } : {};
}
