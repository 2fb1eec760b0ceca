import type { Diagnosis } from "chainrule";

/** The causes of each explanation, those of one joined in alphabetical order. */
export function explanations(diagnosis: readonly Diagnosis[]): string[] {
  const all = new Map<number, string[]>();
  for (const { explanation, cause } of diagnosis) {
    all.set(explanation, [...(all.get(explanation) ?? []), cause]);
  }
  return [...all.values()].map((causes) => causes.sort().join(" + "));
}

/** Several causes in the order in which `explanations` has them. */
export const together = (...causes: readonly string[]): string =>
  causes
    .flatMap((one) => one.split(" + "))
    .sort()
    .join(" + ");
