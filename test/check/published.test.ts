import { check, type Diagnosis, parseModel } from "chainrule";
import { afterAll, describe, expect, it } from "vitest";
import { claimed } from "./corpus/published/hand.js";
import { studies } from "./corpus/published/index.js";
import type { Naming } from "./corpus/published/study.js";
import { together } from "./explanations.js";

/** What the diagnosis of one publication came to. */
interface Row {
  readonly source: string;
  readonly isFirst: boolean;
  readonly isNamed: boolean;
  readonly missed: readonly string[];
}

const rows: Row[] = [];
const accepted: string[] = [];
const accused: string[] = [];

const explanation = (diagnosis: readonly Diagnosis[], number: number): readonly Diagnosis[] =>
  diagnosis.filter((one) => one.explanation === number);

/** Whether an explanation has a name: its causes, each said once, and the members of any. */
function isNamed(faults: readonly Diagnosis[], { cause, ...members }: Naming): boolean {
  const causes = new Set(faults.map((one) => one.cause));
  if (together(...causes) !== together(cause)) return false;
  return Object.entries(members).every(([key, value]) =>
    faults.some((one) => one[key as keyof Diagnosis] === value),
  );
}

describe.each(studies)("$name", (study) => {
  const model = parseModel(study.model);

  it.each(study.published)("$source", (publication) => {
    const { source, wrong } = publication;
    const { checks } = check(model, claimed(study, publication), { at: study.point });
    const judged = checks.map(({ name, ok, diagnosis }) => {
      const namings = wrong[name];
      if (namings === undefined && !ok) accused.push(`${source}: ${name}`);
      if (namings === undefined) return { first: true, named: true, text: "" };
      if (ok) accepted.push(`${source}: ${name}`);
      const fits = (number: number): boolean =>
        [namings].flat().some((one) => isNamed(explanation(diagnosis, number), one));
      const text = `${name}: ${diagnosis.map((one) => JSON.stringify(one)).join("\n        ")}`;
      return { first: fits(1), named: [1, 2, 3].some(fits), text };
    });
    expect(Object.keys(wrong).filter((name) => !checks.some((one) => one.name === name))).toEqual(
      [],
    );
    if (Object.keys(wrong).length === 0) return;
    rows.push({
      source,
      isFirst: judged.every(({ first }) => first),
      isNamed: judged.every(({ named }) => named),
      missed: judged.filter(({ first }) => !first).map(({ text }) => text),
    });
  });
});

afterAll(() => {
  const count = (of: (row: Row) => boolean): number => rows.filter(of).length;
  const first = count(({ isFirst }) => isFirst);
  const missed = rows
    .filter(({ isFirst }) => !isFirst)
    .flatMap(({ source, missed }) => [`  ${source}`, ...missed.map((one) => `    ${one}`)]);
  const table = [
    `published wrong gradients  ${rows.length}`,
    `named first                ${first}`,
    `named at all               ${count((row) => row.isNamed)}`,
    `accepted                   ${accepted.length}`,
    `falsely accused            ${accused.length}`,
    ...accused.map((one) => `  ${one}`),
    ...missed,
  ];
  // eslint-disable-next-line no-console
  console.log(table.join("\n"));
  expect(accepted).toEqual([]);
  expect(accused).toEqual([]);
  // a run of some of them says nothing of the rate
  if (rows.length > 100) expect(first / rows.length).toBeGreaterThanOrEqual(0.93);
});
