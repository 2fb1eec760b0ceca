/** The interpreter: what is found once for all points, in counts. */
import { describe, expect, it } from "vitest";
import type { CheckedPoint } from "../../src/language/point.js";
import { parseModel } from "../../src/language/model.js";
import { doubleArithmetic } from "../../src/numeric/arithmetic.js";
import { compile } from "../../src/numeric/compile.js";
import { runProgram } from "../../src/numeric/interpret.js";
import { numericProgram } from "../../src/numeric/program.js";
import { randomEntries, randomPoint } from "../../src/numeric/random.js";

/** Sizes that count how often they are asked for. */
class CountedSizes extends Map<string, number> {
  reads = 0;

  override get(name: string): number | undefined {
    this.reads++;
    return super.get(name);
  }
}

const model = parseModel(`N = size()
x = input(N)
w = param(N)
b = param()
a = tanh(w .* x + b)
L = sum(a.^2) / N + max(a)`);
const program = numericProgram(model, model.params);

/** @returns how often sizes were asked for; the numbers are compared with those of generated code */
function readsAt(N: number, seed: number): number {
  const point: CheckedPoint = randomEntries(model, { seed, sizes: { N } });
  const sizes = new CountedSizes(point.sizes);
  const all = runProgram(program, { ...point, sizes }, doubleArithmetic);
  const { loss, gradients } = compile(model).evaluate(randomPoint(model, { seed, sizes: { N } }));
  expect(all.get(program.loss)![0]).toBeCloseTo(loss, 12);
  for (const [of, adjoint] of program.adjoints) {
    const expected = [gradients[of.name]!].flat(2).map(Number);
    for (const [k, value] of all.get(adjoint)!.entries())
      expect(value).toBeCloseTo(expected[k]!, 12);
  }
  return sizes.reads;
}

describe("a program that runs at several points", () => {
  it("is planned once for all points of the same sizes, and again for others", () => {
    const first = readsAt(4, 1);
    const second = readsAt(4, 2);
    const axes = program.definitions.reduce((sum, { quantity }) => sum + quantity.shape.length, 0);
    // what is left is the number of entries of each definition
    expect(second).toBe(axes);
    expect(first).toBeGreaterThan(2 * axes);
    expect(readsAt(5, 1)).toBe(first);
    expect(readsAt(4, 3)).toBe(axes);
  });
});
