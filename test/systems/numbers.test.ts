import { describe, expect, it } from "vitest";
import { verify } from "../../src/check/verify/verify.js";
import { parseModel } from "../../src/language/model.js";
import { compile } from "../../src/numeric/compile.js";
import { evaluateDecimal, evaluateExact } from "../../src/numeric/precise.js";
import { modelOf, pointOf, SYSTEMS, type System, systemOf, textOf } from "../support/systems.js";
import { columnsOf, expectClose, type Matrix } from "./support.js";

/** The same network in the row convention: the same numbers, W1 transposed, vectors as rows. */
function rowConvention(): System {
  const { point, loss, values, gradients } = systemOf("logistic-2-5-1");
  const row = (value: unknown): number[][] => [value as number[]];
  const transposed = (value: unknown): number[][] => columnsOf(value as Matrix);
  return {
    point: {
      ...point,
      x: row(point["x"]),
      W1: transposed(point["W1"]),
      b1: row(point["b1"]),
    },
    loss,
    values: { z1: row(values["z1"]), h: row(values["h"]), y: values["y"]! },
    gradients: { ...gradients, W1: transposed(gradients["W1"]), b1: row(gradients["b1"]) },
  };
}

const all: readonly (readonly [string, System])[] = [
  ...SYSTEMS.map((name) => [name, systemOf(name)] as const),
  ["logistic-2-5-1-row", rowConvention()],
];

describe.each(all)("%s", (name, system) => {
  const model = modelOf(name);

  it("has its own point", () => {
    expect(pointOf(name)).toEqual(system.point);
  });

  it.each([
    ["compiled", () => compile(model).evaluate(system.point)],
    ["with 40 digits", () => evaluateDecimal(model, system.point, 40)],
  ])("has the loss, the values and the gradients, %s", (_, evaluate) => {
    const { loss, values, gradients } = evaluate();
    expectClose(loss, system.loss, 1e-12, "loss");
    for (const [quantity, expected] of Object.entries(system.values)) {
      expectClose(values[quantity], expected, 1e-12, quantity);
    }
    expect(Object.keys(gradients).sort()).toEqual(Object.keys(system.gradients).sort());
    for (const [parameter, expected] of Object.entries(system.gradients)) {
      expectClose(gradients[parameter], expected, 1e-12, parameter);
    }
  });

  it("is verified", () => {
    expect(verify(model, system.point).ok).toBe(true);
  });
});

describe("A, as published", () => {
  const model = modelOf("relu-3-4-2");
  const { loss, values, gradients } = evaluateExact(model, pointOf("relu-3-4-2"));
  const text = (list: unknown): string[] => (list as { toString(): string }[]).flat().map(String);

  it("exactly, in fractions", () => {
    expect(text(values["y"])).toEqual(["7.93", "10.29"]);
    expect(loss.toString()).toBe("72.6325");
    expect(text(gradients["b2"])).toEqual(["7.43", "9.49"]);
    expect(text(gradients["W2"])).toEqual(
      "11.145 25.262 39.379 53.496 14.235 32.266 50.297 68.328".split(" "),
    );
    expect(text(gradients["W1"])).toEqual(
      "4.333 8.666 12.999 7.717 15.434 23.151 7.099 14.198 21.297 10.77 21.54 32.31".split(" "),
    );
  });
});

describe("E, for outputs in the thousands", () => {
  const model = modelOf("logistic-2-5-1");

  it.each([-9000, -745, -40, 40, 745, 9000])("y near %d", (b2) => {
    const point = { ...pointOf("logistic-2-5-1"), b2 };
    const fast = compile(model).evaluate(point);
    const precise = evaluateDecimal(model, point, 40);
    const closeTo = (value: unknown, exact: unknown, label: string): void => {
      expectClose(value, exact, 1e-12, label);
    };
    closeTo(fast.loss, precise.loss, "loss");
    for (const name of Object.keys(fast.gradients)) {
      closeTo(fast.gradients[name], precise.gradients[name], name);
    }
    expect(fast.loss).toBeGreaterThanOrEqual(0);
  });
});

describe("the loss on a batch", () => {
  it("of E is the sum over the examples", () => {
    const text = textOf("logistic-2-5-1")
      .replace('target("Y")', 'target(N, "Y")')
      .replace("x  = input(2)", "N = size()\nX  = input(2, N)")
      .replace("W1 * x", "W1 * X")
      .replace("dot(w2, h) + b2", "h' * w2 + b2")
      .replace(/s {2}= .*/, "s = sum(log(1 + exp(-t .* y)))");
    const { x, t, ...parameters } = pointOf("logistic-2-5-1");
    const [first, second] = x as [number, number];
    const point = {
      ...parameters,
      X: [
        [first, first, -2],
        [second, second, 1],
      ],
      t: [t as number, 1, -1],
    };
    const single = (X: number[], target: number) =>
      compile(modelOf("logistic-2-5-1")).evaluate({ ...parameters, x: X, t: target }).loss;
    const sum =
      single([first, second], t as number) + single([first, second], 1) + single([-2, 1], -1);
    expect(compile(parseModel(text)).evaluate(point).loss).toBeCloseTo(sum, 12);
  });
});

describe("the other examples", () => {
  it.each(["softmax-regression", "hinge-loss"])("%s is verified at its point", (name) => {
    expect(verify(modelOf(name), pointOf(name)).ok).toBe(true);
  });

  it.each([
    "softmax-regression",
    "tied-autoencoder",
    "hinge-loss",
    "residual-layer-norm",
    "attention",
    "rnn",
  ])("%s is verified at random points", (name) => {
    for (const seed of [1, 2, 3]) {
      expect(verify(modelOf(name), undefined, { seed }).ok, `seed ${seed}`).toBe(true);
    }
  });
});
