/** Random models, computed in several ways: what the property tests have in common. */
import fc from "fast-check";
import { expect } from "vitest";
import { parseModel, randomPoint, verify } from "../../src/index.js";
import { backprop } from "../../src/backprop/model.js";
import { verificationTable } from "../../src/render/terminal/verification.js";
import { compile } from "../../src/numeric/compile.js";
import { evaluateDecimal } from "../../src/numeric/precise.js";
import { randomModel } from "./grammar.js";

/** Models that have seeds from here on; each property has its own. */
interface Range {
  readonly from: number;
  readonly count: number;
}

/** Runs a check on random models; a failure prints the seed and the text. */
export function forModels(
  { from, count }: Range,
  check: (text: string, sizes: Readonly<Record<string, number>>, seed: number) => void,
): void {
  const model = fc.record({
    seed: fc.integer({ min: 0, max: 1e9 }),
    statements: fc.integer({ min: 1, max: 7 }),
  });
  fc.assert(
    fc.property(model, ({ seed, statements }) => {
      const { text, sizes } = randomModel(seed, statements);
      try {
        check(text, sizes, seed);
      } catch (error) {
        const where = `seed ${seed}, ${statements} statements, sizes ${JSON.stringify(sizes)}`;
        throw new Error(`${where}\n${text}\n`, { cause: error });
      }
    }),
    { seed: from, numRuns: count, includeErrorInReport: true },
  );
}

/** All four ways, each entry within what rounding can do there. */
export function verifies(
  text: string,
  sizes: Readonly<Record<string, number>>,
  seed: number,
): void {
  const model = parseModel(text);
  const result = verify(model, randomPoint(model, { seed, sizes }), { seed });
  expect(result.ok, verificationTable(result)).toBe(true);
  for (const { symbolic, backprop, differences } of result.parameters) {
    // nothing may pass because it could not be judged
    expect([symbolic, backprop, differences].map(({ unjudged }) => unjudged)).toEqual([0, 0, 0]);
  }
}

/** Compiled = matrix backprop, and for some = 25 digits, relative to the largest derivative. */
export function agree(text: string, sizes: Readonly<Record<string, number>>, seed: number): void {
  const model = parseModel(text);
  const point = randomPoint(model, { seed, sizes });
  const compiled = compile(model).evaluate(point);
  const oracle = backprop(model, point);
  const precise = seed % 8 === 0 ? evaluateDecimal(model, point, 25) : undefined;
  const scale = [compiled.loss, ...Object.values(compiled.gradients).flat(2)].reduce(
    (most, value) => Math.max(most, Math.abs(value)),
    1e-6,
  );
  const near = (value: unknown, expected: number, what: string): void => {
    const error = Math.abs(Number(value) - expected) / scale;
    expect(error, `${what}: ${String(value)}, compiled ${expected}`).toBeLessThan(1e-10);
  };
  near(oracle.loss, compiled.loss, "loss by backprop");
  if (precise) near(precise.loss, compiled.loss, "loss in 25 digits");
  for (const [name, gradient] of Object.entries(compiled.gradients)) {
    const matrix: unknown[] = [oracle.gradients[name]!].flat(3);
    const decimals: unknown[] = [precise?.gradients[name] ?? []].flat(3);
    for (const [k, value] of [gradient].flat(3).entries()) {
      near(matrix[k], value, `entry ${k} of ${name} by backprop`);
      if (precise) near(decimals[k], value, `entry ${k} of ${name} in 25 digits`);
    }
  }
}
