import { check, parseModel } from "chainrule";
import { afterAll, describe, expect, it } from "vitest";
import { explanations, together } from "./explanations.js";
import { systems } from "./corpus/index.js";

interface Row {
  readonly what: string;
  readonly wanted: readonly string[];
  readonly got: readonly string[];
}

const rows: Row[] = [];
const accused: string[] = [];
const accepted: string[] = [];

describe.each(systems)("$name", ({ name, text, point, right, cases }) => {
  const model = parseModel(text);

  it("accepts the right gradients", () => {
    for (const one of check(model, right, { at: point }).checks) {
      if (!one.ok) accused.push(`${name}: ${one.name}`);
      expect(one.ok, `${name}: ${one.name}`).toBe(true);
    }
  });

  it.each(cases)("$name", ({ name: fault, claims, wrong }) => {
    const result = check(model, claims, { at: point });
    for (const { name: claim, ok, diagnosis } of result.checks) {
      const wanted = wrong[claim];
      const what = `${name}: ${fault}: ${claim}`;
      if (wanted === undefined) {
        if (!ok) accused.push(what);
        continue;
      }
      if (ok) accepted.push(what);
      const got = explanations(diagnosis);
      rows.push({ what, wanted: [wanted].flat().map((one) => together(one)), got });
    }
  });
});

afterAll(() => {
  const isFirst = ({ wanted, got }: Row): boolean => wanted.includes(got[0] ?? "");
  const isNamed = ({ wanted, got }: Row): boolean => got.some((one) => wanted.includes(one));
  const first = rows.filter(isFirst).length;
  const named = rows.filter(isNamed).length;
  const missed = rows
    .filter((row) => !isFirst(row))
    .map(
      ({ what, wanted, got }) => `  ${what}: wanted ${wanted.join(" or ")}, got ${got.join(" | ")}`,
    );
  const table = [
    `wrong gradients   ${rows.length}`,
    `named first       ${first}`,
    `named at all      ${named}`,
    `refused           ${rows.length - accepted.length}`,
    `falsely accused   ${accused.length}`,
    ...missed,
  ];
  // eslint-disable-next-line no-console
  console.log(table.join("\n"));
  expect(accepted).toEqual([]);
  expect(accused).toEqual([]);
  expect(first / rows.length).toBeGreaterThanOrEqual(0.95);
});
