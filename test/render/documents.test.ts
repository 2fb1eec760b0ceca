import { expect, it } from "vitest";
import { parseModel } from "../../src/language/model.js";
import { latexDocument } from "../../src/render/document/documents.js";

it("breaks statements that are longer than a sheet is wide", () => {
  const statement = `L = ${Array.from({ length: 40 }, () => "x[1] * w[2]").join(" + ")}`;
  const document = latexDocument(parseModel(`x = input(2)\nw = param(2)\n${statement}`), []);
  const [, listing] = /\\begin\{verbatim\}\n([^]*?)\n\\end\{verbatim\}/.exec(document)!;
  const lines = listing!.split("\n").slice(2);
  expect(lines.length).toBeGreaterThan(4);
  for (const line of lines) expect(line.length).toBeLessThanOrEqual(90);
  expect(lines.map((line) => line.trim()).join(" ")).toBe(statement);
});
