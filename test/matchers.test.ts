import { compile, type Model, parseModel, type Point, randomPoint } from "chainrule";
import { expect as jestExpect } from "expect";
import { describe, expect, it } from "vitest";
import { toBeGradientOf } from "../src/matchers.js";
import "../src/vitest.js";

// The matcher under the `expect` of Vitest and that of Jest. Whole runs of both are in runners.test.ts.

jestExpect.extend({ toBeGradientOf });

const model = parseModel(`
  N = size()
  X = input(N, 2)
  t = target(N)
  w = param(2)
  y = sigmoid(X * w)
  L = 1/2 * sum((y - t).^2)`);
const point = {
  X: [
    [1, 2],
    [3, 4],
    [-1, 0.5],
  ],
  t: [0, 1, 1],
  w: [0.5, -0.25],
};
const compiled = compile(model);
const gradientsAt = (at: Point) => compiled.evaluate(at).gradients as Record<string, number[]>;
const right = gradientsAt(point);
const negated = (at: Point) => ({ w: gradientsAt(at)["w"]!.map((entry) => -entry) });

/** What an assertion fails with. */
function failure(assertion: () => void): { message: string; stack: string } {
  try {
    assertion();
  } catch (error) {
    const { message, stack } = error as Error;
    return { message, stack: stack ?? "" };
  }
  throw new Error("it passed");
}

/** How many mistakes are known is no part of the form. */
const uncounted = (report: string) => report.replace(/\d+ of \d+ known/, "… of … known");

