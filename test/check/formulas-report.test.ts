import { checkFormulas } from "chainrule";
import { expect, it } from "vitest";
import { formulaReport } from "../../src/render/terminal/formula-report.js";
import { type ModelName, modelOf } from "./formula-models.js";

const report = (name: ModelName, text: string): string =>
  formulaReport(checkFormulas(modelOf(name), text));

it("all right", () => {
  expect(report("sigmoid", "dy = y - t\nhidden = W2' * dy\ndW2 = dy * a1'")).toMatchInlineSnapshot(`
    "line 1  right  dy      holds ∂MSE/∂y
    line 2         hidden  holds ∂MSE/∂a1
    line 3  right  dW2     holds ∂MSE/∂W2
    all 2 formulas are right"
  `);
});

it("a mask of the wrong layer, and what follows", () => {
  const text =
    "dy = y - t\ndz2 = dy .* (z2 > 0)\ndz1 = (W2' * dz2) .* (z2 > 0)\ndW1 = dz1 * x'\ndb1 = dz1";
  expect(report("relu", text)).toMatchInlineSnapshot(`
    "line 1  right  dy   holds ∂L/∂y
    line 2  right  dz2  holds ∂L/∂z2
    line 3  WRONG  dz1  holds nothing that is known
            dz1 = (W2' * dz2) .* (z2 > 0)
            shape: (W2' * dz2) .* (z2 > 0): shapes differ: W2' * dz2 has 4 entries, z2 > 0 has
              2 entries
            and wrong-variable: dz1 uses z2 where z1 belongs
            write  dz1 = (W2' * dz2) .* (z1 > 0)
            right  dh1 = W2' * dz2
                   dz1 = dh1 .* step(z1)
            that is  ∂L/∂z1 = ∂L/∂h1 ⊙ step(z1)
    line 4  WRONG  dW1  follows from line 3 (dz1)
    line 5  WRONG  db1  follows from line 3 (dz1)
    3 of 5 formulas are wrong; the first wrong line is 3 (dz1)"
  `);
});

it("a statement that claims nothing", () => {
  const text = "delta = t - y\ndW2 = delta * a1'\ndW1 = ((W2' * delta) .* a1 .* (1 - a1)) * x'";
  expect(report("sigmoid", text)).toMatchInlineSnapshot(`
    "line 1  WRONG  delta  holds -∂MSE/∂z2, ought to be the derivative by z2
            delta = t - y
            sign: delta has a wrong sign
            write  delta = y - t
            right  dy = -(t - y)
                   delta = dy
            that is  ∂MSE/∂z2 = ∂MSE/∂y
    line 2  WRONG  dW2    follows from line 1 (delta)
    line 3  WRONG  dW1    follows from line 1 (delta)
    2 of 2 formulas are wrong; the first wrong line is 1 (delta)"
  `);
});

it("a derivative by something else, and a sum that is missing", () => {
  const text = "dO = (O - T) / N\ndb3 = dO\ndH2 = (W3' * dO) .* H2 .* (1 - H2)\ndW2 = dH2 * H1'";
  expect(report("batch", text)).toMatchInlineSnapshot(`
    "line 1  right  dO   holds ∂L/∂O
    line 2  WRONG  db3  holds ∂L/∂O, ought to be the derivative by b3
            db3 = dO
            it is 2×5, b3 is a list of 2
            not-summed: db3: dO is not summed
            or shape: db3 has the wrong shape: it is 2×N, b3 is a vector of 2
            write  db3 = sum(dO, 2)
            that is  ∂L/∂b3 = sum(∂L/∂O, 2)
    line 3  WRONG  dH2  holds ∂L/∂Z2, ought to be the derivative by H2
            dH2 = (W3' * dO) .* H2 .* (1 - H2)
            worst entry dH2[3,5]: given 0.0753594527, expected 0.528318177
            other-quantity: dH2 holds ∂L/∂Z2 where ∂L/∂H2 is claimed, and the lines below take
              it for that: name it dZ2
            right  dH2 = W3' * dO
            that is  ∂L/∂H2 = W3ᵀ · (∂L/∂O)
    line 4  right  dW2  holds ∂L/∂W2
    2 of 4 formulas are wrong; the first wrong line is 2 (db3)"
  `);
});

it("is one screen, and nothing in it acts on a terminal", () => {
  const text = report("sigmoid", "dW2 = (t - y) * (W1 * x)' .* 2\ndW1 = W1 + 3");
  expect(text.split("\n").length).toBeLessThanOrEqual(24);
  for (const line of text.split("\n")) expect(line.length).toBeLessThanOrEqual(120);
  // eslint-disable-next-line no-control-regex
  expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f]/);
});
