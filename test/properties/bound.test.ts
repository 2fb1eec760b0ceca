import { expect, it } from "vitest";
import { compile, parseModel, randomPoint } from "../../src/index.js";
import { readPoint } from "../../src/language/point.js";
import { BoundCode } from "../../src/numeric/bound.js";
import { forModels } from "./models.js";

/** What a bound function computes in each style of code, against the plain loops of `evaluate`. */
function sameInAllStyles(
  text: string,
  sizes: Readonly<Record<string, number>>,
  seed: number,
): void {
  const model = parseModel(text);
  const point = randomPoint(model, { seed, sizes });
  const expected = compile(model).evaluate(point);
  const { sizes: values, entries } = readPoint(model, point);
  const theta = Float64Array.from(model.params.flatMap((one) => [...entries.get(one)!]));
  const data = [...model.inputs, ...model.targets].map((one) => entries.get(one)!);
  const expectedGradient = Object.values(expected.gradients).flat(2);
  const scale = Math.max(1e-6, Math.abs(expected.loss), ...expectedGradient.map(Math.abs));
  for (const style of [undefined, "straight", "blocked", "pairs"] as const) {
    const gradient = new BoundCode(model, style).at(values)(data);
    // twice: nothing may be left over from the first time
    const out = new Float64Array(theta.length).fill(NaN);
    for (const round of [1, 2]) {
      const loss = gradient(theta, out);
      const worst = Math.max(
        Math.abs(loss - expected.loss),
        ...expectedGradient.map((value, k) => Math.abs(value - out[k]!)),
      );
      expect(worst / scale, `${style ?? "chosen"} code, round ${round}`).toBeLessThan(1e-11);
    }
  }
}

it("random models: bound functions of all styles = evaluate", { timeout: 300_000 }, () => {
  forModels({ from: 5, count: 300 }, sameInAllStyles);
});

// out stands where theta stood, unless a gradient reads theta
it.each([
  ["a penalty", "L = sum((W * x - t).^2) + 0.1 * sum((W' * W).^2) + sum(b)"],
  ["none", "L = sum((W * x + b - t).^2)"],
])("weights with %s: bound functions of all styles = evaluate", (_, loss) => {
  const declared = ["x = input(9)", "t = target(6)", "W = param(6, 9)", "b = param(6)"];
  sameInAllStyles([...declared, loss].join("\n"), {}, 3);
});
