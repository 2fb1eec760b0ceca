/** Claims that hold another derivative than they claim, as the lines below take them. */
import type { Quantity } from "../../expression/quantity.js";
import type { Model } from "../../language/model.js";
import { once } from "../once.js";
import { Candidates, type Meaning } from "./candidates.js";
import { Effects, PARTIAL } from "./intentions.js";
import { isMisnamed, type Line, type Wanted } from "./lines.js";
import type { Sites } from "./points.js";
import type { Script } from "./script.js";
import type { Formula } from "./statements.js";

/** A claim with the other derivative that it holds. */
export interface OtherClaim {
  readonly formula: Formula;
  readonly meaning: Meaning;
  /** Whether lines that use it are right with what it holds, and none with what it claims. */
  readonly isProven: boolean;
}

/**
 * The wrong claims that hold another derivative exactly, or a multiple of one, everything before them being right,
 * and are used by wrong claims alone, in order.
 * @param sites whose points in doubles are looked at
 */
export function* otherClaims(
  model: Model,
  script: Script,
  lines: readonly Line[],
  sites: Sites,
): Generator<OtherClaim> {
  const effects = new Effects(script, lines, sites.quick);
  const candidates = once(() => new Candidates(model, sites));
  for (const line of lines) {
    const { formula, corrected, decisionAlone } = line;
    const { claims } = formula;
    const isWrong = decisionAlone === "wrong" && !isMisnamed(line);
    if (!claims || !isWrong || corrected.kind !== "valued") continue;
    const asItStands: Wanted = {
      shape: corrected.reading.quantity.shape,
      values: (site) => corrected.values.get(site)!,
    };
    const { spoils, mends } = effects.of(new Map([[line, asItStands]]), PARTIAL);
    const isUsed = lines.some(({ uses }) => uses.includes(formula));
    const meaning = isUsed && spoils === 0 ? candidates().heldBy(line) : undefined;
    if (!meaning || !isOther(meaning, claims)) continue;
    yield { formula, meaning, isProven: mends > 0 };
  }
}

function isOther({ name, isValue }: Meaning, claims: Quantity): boolean {
  return !isValue && name !== claims.name;
}
