/** Every document compiles, and its lines fit on the page. */
import { beforeAll, describe, expect, it } from "vitest";
import { parseModel } from "../../src/language/model.js";
import { randomPoint } from "../../src/numeric/random.js";
import { deriveAll } from "../../src/render/derivation.js";
import { latexDocument } from "../../src/render/document/documents.js";
import { passages } from "../../src/render/document/passage.js";
import { INSTALL_TIMEOUT } from "../support/debian.js";
import { compileLatex, requirePdflatex } from "../support/pdflatex.js";
import { exampleSubjects, ownSubjects, type Subject } from "./subjects.js";

const BODY = /^([^]*?\\begin\{document\}\n)([^]*)\\end\{document\}\n$/;
/** Documents that are compiled as one: starting pdflatex costs more than typesetting a model. */
const TOGETHER = 30;

/** One document of a model: its first parameter in all forms. */
function documentOf({ text, notation }: Subject): string {
  const model = parseModel(text);
  const named = [...text.matchAll(/^(\w+) = size\(\)/gm)].map(([, name]) => [name!, 3] as const);
  const at = randomPoint(model, { seed: 3, sizes: Object.fromEntries<number>(named) });
  const { name, shape } = model.params[0]!;
  const entry = shape.length === 0 ? name : `${name}[${shape.map(() => 1).join(",")}]`;
  const derivations = [
    ...deriveAll(model, { wrt: [entry], forms: ["paths", "scalar"], at, notation }),
    ...deriveAll(model, { wrt: [name], forms: ["index", "matrix", "jacobian"], notation }),
  ];
  return latexDocument(model, derivations, passages(model, { at, notation }));
}

/** Documents with the same preamble as one, each on pages of its own. */
function joined(documents: readonly string[]): string {
  const parts = documents.map((document) => BODY.exec(document)!);
  expect(new Set(parts.map(([, preamble]) => preamble)).size).toBe(1);
  // a document has one table of contents
  const bodies = parts.map(([, , body], position) =>
    position === 0 ? body! : body!.replace("\\tableofcontents", ""),
  );
  return `${parts[0]![1]!}${bodies.join("\n\\newpage\n")}\\end{document}\n`;
}

const subjects = [...ownSubjects(), ...exampleSubjects()];
const batches = Array.from({ length: Math.ceil(subjects.length / TOGETHER) }, (_, batch) =>
  subjects.slice(batch * TOGETHER, (batch + 1) * TOGETHER),
);

/** Points by which the widest line of a batch is too wide. */
const tooWide: number[] = [];
beforeAll(requirePdflatex, INSTALL_TIMEOUT * 2);

describe("documents of", () => {
  it.each(batches.map((batch) => [`${batch[0]!.name} … ${batch.at(-1)!.name}`, batch] as const))(
    "%s compile",
    { timeout: 300_000 },
    (_, batch) => {
      const { isWritten, log } = compileLatex(joined(batch.map(documentOf)));
      expect(isWritten, log.slice(-2000)).toBe(true);
      expect(log).not.toContain("Missing character");
      // what runs off the foot of a page is lost
      expect(log).not.toContain("Overfull \\vbox");
      const boxes = log.matchAll(/Overfull \\hbox \((\d+\.\d+)pt too wide\)/g);
      tooWide.push(Math.max(0, ...Array.from(boxes, ([, points]) => Number(points))));
    },
  );
});

it("no line is wider than the page", () => {
  expect(tooWide).toHaveLength(batches.length);
  expect(Math.max(...tooWide)).toBe(0);
});

it("a document with Greek letters as names compiles", () => {
  const model = parseModel("ξ = input(2)\nθ = param(2)\nΛ = (θ' * ξ - 1)^2 + norm(θ)^2");
  const document = latexDocument(model, deriveAll(model, { forms: ["matrix"] }));
  const { isWritten, log } = compileLatex(document);
  expect(isWritten, log.slice(-2000)).toBe(true);
  expect(log).not.toContain("Missing character");
});

it("a document with an error does not compile", () => {
  const { isWritten, log } = compileLatex("\\documentclass{article}\\begin{document}\\foo");
  expect(isWritten).toBe(false);
  expect(log).toContain("Undefined control sequence");
});
