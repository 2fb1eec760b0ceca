import { expect, it } from "vitest";
import { verify } from "../../src/check/verify/verify.js";
import { parseModel } from "../../src/language/model.js";
import { deriveAll } from "../../src/render/derivation.js";
import { htmlDocument } from "../../src/render/page/page.js";

it("counts from 0 in labels and in the verification, too, where the equations do", () => {
  const small = parseModel("x = input(2)\nW = param(3, 2)\nL = sum(relu(W * x)) + sum(W.^2)");
  const point = {
    x: [1, -2],
    W: [
      [2, 1],
      [0.5, 0.25],
      [3, -4],
    ],
  };
  const notation = { indexBase: 0 } as const;
  const [one] = deriveAll(small, { forms: ["index"], at: point, notation });
  const verified = verify(small, point, { step: 1e-4 });
  const text = htmlDocument(small, [one!], { point, notation, verification: verified });
  const named = [...text.matchAll(/(?:label="[^"]*\bW| at )\[(\d),(\d)\]/g)];
  expect(named.length).toBeGreaterThan(6 + 3);
  const entries = new Set(named.map(([, row, column]) => `${row},${column}`));
  const all = ["0,0", "0,1", "1,0", "1,1", "2,0", "2,1"];
  expect([...entries].filter((entry) => !all.includes(entry))).toEqual([]);
  expect(text).toContain('data-label="x[0] = 1"');
  const { worst } = verified.parameters[0]!.differences;
  expect(text).toContain(` at [${worst!.entry.map((index) => index - 1).join(",")}]`);
  expect(text).toMatch(/At a kink: relu [^;]*\[1\];/);
});
