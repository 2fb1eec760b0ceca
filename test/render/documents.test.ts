import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { parseModel } from "../../src/language/model.js";
import { deriveAll } from "../../src/render/derivation.js";
import { latexDocument, markdownDocument } from "../../src/render/document/documents.js";
import { LATEX } from "../../src/render/document/prose.js";
import { passages } from "../../src/render/document/passage.js";

it("breaks statements that are longer than a sheet is wide", () => {
  const statement = `L = ${Array.from({ length: 40 }, () => "x[1] * w[2]").join(" + ")}`;
  const document = latexDocument(parseModel(`x = input(2)\nw = param(2)\n${statement}`), []);
  const [, listing] = /\\begin\{verbatim\}\n([^]*?)\n\\end\{verbatim\}/.exec(document)!;
  const lines = listing!.split("\n").slice(2);
  expect(lines.length).toBeGreaterThan(4);
  for (const line of lines) expect(line.length).toBeLessThanOrEqual(90);
  expect(lines.map((line) => line.trim()).join(" ")).toBe(statement);
});

it("has no page end between a sentence and its display: they are one paragraph of LaTeX", () => {
  const model = parseModel("x = input(2)\nw = param(2)\na = tanh(w .* x)\nL = sum(a)");
  const parts = [model, deriveAll(model), passages(model)] as const;
  const displays = latexDocument(...parts).split("\\begin{align*}");
  expect(displays.length).toBeGreaterThan(8);
  const before = displays.slice(0, -1).map((text) => text.slice(-3));
  // displays of several entries follow one another
  for (const text of before) expect(text).toMatch(/[^\n]\n$|\}\n\n$/);
  expect(before.filter((text) => /[.:]\n$/.test(text)).length).toBeGreaterThan(5);
  // Markdown has displays as blocks of their own
  expect(markdownDocument(...parts)).not.toMatch(/[^\n]\n```math/);
});

describe("pages of LaTeX end within a display", () => {
  const rows = (count: number, cell = "b"): string =>
    Array.from({ length: count }, (_, at) => (at === 0 ? `a &= ${cell}` : ` &= ${cell}`)).join(
      " \\\\\n",
    );
  /** Whether pages may end in a display, whose rows are as they were. */
  const mayEnd = (inner: string): boolean => {
    const written = LATEX.display(`\\begin{aligned}\n${inner}\n\\end{aligned}`);
    const display = `\\begin{align*}\n${inner}\n\\end{align*}`;
    expect([display, `{\\allowdisplaybreaks\n${display}}`]).toContain(written);
    return written !== display;
  };

  it("of many rows", () => {
    expect(mayEnd(rows(12))).toBe(true);
  });

  it("and not where it is short", () => {
    expect(mayEnd(rows(6))).toBe(false);
  });

  it("where it is high for its matrices", () => {
    const column = `\\begin{bmatrix} ${Array.from({ length: 6 }, () => "x").join(" \\\\ ")} \\end{bmatrix}`;
    expect(mayEnd(rows(2, column))).toBe(true);
  });
});

const MODELS = new URL("../readback/models/", import.meta.url);

it.each(readdirSync(MODELS).filter((_, place) => place % 6 === 0))(
  "has one blank between the words and the sentences of its prose: %s",
  (file) => {
    const model = parseModel(readFileSync(new URL(file, MODELS), "utf8"));
    const text = markdownDocument(model, deriveAll(model), passages(model));
    const prose = text.replace(/^```[^]*?^```/gm, "").replace(/`[^`]*`/g, "x");
    expect(prose).toContain(". ");
    expect(prose).not.toMatch(/\S {2,}\S| \.|\.[A-Z]/);
  },
);
