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

const FORMS: readonly Form[] = ["index", "matrix", "jacobian"];
/** The forms of single entries, for those that are asked for. */
const OF_ENTRIES: readonly Form[] = ["paths", "scalar"];

const JACOBIANS: readonly Form[] = ["jacobian", "index", "matrix"];

interface Page {
  readonly name: string;
  readonly notation?: NotationOptions;
  readonly wrt: readonly string[];
  /** The forms of parameters, in their order. */
  readonly forms?: readonly Form[];
}

const pages: readonly Page[] = [
  {
    name: "relu-3-4-2",
    notation: { adjoints: "derivative" },
    wrt: ["W2", "W1", "b1", "b2", "W1[2,1]"],
    forms: ["matrix", "index", "jacobian"],
  },
  {
    name: "sigmoid-2-3-2",
    notation: { indexBase: 0 },
    wrt: ["W2", "W1"],
    forms: ["paths", "index", "matrix", "jacobian", "scalar"],
  },
  { name: "batch-3-4-4-2", wrt: ["W1", "b1"] },
  { name: "row-4-3", wrt: ["W", "b"] },
  { name: "row-4-5-3", wrt: ["W1", "b1"] },
  { name: "logistic-2-h-1", wrt: ["W_i", "b_i", "W_o", "b_o"], forms: JACOBIANS },
  { name: "logistic-d-h-1-row", wrt: ["W_i", "b_i", "W_o", "b_o"], forms: JACOBIANS },
  { name: "logistic-2-5-1", wrt: ["W1", "b1", "w2", "b2"], forms: JACOBIANS },
  { name: "logistic-2-5-1-row", wrt: ["W1", "b1", "w2", "b2"], forms: JACOBIANS },
  { name: "logistic-batch", wrt: ["W_i", "b_o"] },
];

describe("the gallery", () => {
  it.each(pages)(
    "has $name as it is printed",
    async ({ name, notation = {}, wrt, forms = FORMS }) => {
      const model = parseModel(read(`${name}.model`), { name });
      const at = JSON.parse(read(`${name}.point.json`)) as Point;
      const derivations = wrt.flatMap((one) =>
        deriveAll(model, {
          wrt: [one],
          at,
          notation,
          forms: one.includes("[") ? OF_ENTRIES : forms,
        }),
      );
      const around = passages(model, {
        at,
        notation,
        forms: [...forms, ...OF_ENTRIES],
        verification: verify(model, at, { step: DEFAULT_STEP }),
      });
      const markdown = markdownDocument(model, derivations, around);
      await expect(markdown).toMatchFileSnapshot(`../docs/gallery/${name}.md`);
      expect(latexDocument(model, derivations, around)).toContain("\\end{document}");
    },
  );
});
