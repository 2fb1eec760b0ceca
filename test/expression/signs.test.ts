/** Signs that expressions have whatever the numbers: what is said of them holds at random points. */
import { describe, expect, it } from "vitest";
import { operations } from "../../src/expression/operations/index.js";
import { signs } from "../../src/expression/signs.js";
import { parseModel } from "../../src/language/model.js";

const OPERANDS = [-300, -12, -2.3, -0.7, -1e-9, 0, 1e-12, 0.2, 0.8, 1.9, 27, 300];

describe("signs", () => {
  const rows = [...operations.values()].filter((row) => row.isNeverNegative);

  it.each(rows.map((row) => [row.name, row] as const))("%s is never negative", (_, row) => {
    expect(row.operands).toHaveLength(1);
    expect(OPERANDS.filter((x) => row.value(x) < 0)).toEqual([]);
  });

  it.each([
    ["sum(w.^2) + 1", 1],
    ["-sum(w.^2) - 1", -1],
    ["sum(w.^2) - 1", undefined],
    ["-exp(z) * abs(z)", -1],
    ["z * abs(z)", undefined],
    ["max(exp(w))", 1],
    ["log(sum(exp(w)))", undefined],
    ["(z > 0) / (1 + z^2)", 1],
    ["z^3", undefined],
    ["sum(tanh(q))", undefined],
    ["sum(q)", 1],
  ] as const)("%s: %s", (body, sign) => {
    const { definitions, loss } = parseModel(`
      w = param(3)
      z = sum(w)
      q = w.^2 .* sigmoid(w)
      L = ${body}`);
    const { clauses } = definitions.find(({ quantity }) => quantity === loss)!;
    expect(signs(definitions)(clauses[0]!.body)).toBe(sign);
  });
});
