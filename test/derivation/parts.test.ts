import { describe, expect, it } from "vitest";
import { derive, parseModel } from "chainrule";
import { FORMS } from "../../src/derivation/derive.js";
import { deriveAll } from "../../src/render/derivation.js";
import { latexDocument } from "../../src/render/document/documents.js";
import { passages } from "../../src/render/document/passage.js";

/** Statements with parts that have no name, some of them inside others. */
const MODELS: readonly (readonly [name: string, text: string, wrt: readonly string[]])[] = [
  [
    "hopfield",
    `
      X = input(4, 3)
      xi = param(4)
      b = param()
      E = -logsumexp(b * (X' * xi)) + 1/2 * dot(xi, xi) + sum(softmax(b * (X' * xi)).^2)`,
    ["xi", "b"],
  ],
  [
    "attention",
    `
      X = input(3, 2)
      T = target(3, 2)
      WQ = param(2, 2)
      WK = param(2, 2)
      WV = param(2, 2)
      O = softmax(X * WQ * (X * WK)' / sqrt(2), 2) * (X * WV)
      L = 1/2 * sum((O - T).^2)`,
    ["WQ", "WV", "O"],
  ],
  [
    "experts",
    `
      x = input(3)
      t = target()
      E1 = param(2, 3)
      G = param(2, 3)
      y = dot(softmax(G * x), E1 * x)
      L = (y - t)^2`,
    ["E1", "G"],
  ],
  [
    "parts of a part",
    `
      x = input(3)
      w = param(3)
      v = param(2)
      L = sum(softmax(concat(softmax(w .* x), v)).^2)`,
    ["w", "v"],
  ],
  [
    "named size",
    `
      n = size()
      X = input(n, 3)
      w = param(3)
      L = sum(softmax(X * w).^2) + sum(w.^2)`,
    ["w"],
  ],
];

/** The names u_1, u_2 … in LaTeX, without indices. */
function partsIn(tex: string): string[] {
  return tex.match(/u_\{?\d+\}?/g)?.map((one) => one.replace(/[{}]/g, "")) ?? [];
}

describe("parts of statements that the model does not name", () => {
  it.each(MODELS)("%s: each derivation says what they are before it uses them", (_, text, wrt) => {
    const model = parseModel(text);
    let found = 0;
    for (const one of wrt) {
      for (const form of FORMS) {
        const isOne = form === "paths" || form === "scalar";
        const shape = model.scope.get(one)!.quantity!.shape;
        const entry = isOne && shape.length > 0 ? `${one}[${shape.map(() => 1).join(",")}]` : one;
        const { steps } = derive(model, { wrt: entry, form });
        const named = new Set<string>();
        for (const { rule, why, lhs, rhs } of steps) {
          if (rule === "name" && why.includes("has no name for this part")) {
            partsIn(lhs).forEach((part) => named.add(part));
            expect(partsIn(rhs).every((part) => named.has(part))).toBe(true);
          }
          const used = partsIn(`${lhs} ${rhs}`);
          found += used.length;
          expect(used.filter((part) => !named.has(part))).toEqual([]);
        }
      }
    }
    expect(found).toBeGreaterThan(0);
  });

  it.each(MODELS)("%s: documents say it once", (_, text) => {
    const model = parseModel(text);
    const around = passages(model);
    const derivations = deriveAll(model, { forms: ["index", "matrix", "jacobian", "paths"] });
    const count = (document: string): number =>
      document.split("has no name for this part").length - 1;
    const parts = model.definitions.filter(({ quantity }) => quantity.role === "auxiliary");
    expect(count(latexDocument(model, derivations, around))).toBe(parts.length);
    const ofIndex = deriveAll(model, { forms: ["index"] });
    expect(count(latexDocument(model, ofIndex))).toBe(parts.length);
  });

  it("is nothing to say where no line uses them", () => {
    const model = parseModel(`
      x = input(3)
      w = param(3)
      c = param(3)
      L = sum(softmax(w .* x).^2) + sum(c .* x)`);
    for (const form of ["index", "matrix"] as const) {
      const { steps } = derive(model, { wrt: "c", form });
      expect(steps.some(({ rule }) => rule === "name")).toBe(false);
    }
  });
});
