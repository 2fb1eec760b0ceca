/** Functions of arrays in WebAssembly, against the values of their rows. */
import { describe, expect, it } from "vitest";
import { operations } from "../../src/expression/operations/index.js";
import { logBesideOnes } from "../../src/expression/operations/lowered.js";
import { applier, applierName, isApplied } from "../../src/numeric/wasm/applier.js";

type Apply = (from: number, count: number) => void;

const rows = [...operations.values(), logBesideOnes].filter(isApplied);
const { memory, functions } = applier(rows);
const entries = new Float64Array(memory.buffer, 0, 40);

describe.each(rows.map((row) => ({ name: row.name, row })))("$name", ({ row }) => {
  it.each([2, 4, 6])("of %i entries, wherever they stand, and of nothing beside them", (count) => {
    const from = 4;
    entries.fill(-7);
    const operands = row.operands.map((_, place) =>
      Array.from({ length: count }, (_, k) => 0.35 + place + 0.7 * k),
    );
    for (const [place, values] of operands.entries()) entries.set(values, from + place * count);
    (functions[applierName(row)] as Apply)(from, count);
    for (let k = 0; k < count; k++) {
      const expected = row.value(...operands.map((values) => values[k]!));
      expect(Math.abs(entries[from + k]! / expected - 1)).toBeLessThan(1e-15);
    }
    expect([...entries.slice(0, from)]).toEqual([-7, -7, -7, -7]);
    expect([...entries.slice(from + count * operands.length)]).toEqual(
      [...entries.slice(from + count * operands.length)].fill(-7),
    );
  });
});

it("keeps the constants of one module when another is made", () => {
  const [first, second] = rows.map(
    (row) => [row, applier([row]).functions[applierName(row)]] as const,
  );
  for (const [row, apply] of [first!, second!, first!]) {
    entries.fill(0.4);
    (apply as Apply)(0, 2);
    const expected = row.value(...row.operands.map(() => 0.4));
    expect(Math.abs(entries[0]! / expected - 1)).toBeLessThan(1e-15);
  }
  expect(applier([rows[0]!, rows[1]!])).toBe(applier([rows[1]!, rows[0]!]));
});

it("leaves roots, which are an instruction, to JavaScript", () => {
  expect(rows.map(({ name }) => name)).not.toContain("sqrt");
  expect(rows.map(({ name }) => name)).toContain("sigmoid");
});
