import { expect, it } from "vitest";
import { verify } from "../../src/check/verify/verify.js";
import { parseModel } from "../../src/language/model.js";
import { VerificationPart } from "../../src/render/document/verification-part.js";
import { namesOf } from "../../src/render/notation/called.js";
import { Notation } from "../../src/render/notation/notation.js";
import { DEFAULT_STEP } from "../../src/numeric/step.js";

function rowsOf(text: string, at: Parameters<typeof verify>[1]): readonly string[] {
  const model = parseModel(text);
  const result = verify(model, at, { step: DEFAULT_STEP });
  const part = new VerificationPart(result, model, new Notation({}, namesOf(model)));
  return part.toMarkdown().split("\n");
}

it.each([
  // the sum of what is normalised is 0 but for rounding, and a dead unit has the derivative 0
  ["s", "z = param(4)\ns = param()\np = z - mean(z)\nL = s * sum(p) + sum(p.^2)"],
  ["s", "z = param(4)\ns = param()\nL = sum(z.^2) + relu(s - 5)"],
])(
  "says of derivatives by %s that are 0 that they are, and no disagreement relative to them",
  (name, text) => {
    const at = { z: [0.3, -1.2, 0.7, 2.1], s: 1.7 };
    const rows = rowsOf(text, at);
    const row = rows.find((one) => one.startsWith(`| $\`${name}\`$`))!;
    expect(row).toMatch(/\| \$`0`\$ \| \$`0`\$ \| agrees: all are 0 \|$/);
    const other = rows.find((one) => one.startsWith("| $`z`$"))!;
    expect(other).toMatch(/\| agrees \|$/);
  },
);

it("says of derivatives that are smaller than the rounding of differences that they are, not that they are 0", () => {
  const text = "x = input()\nw = param()\nv = param()\ny = sigmoid(w * x)\nL = (y - 3)^2 + v * y";
  const rows = rowsOf(text, { x: 1, w: 32, v: 1 });
  const row = rows.find((one) => one.startsWith("| $`w`$"))!;
  expect(row).toMatch(/\| below rounding \| below rounding \| agrees \|$/);
});

it("gives the step of differences no letter, which a model may have", () => {
  const [head] = rowsOf('e = input(2, "\\varepsilon")\nw = param(2)\nL = sum((w .* e).^2)', {
    e: [0.5, -1],
    w: [1, 2],
  }).filter((one) => one.includes("Differences"));
  expect(head).toContain("| Differences, step $`10^{-4}`$ |");
  expect(head).not.toContain("varepsilon");
});

it("says what ≤ and ± mean where an error is no larger than rounding", () => {
  const hasBounds = (loss: string): boolean =>
    rowsOf(`w = param(2)\nL = ${loss}`, { w: [1.3, 2.7] })[0]!.includes("behind ≤");
  expect(hasBounds("sum(w.^2)")).toBe(true);
  expect(hasBounds("sum(w.^4)")).toBe(false);
});
