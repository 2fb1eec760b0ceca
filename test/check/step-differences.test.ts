import { describe, expect, it, vi } from "vitest";
import { operations } from "../../src/expression/operations/index.js";
import { stepDifferences } from "../../src/check/verify/step-differences.js";
import { parseModel, type Point, randomPoint, verify } from "../../src/index.js";
import { readPoint } from "../../src/language/point.js";
import { verificationTable } from "../../src/render/terminal/verification.js";

/** What is found of the only entry of a parameter w, for any claimed gradient. */
function judge(loss: string, w: number, gradient: number, step: number) {
  const model = parseModel(`w = param()\nL = ${loss}`);
  const gradients = new Map([[model.params[0]!, [gradient]]]);
  return stepDifferences(model, readPoint(model, { w }), gradients, { step, seed: 1 })
    .parameters[0]!.worst;
}

describe("the error that the step explains", () => {
  it.each([
    ["exp(w)", 0.5, Math.exp(0.5), Math.exp(0.5)],
    ["sin(w)", 0.5, Math.cos(0.5), -Math.cos(0.5)],
    ["w^3", 2, 12, 6],
    ["1/w", 0.8, -(0.8 ** -2), -6 * 0.8 ** -4],
  ])("of %s is ε²/6 of the third derivative", (loss, w, gradient, third) => {
    for (const step of [1e-4, 1e-3, 1e-2]) {
      const found = judge(loss, w, gradient, step);
      const truncation = (step ** 2 / 6) * third;
      expect(found.verdict).toBe("explained");
      expect(Math.abs(found.truncation - truncation)).toBeLessThanOrEqual(found.tolerance);
      expect(found.error).toBe(found.difference - gradient);
    }
    expect(judge(loss, w, gradient, 1e-3).tolerance).toBeLessThan(
      (1e-3 ** 2 / 60) * Math.abs(third),
    );
  });

  it("is known with its sign: a gradient that hides inside of it is found", () => {
    const truncation = (1e-3 ** 2 / 6) * Math.exp(0.5);
    for (const part of [0.5, 1, 2]) {
      const wrong = judge("exp(w)", 0.5, Math.exp(0.5) + part * truncation, 1e-3);
      expect(wrong.verdict).toBe("not explained");
    }
  });

  it("leaves rounding at a perfect fit", () => {
    expect(judge("(0.1 * w - 0.07)^2", 0.7, 0, 1e-4).verdict).toBe("explained");
  });

  it("is not asked for near a kink, outside a domain, or where the step is lost", () => {
    expect(judge("relu(w)", 5e-4, 1, 1e-4).verdict).toBe("not judged");
    expect(judge("relu(w)", 9e-4, 1, 1e-4).verdict).toBe("explained");
    expect(judge("log(w)", 5e-4, 2000, 1e-4).verdict).toBe("not judged");
    expect(judge("w^2", 1e15, 2e15, 1e-4).verdict).toBe("not judged");
  });

  it("explains right gradients at random points", () => {
    const model = parseModel(
      "x = input(3)\nW = param(4, 3)\nv = param(4)\nL = log(1 + square(dot(v, tanh(W * x))))",
    );
    for (let seed = 1; seed <= 8; seed++) {
      const point: Point = randomPoint(model, { seed });
      for (const step of [1e-5, 1e-4, 1e-3]) {
        const { stepDifferences: found } = verify(model, point, { step, digits: 20 });
        expect(found, `seed ${seed}`).toMatchObject({ ok: true, step });
      }
    }
  });

  it.each([0, -1e-4, NaN, Infinity, 0.02])("refuses the step %s", (step) => {
    expect(() => judge("w^2", 1, 2, step)).toThrow("the step is above 0 and at most 0.01");
  });
});

describe("verify with a step", () => {
  const model = parseModel("w = param(3)\nv = param(3)\nL = sum(v .* tanh(w))");

  it("fails for a wrong rule, and says at which entries", () => {
    const row = operations.get("tanh")!;
    const right = row.derivative.bind(row);
    vi.spyOn(row, "derivative").mockImplementation((graph, args, y) =>
      right(graph, args, y).map((rule) => graph.multiply(graph.number("1.000001"), rule)),
    );
    const result = verify(model, undefined, { step: 1e-4 });
    vi.restoreAllMocks();
    expect(result.ok).toBe(false);
    expect(result.stepDifferences!.parameters.map(({ name, ok }) => [name, ok])).toEqual([
      ["w", false],
      ["v", true],
    ]);
    expect(verificationTable(result)).toMatch(/^w\[1\] .* NOT EXPLAINED$/m);
    expect(verificationTable(result)).toMatch(/^v\[1\] .* explained$/m);
  });

  it("shows the worst entry of a large parameter", () => {
    const large = parseModel("W = param(5, 5)\nL = sum(exp(W))");
    const result = verify(large, undefined, { step: 1e-3 });
    expect(verificationTable(result)).toMatch(/^W\[\d,\d\] worst of 25 .* explained$/m);
    const { entries, worst } = result.stepDifferences!.parameters[0]!;
    expect(entries).toHaveLength(25);
    expect(Math.abs(worst.error)).toBe(Math.max(...entries.map(({ error }) => Math.abs(error))));
  });
});
