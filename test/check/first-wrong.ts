import { checkFormulas, parseModel } from "chainrule";
import { expect } from "vitest";

/** What is told of the first wrong line, and what is written in its place. */
export function firstOf(model: string, text: string) {
  const { firstWrong, checks } = checkFormulas(parseModel(model), text);
  const repaired = firstWrong?.repair;
  if (repaired !== undefined) {
    // the repair is judged by itself
    const lines = text.split("\n").with(firstWrong!.line - 1, repaired);
    expect(checkFormulas(parseModel(model), lines.join("\n")).ok, repaired).toBe(true);
  }
  const first = firstWrong?.diagnosis.filter(({ explanation }) => explanation === 1) ?? [];
  const [{ cause, text: told }] = first as [(typeof first)[number]];
  return { cause, told, repaired, wrong: checks.filter(({ ok }) => !ok).map(({ name }) => name) };
}
