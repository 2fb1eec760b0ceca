import { expect, it } from "vitest";

// The training problem of the full scalar derivation: examples/train.mjs, which is JavaScript.

interface Example {
  readonly train: () => {
    readonly before: number;
    readonly after: number;
    readonly weights: readonly number[];
  };
}

/** What a constant answer leaves: the variance of 300·exp(sin x) for x uniform in [0, 1), by Simpson's rule. */
function varianceOfTargets(): number {
  const count = 1000;
  const target = (k: number): number => 300 * Math.exp(Math.sin(k / count));
  const mean = (f: (k: number) => number): number =>
    Array.from({ length: count + 1 }, (_, k) => {
      const weight = k === 0 || k === count ? 1 : k % 2 === 1 ? 4 : 2;
      return (weight * f(k)) / (3 * count);
    }).reduce((total, one) => total + one, 0);
  return mean((k) => target(k) ** 2) - mean(target) ** 2;
}

it("learns more from the training points than the mean of the targets, seen on the test points", async () => {
  const path = new URL("../../examples/train.mjs", import.meta.url).href;
  const { train } = (await import(path)) as Example;
  const { before, after, weights } = train();
  // half the squares of two outputs
  const constant = varianceOfTargets();
  expect(before).toBeGreaterThan(10 * constant);
  expect(after).toBeLessThan(constant / 2);
  expect(weights.every(Number.isFinite)).toBe(true);
});
