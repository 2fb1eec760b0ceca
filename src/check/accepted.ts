/** The answer where all claims are right: how much that is worth. Nothing is loaded that explains mistakes. */
import { answer } from "./answer.js";
import type { Hearing, OnStage } from "./hearing.js";
import { catalogueOf } from "./mutants/catalogue.js";
import type { CheckResult } from "./result.js";

/** @param hearing that found every claim right */
export function accept(hearing: Hearing, onStage?: OnStage): CheckResult {
  const { backward, benches, judged } = hearing;
  onStage?.("power of the check");
  return answer(hearing, catalogueOf(backward, benches[0]!, false), judged, () => ({
    diagnosis: [],
  }));
}
