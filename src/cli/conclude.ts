import type { Hearing, OnStage } from "../check/hearing.js";
import type { CheckResult } from "../check/result.js";
import { inModel } from "./point.js";

/** The answer to what was heard; what explains mistakes is loaded only where there are some. */
export async function conclude(hearing: Hearing, onStage: OnStage): Promise<CheckResult> {
  const { model, isRight } = hearing;
  if (isRight) {
    const { accept } = await import("../check/accepted.js");
    return inModel(model, () => accept(hearing, onStage));
  }
  const { refuse } = await import("../check/refused.js");
  return inModel(model, () => refuse(hearing, onStage));
}
