import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { verify } from "../src/check/verify/verify.js";
import type { Form } from "../src/derivation/derive.js";
import { parseModel } from "../src/language/model.js";
import type { Point } from "../src/language/point.js";
import { DEFAULT_STEP } from "../src/numeric/step.js";
import { deriveAll } from "../src/render/derivation.js";
import { latexDocument, markdownDocument } from "../src/render/document/documents.js";
import type { NotationOptions } from "../src/render/notation/notation.js";
import { passages } from "../src/render/document/passage.js";

// The pages of docs/gallery/ are built here. After a change that is meant: read them, then -u.

const examples = fileURLToPath(new URL("../examples/", import.meta.url));
const read = (name: string): string => readFileSync(`${examples}${name}`, "utf8");

const WHOLE: readonly Form[] = ["index", "matrix", "jacobian"];

/** Name, notation, what is differentiated by, and the forms for whole parameters. */
const pages: readonly (readonly [
  string,
  NotationOptions,
  readonly string[],
  (readonly Form[])?,
])[] = [
  ["relu-3-4-2", { layers: "subscript" }, ["W2", "W1", "b1", "W1[2,1]"]],
  ["sigmoid-2-3-2", { indexBase: 0 }, ["W2", "W1"], [...WHOLE, "paths", "scalar"]],
  ["batch-3-4-4-2", { layers: "subscript" }, ["W1", "b1"]],
  ["row-4-3", {}, ["W", "b"]],
  ["row-4-5-3", { layers: "subscript" }, ["W1", "b1"]],
  ["logistic-2-5-1", {}, ["W1", "b1", "w2", "b2"]],
  ["logistic-2-5-1-row", {}, ["W1", "b1", "w2", "b2"]],
  ["logistic-2-h-1", {}, ["W_i", "b_i", "W_o", "b_o"]],
  ["logistic-batch", {}, ["W_i", "b_o"]],
];

describe("the gallery", () => {
  it.each(pages)("has %s as it is printed", async (name, notation, wrt, whole = WHOLE) => {
    const model = parseModel(read(`${name}.model`), { name });
    const at = JSON.parse(read(`${name}.point.json`)) as Point;
    const derivations = wrt.flatMap((one) =>
      deriveAll(model, {
        wrt: [one],
        at,
        notation,
        forms: one.includes("[") ? ["paths", "scalar"] : whole,
      }),
    );
    const around = passages(model, {
      at,
      notation,
      verification: verify(model, at, { step: DEFAULT_STEP }),
    });
    const markdown = markdownDocument(model, derivations, around);
    await expect(markdown).toMatchFileSnapshot(`../docs/gallery/${name}.md`);
    expect(latexDocument(model, derivations, around)).toContain("\\end{document}");
  });
});
