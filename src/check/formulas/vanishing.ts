/** Derivatives that are 0: what cancels identically, as that by a bias before a normalisation. */
import type { Model } from "../../language/model.js";
import { unbracketed } from "../../language/print.js";
import { namesIn, type Syntax } from "../../language/syntax.js";
import { diagnosisOf, type Fault } from "../explanations/hypothesis.js";
import type { Explained } from "./explain.js";
import { fitOfState, isFlat, type Line } from "./lines.js";
import type { Site } from "./site.js";

/** Whether a statement is given for a derivative that is 0 wherever it was computed with many digits. */
export function isGivenForZero({ intended, corrected }: Line, sites: readonly Site[]): boolean {
  if (!intended || fitOfState(corrected, intended) !== "fits") return false;
  const precise = sites.filter(({ precision }) => precision.isPrecise);
  return precise.length > 0 && precise.every((site) => site.adjointOf(intended).areZero);
}

/** Whether that is so because terms cancel, and not because functions are flat at all points. */
export function oughtToVanish(line: Line, sites: readonly Site[]): boolean {
  const { intended } = line;
  const isSeen = (site: Site): boolean => !isFlat(site.adjointOf(intended!), site);
  return isGivenForZero(line, sites) && sites.some(isSeen);
}

/**
 * Whether a statement that is right tells why another one is not: of what is 0 anything is right that is 0, too.
 * @param from names of derivatives that the right formula is computed from
 */
export function isTelling(isZero: boolean, instead: Syntax, from: ReadonlySet<string>): boolean {
  if (!isZero) return true;
  const names = namesIn(instead);
  return from.size > 0 && [...from].every((one) => names.has(one));
}

/** What else would be 0 explains nothing. */
export function explainVanishing(model: Model, { formula, intended }: Line): Explained {
  const { name, statement } = formula;
  const [own, loss] = [unbracketed(intended!.name), model.loss.name];
  const fault: Fault = {
    cause: "extra-term",
    details: () => ({ term: statement.text.slice(statement.text.indexOf("=") + 1).trim() }),
    say: (claim) =>
      `${claim} ought to be 0: ${own} does not change ${loss}, since all that comes back to it cancels`,
  };
  const { shape } = intended!;
  const zero =
    shape.length === 0 ? "0" : `zeros(${shape.map((size) => size.toString()).join(", ")})`;
  return { diagnosis: [diagnosisOf(fault, name)], repair: `${name} = ${zero}` };
}