describe.each([
  ["vitest", expect],
  ["jest", jestExpect as unknown as typeof expect],
])("toBeGradientOf in %s", (_, expect) => {
  it("passes for right gradients and functions", () => {
    expect(right).toBeGradientOf(model, point);
    expect({ w: [...right["w"]!] }).toBeGradientOf(model, point);
    expect(gradientsAt).toBeGradientOf(model);
    expect(gradientsAt).toBeGradientOf(model, { seed: 7 });
    expect(gradientsAt).toBeGradientOf(model, { at: point });
  });

  it("fails with the report for wrong ones", () => {
    const { message } = failure(() => expect(negated(point)).toBeGradientOf(model, point));
    expect(uncounted(message)).toBe(
      "expect(gradients).toBeGradientOf(model, point)\n\n" +
        "WRONG  w  worst entry dw[2]: given 0.178852478, expected -0.178852478\n" +
        "       0 digits agree, 12 may be expected (double precision)\n" +
        "       sign: dw has the wrong sign: multiply by -1\n" +
        "       right  dw = X' * (dy .* y .* (1 - y))\n" +
        "       that is  ∂L/∂w = Xᵀ · (∂L/∂y ⊙ y ⊙ (1 - y))\n" +
        "these numbers would show … of … known mistakes (usual slips, one at a time)\n" +
        "the gradient is wrong",
    );
    const { message: ofFunction } = failure(() => expect(negated).toBeGradientOf(model));
    expect(ofFunction).toMatch(/^expect\(function\)\.toBeGradientOf\(model\)\n\nWRONG {2}w /);
  });

  it("with not, passes for wrong ones and fails with the report for right ones", () => {
    expect(negated(point)).not.toBeGradientOf(model, point);
    expect(negated).not.toBeGradientOf(model);
    const { message } = failure(() => expect(right).not.toBeGradientOf(model, point));
    expect(uncounted(message)).toBe(
      "expect(gradients).not.toBeGradientOf(model, point)\n\n" +
        "right  w  13 digits agree, 12 may be expected (double precision)\n" +
        "these numbers would show … of … known mistakes (usual slips, one at a time)\n" +
        "the gradient is right",
    );
  });

  it("matches inside other values", () => {
    const step = { epoch: 3, gradients: right };
    expect(step).toEqual({ epoch: 3, gradients: expect.toBeGradientOf(model, point) });
    expect(step).not.toEqual({ epoch: 3, gradients: expect.not.toBeGradientOf(model, point) });
    expect({ epoch: 3, gradients: negated(point) }).not.toEqual({
      epoch: 3,
      gradients: expect.toBeGradientOf(model, point),
    });
    expect({ gradient: gradientsAt }).toEqual({ gradient: expect.toBeGradientOf(model) });
  });

  const bad = (received: unknown, ...rest: unknown[]) => {
    const [to, not] = [expect(received), expect(received).not].map(
      (one) => () => (one.toBeGradientOf as (...args: unknown[]) => void)(...rest),
    );
    const { message, stack } = failure(to!);
    expect(failure(not!).message).toBe(message);
    expect(stack).not.toMatch(/src\/(check|matchers|language)/);
    return message;
  };

  it.each<[string, unknown, unknown[], string]>([
    [
      "no gradients",
      undefined,
      [model, point],
      'toBeGradientOf: gradients are an object with a value for each name, not undefined\n  hint: {"W1": [[…]], "b1": […]}',
    ],
    [
      "a promise of gradients",
      Promise.resolve(right),
      [model, point],
      "toBeGradientOf: gradients are an object with a value for each name, not a promise\n  hint: await it",
    ],
    [
      "an asynchronous function",
      async () => Promise.resolve(right),
      [model],
      "toBeGradientOf: the function returns a promise, which check does not wait for\n  hint: await checkAsync(model, function)",
    ],
    [
      "no model",
      right,
      [],
      "toBeGradientOf: the first argument is a model, not undefined\n  hint: expect(…).toBeGradientOf(model)",
    ],
    [
      "null",
      right,
      [null, point],
      "toBeGradientOf: the first argument is a model, not null\n  hint: expect(…).toBeGradientOf(model)",
    ],
    [
      "a text",
      right,
      ["L = 1", point],
      "toBeGradientOf: the first argument is a model, not string\n  hint: parseModel(text) reads one",
    ],
    [
      "the point first",
      right,
      [point, model],
      "toBeGradientOf: the first argument is a model, not object\n  hint: expect(…).toBeGradientOf(model)",
    ],
    [
      "parts of a model",
      right,
      [{ program: model.program, loss: model.loss }, point],
      "toBeGradientOf: the first argument is a model, not object\n  hint: expect(…).toBeGradientOf(model)",
    ],
    [
      "what is called a model",
      right,
      [{ [Symbol.toStringTag]: "Model", program: 1, loss: "L" }, point],
      "toBeGradientOf: the first argument is a model, not object\n  hint: expect(…).toBeGradientOf(model)",
    ],
    [
      "no point",
      right,
      [model],
      "toBeGradientOf: gradients as values need the point that they were computed at\n  hint: expect(gradients).toBeGradientOf(model, point)",
    ],
    [
      "options for values",
      right,
      [model, { at: point }],
      "toBeGradientOf: gradients as values take the point itself, not { at: point }\n  hint: expect(gradients).toBeGradientOf(model, point)",
    ],
    [
      "a point for a function",
      gradientsAt,
      [model, point],
      "toBeGradientOf: a function has the options at and seed, not X\n  hint: { at: point } asks it at one point, nothing at random ones",
    ],
    [
      "a number for a function",
      gradientsAt,
      [model, 3],
      "toBeGradientOf: a function has options, not 3\n  hint: { at: point } asks it at one point, nothing at random ones",
    ],
    [
      "a null point",
      right,
      [model, null],
      "toBeGradientOf: a point is an object with a value for each name, not null",
    ],
    [
      "a point without w",
      right,
      [model, { X: point.X, t: point.t }],
      "toBeGradientOf: the point gives no value for w\n  hint: w is a vector of 2",
    ],
    [
      "another name",
      { v: 1 },
      [model, point],
      "toBeGradientOf: a gradient is given for v, which the model does not have\n  hint: the parameters are w",
    ],
    [
      "undefined entries",
      { w: undefined },
      [model, point],
      "toBeGradientOf: the gradient w is undefined, not a number",
    ],
    [
      "NaN",
      { w: [1, Number.NaN] },
      [model, point],
      "toBeGradientOf: the gradient w[2] is NaN, not a finite number",
    ],
  ])("refuses %s, with and without not", (_, received, rest, message) => {
    expect(bad(received, ...rest)).toBe(message);
  });

  it("calls another shape wrong, and says so", () => {
    const { message } = failure(() => expect({ w: [1, 2, 3] }).toBeGradientOf(model, point));
    expect(message).toContain("WRONG  w  given as a list of 3, w is a list of 2");
  });

  it("prints a difference where it fails inside other values", () => {
    const { message } = failure(() =>
      expect({ gradients: negated(point) }).toEqual({
        gradients: expect.toBeGradientOf(model, point),
      }),
    );
    expect(message).toMatch(/^expect.*equal/i);
  });

  it("lets errors of the function through as they are", () => {
    const broken = () => {
      throw new TypeError("mine");
    };
    expect(() => expect(broken).toBeGradientOf(model)).toThrow(new TypeError("mine"));
  });
});

it("gives runners the cause for each name, not arrays", () => {
  expect(toBeGradientOf({ w: negated(point).w, y: [0, 0, 0] }, model, point)).toMatchObject({
    pass: false,
    actual: { w: "sign" },
    expected: { w: "right", y: "right" },
  });
  expect(toBeGradientOf(right, model, point)).toMatchObject({ pass: true, actual: { w: "right" } });
});

it("works where a model has a quantity that is called at", () => {
  const odd: Model = parseModel("at = param()\nL = at^2");
  expect({ at: 6 }).toBeGradientOf(odd, { at: 3 });
  expect(({ at }: Point) => ({ at: 2 * (at as number) })).toBeGradientOf(odd, {
    at: randomPoint(odd),
  });
});
