import { describe, expect, it } from "vitest";
import { aligned, type Equation } from "../../src/render/formula/aligned.js";
import { texWidth } from "../../src/render/layout/boxes.js";
import { splitAligned } from "../readback/equations.js";

const entries = (count: number, inRow = count): Equation[] =>
  Array.from({ length: count }, (_, at) => ({
    left: `\\frac{\\partial s}{\\partial w_{${at + 1}}}`,
    relation: "=",
    right: `x_{${at + 1}}`,
    range: "",
    continues: at > 0,
    row: Math.floor(at / inRow),
  }));

const rowsOf = (equations: readonly Equation[], width?: number): string[] =>
  aligned(equations, width).split("\n").slice(1, -1);

describe("entries with one equation each", () => {
  it.each([
    ["3 entries", 3, 3, [3]],
    ["3 × 4 entries", 12, 4, [4, 4, 4]],
    ["3 × 2 entries", 6, 2, [2, 2, 2]],
    ["more than a line holds", 7, 7, [4, 3]],
    ["a column", 4, 1, [4]],
  ])("stand as in their matrix, as far as there is room: %s", (_, count, inRow, lengths) => {
    const rows = rowsOf(entries(count, inRow));
    expect(rows.map((row) => row.split("&=").length - 1)).toEqual(lengths);
  });

  it("are the same equations, one after the other", () => {
    const equations = entries(7);
    const read = splitAligned(aligned(equations));
    const single = equations.flatMap((one) => splitAligned(aligned([one])));
    expect(read).toEqual(single);
  });

  it("divide rows that are too wide, each by itself", () => {
    const width = 3 * (texWidth("\\frac{\\partial s}{\\partial w_{10}} = x_{10}") + 4);
    const rows = rowsOf(entries(10, 5), width);
    expect(rows.map((row) => row.split("&=").length - 1)).toEqual([3, 2, 3, 2]);
  });

  it("keep to the rows of their matrix where entries are left out", () => {
    const rows = rowsOf(entries(9, 3).filter((_, at) => at !== 1 && at !== 5));
    expect(rows.map((row) => row.split("&=").length - 1)).toEqual([2, 2, 3]);
  });

  it("have no more in a row than there is room for", () => {
    const width = 3 * (texWidth("\\frac{\\partial s}{\\partial w_{1}} = x_{1}") + 2);
    const rows = rowsOf(entries(12), width);
    expect(rows.every((row) => row.split("&=").length - 1 <= 3)).toBe(true);
    expect(rowsOf(entries(4), 6)).toHaveLength(4);
  });

  it.each([
    ["two", entries(2)],
    ["those of other lines", entries(4).map(({ row: _, ...one }) => one)],
    ["those with a second line", entries(3).flatMap((one) => [one, { ...one, right: "y" }])],
  ])("stand below each other where they are %s", (_, equations) => {
    expect(rowsOf(equations)).toHaveLength(equations.length);
  });
});

describe("an equation with the ranges of its indices", () => {
  const rowsIn = (right: string, width: number): string[] =>
    rowsOf([{ left: "a_{ij}", relation: "=", right, range: "i = 1, 2", continues: false }], width);
  const share = String.raw`\frac{\exp\left(z_{i}\right)}{\sum_{k=1}^{2} \exp\left(z_{k}\right)}`;

  it("is not broken for them alone where they have no room behind it all the same", () => {
    expect(rowsIn(share, 14)).toEqual([
      `a_{ij} &= ${share} \\\\`,
      String.raw`&\quad {} \qquad i = 1, 2`,
    ]);
  });

  it("opens nothing for them, and is broken before a sign if that is enough", () => {
    const sum = `${share} + b_{i} + c_{i} + d_{i}`;
    const rows = rowsIn(sum, 20);
    expect(rows.join("\n")).toContain(share);
    expect(rows.at(-1)).toMatch(/_\{i\} \\qquad i = 1, 2$/);
  });
});
