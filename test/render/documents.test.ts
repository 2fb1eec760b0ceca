import { readdirSync, readFileSync } from "node:fs";
import { beforeAll, describe, expect, it } from "vitest";
import { parseModel } from "../../src/language/model.js";
import { randomPoint } from "../../src/numeric/random.js";
import { deriveAll } from "../../src/render/derivation.js";
import { latexDocument, markdownDocument } from "../../src/render/document/documents.js";
import { LATEX } from "../../src/render/document/prose.js";
import { passages } from "../../src/render/document/passage.js";
import { INSTALL_TIMEOUT } from "../support/debian.js";
import { compileLatex, requirePdflatex } from "../support/pdflatex.js";

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

describe("LaTeX for a document of one's own", () => {
  const model = parseModel(`
    N = size()
    X = input(N, 3)
    Y = target(N, 2)
    W1 = param(3, 4)
    b1 = param(4)
    W2 = param(4, 2)
    H = tanh(X * W1 + b1')
    P = softmax(H * W2, 2)
    L = -sum(Y .* log(P)) / N`);
  const fragments = [
    ...deriveAll(model),
    ...passages(model, { at: randomPoint(model, { seed: 1, sizes: { N: 3 } }) }).before,
  ].map((one) => one.toLatex());
  beforeAll(requirePdflatex, INSTALL_TIMEOUT * 2);

  it(
    "needs amsmath alone, has room in an article and goes on over pages",
    { timeout: 120_000 },
    () => {
      const { isWritten, log } = compileLatex(
        `\\documentclass{article}\n\\usepackage{amsmath}\n\\begin{document}\n${fragments.join("\n\n")}\n\\end{document}\n`,
      );
      expect(isWritten, log.slice(-2000)).toBe(true);
      expect(log).not.toContain("Overfull");
    },
  );
});

describe("pages of LaTeX end", () => {
  const display = (rows: number, cell = "b"): string => {
    const inner = Array.from({ length: rows }, () => `a &= ${cell}`).join(" \\\\\n");
    return LATEX.display(`\\begin{aligned}\n${inner}\n\\end{aligned}`);
  };
  const ENDS = /^\{\\allowdisplaybreaks\n\\begin\{align\*\}[^]*\\end\{align\*\}\}$/;

  it("within no short display", () => {
    expect(display(2)).toBe("\\begin{align*}\na &= b \\\\\na &= b\n\\end{align*}");
    const model = parseModel("x = input(2)\nw = param(2)\na = tanh(w .* x)\nL = sum(a)");
    const [preamble] = latexDocument(model, deriveAll(model)).split("\\begin{document}");
    expect(preamble).not.toContain("allowdisplaybreaks");
  });

  it("within those of many rows, and of high ones", () => {
    expect(display(12)).toMatch(ENDS);
    const column = `\\begin{bmatrix} ${Array.from({ length: 6 }, () => "x").join(" \\\\ ")} \\end{bmatrix}`;
    expect(display(1, column)).not.toMatch(ENDS);
    expect(display(2, column)).toMatch(ENDS);
  });
});
