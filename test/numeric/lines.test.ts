import { describe, expect, it, vi } from "vitest";
import { compile, parseModel, randomPoint } from "../../src/index.js";
import { readPoint } from "../../src/language/point.js";
import { type Line, lossLines } from "../../src/numeric/lines.js";
import { random } from "../../src/numeric/prng.js";

const OPTIONS = { seed: 1, maxWork: 1e6, mostEntries: 100, evaluations: 2 };

/** Layers with a vector of weights each: a parameter for each definition. */
function chain(layers: number): string {
  const lines = Array.from({ length: layers }, (_, k) => [
    `w${k} = param(2)`,
    `h${k} = tanh(w${k} .* ${k === 0 ? "x" : `h${k - 1}`})`,
  ]);
  return ["x = input(2)", ...lines.flat(), `L = sum(h${layers - 1}.^2)`].join("\n");
}

describe("losses along lines", () => {
  it("are those of the model, in whatever order the lines are asked", () => {
    const model = parseModel(`${chain(4)} + dot(w1, w1)`);
    const point = randomPoint(model, { seed: 4 });
    const { loss, parameters } = lossLines(model, readPoint(model, point), OPTIONS);
    const gradient = compile(model);
    expect(loss).toBeCloseTo(gradient.evaluate(point).loss, 12);
    const all = parameters.flatMap(({ parameter, lines }) =>
      lines.map((line): [string, Line] => [parameter.name, line]),
    );
    const generator = random(7);
    for (let k = 0; k < 60; k++) {
      const [name, { position, here, at }] = all[generator.below(all.length)]!;
      const value = here + generator.below(5) / 8;
      const entries = (point[name] as readonly number[]).with(position, value);
      const expected = gradient.evaluate({ ...point, [name]: entries }).loss;
      expect(at(value)).toBeCloseTo(expected, 12);
    }
  });

  it("compute what depends on the parameter that moves, and nothing else", () => {
    const model = parseModel(chain(6));
    const point = readPoint(model, randomPoint(model, { seed: 4 }));
    const { parameters } = lossLines(model, point, OPTIONS);
    const tanh = vi.spyOn(Math, "tanh");
    try {
      const counts = parameters.toReversed().map(({ lines }) => {
        const [line] = lines;
        line!.at(0.5);
        tanh.mockClear();
        line!.at(0.25);
        return tanh.mock.calls.length;
      });
      expect(counts).toEqual([1, 2, 3, 4, 5, 6].map((layers) => 2 * layers));
    } finally {
      tanh.mockRestore();
    }
  });
});
