/** The right derivatives: all digits of a double, whatever they are computed in. Decimals of 60 digits are the oracle. */
import { parseModel } from "chainrule";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { rightDerivatives } from "../../src/check/claims/right.js";
import type { Model } from "../../src/language/model.js";
import { decimalArithmetic } from "../../src/numeric/decimal.js";
import { runProgram } from "../../src/numeric/interpret.js";
import { numericProgram } from "../../src/numeric/program.js";
import { randomEntries } from "../../src/numeric/random.js";

const examples = fileURLToPath(new URL("../../examples", import.meta.url));

/** Those of a model at a random point beside the oracle's. */
function both(model: Model, seed: number): { right: number[]; expected: number[] } {
  const point = randomEntries(model, { seed });
  const { of, isPrecise } = rightDerivatives(model, point, model.params);
  expect(isPrecise).toBe(true);
  const program = numericProgram(model, model.params);
  const values = runProgram(program, point, decimalArithmetic(60));
  const adjoints = model.params.map((one) => values.get(program.adjoints.get(one)!)!);
  return {
    right: model.params.flatMap((one) => [...of.get(one)!.entries]),
    expected: adjoints.flat().map((value) => (value.abs().lt(1e-55) ? 0 : value.toNumber())),
  };
}

const files = readdirSync(examples).filter((name) => name.endsWith(".model"));
const SMALL = files.filter((name) => !/wrong|attention|784/.test(name));

describe.each(SMALL)("%s", (name) => {
  it("has the derivatives that decimals have, to the last digit", () => {
    const model = parseModel(readFileSync(join(examples, name), "utf8"));
    for (const seed of [1, 2, 3]) {
      const { right, expected } = both(model, seed);
      expect(right).toEqual(expected);
    }
  });
});

describe("what is too much for fixed point", () => {
  it.each([
    ["a function without a value there", "L = erf(w * x) + sin(w)"],
    ["terms that cancel", "L = (w * x + 1e20) - (1e20 + w * x) + w^2 / 1e30"],
    ["a sum that is 0 without rounding", "u = x / 3\nL = w * (u + u + u - x) + w"],
    ["numbers near to 0", "L = (w * 1e-23)^2"],
    ["large exponentials", "L = exp(120 * w * w + 110) / 1e50"],
  ])("%s has them too", (_, loss) => {
    const model = parseModel(`x = input()\nw = param()\n${loss}`);
    const { right, expected } = both(model, 1);
    expect(right).toEqual(expected);
  });
});
