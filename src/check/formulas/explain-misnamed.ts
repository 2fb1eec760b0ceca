/** What is wrong with a claim that the lines below take for another derivative. */
import type { Model } from "../../language/model.js";
import { diagnosisOf, type Fault } from "../explanations/hypothesis.js";
import { claimName, derivativeText } from "../explanations/words.js";
import type { Explained } from "./explain.js";
import type { LateConstants } from "./late.js";
import type { Line } from "./lines.js";
import { isPart } from "./named-parts.js";
import type { Formula } from "./statements.js";
import { MINUS, timesText } from "./usual-constants.js";

/** Its name is wrong, and perhaps its sign; nothing else is. */
export function explainMisnamed(
  model: Model,
  { formula, intended, decisionAlone }: Line,
  late: LateConstants,
  formulas: readonly Formula[],
): Explained {
  const { name, claims } = formula;
  const constant = late.get(intended!);
  const isOpposite = decisionAlone === "wrong";
  const derivative = timesText(constant, derivativeText(model, intended!));
  const held = isOpposite ? timesText(MINUS, derivative) : derivative;
  const own = claimName(model, intended!);
  const isFree =
    !isPart(intended!) && formulas.every((one) => one.name !== own) && !model.scope.has(own);
  const advice = isFree ? `: name it ${own}` : "";
  const taken = isOpposite ? derivative : "that";
  const fault: Fault = {
    cause: "other-quantity",
    details: () => ({ is: intended!.name }),
    say: (claim) =>
      `${claim} holds ${held} where ${derivativeText(model, claims!)} is claimed, and the lines below take it for ${taken}${advice}`,
  };
  const sign: Fault = {
    cause: "sign",
    say: (claim) => `${claim} has the wrong sign, too: it holds ${held}`,
  };
  const faults = isOpposite || constant?.unsigned ? [fault, sign] : [fault];
  // another name is no repair of this line alone
  return { diagnosis: faults.map((one) => diagnosisOf(one, name)), repair: undefined };
}
