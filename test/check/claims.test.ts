import { check, type Claims, InputError, parseModel } from "chainrule";
import { describe, expect, it } from "vitest";

const model = parseModel(`
  N = size()
  x = input(2, N)
  W1 = param(3, 2)
  W2 = param(3)
  z1 = W1 * x
  L = sum(z1.^2) + sum(W2)`);
const at = { x: [[1, 2], [3, 4]], W1: [[1, 2], [3, 4], [5, 6]], W2: [1, 2, 3] }; // prettier-ignore

function refusal(claims: unknown): string {
  try {
    check(model, claims as Claims, { at });
  } catch (error) {
    if (error instanceof InputError) return error.report;
    throw error;
  }
  return "accepted";
}

describe("claims that cannot be read", () => {
  it.each<[unknown, string]>([
    [
      null,
      'gradients are an object with a value for each name, not null\n  hint: {"W1": [[…]], "b1": […]}',
    ],
    [
      [1],
      'gradients are an object with a value for each name, not a list\n  hint: {"W1": [[…]], "b1": […]}',
    ],
    [{}, "no gradient is given\n  hint: the parameters are W1, W2"],
    [
      { w1: 1 },
      "a gradient is given for w1, which the model does not have\n  hint: did you mean W1?",
    ],
    [
      { dW3: 1 },
      "a gradient is given for dW3, which the model does not have\n  hint: did you mean W1?",
    ],
    [
      { loss: 1 },
      "a gradient is given for loss, which the model does not have\n  hint: the parameters are W1, W2",
    ],
    [{ N: 1 }, "a gradient is given for N, which is a size"],
    [{ W2: [1, 2, 3], dW2: [1, 2, 3] }, "the gradient of W2 is given twice, as W2 and as dW2"],
    [{ W2: [1, "2", 3] }, "the gradient W2[2] is a string, not a number"],
    [{ W2: [1, null, 3] }, "the gradient W2[2] is null, not a number"],
    [{ W2: [1, Number.NaN, 3] }, "the gradient W2[2] is NaN, not a finite number"],
    [
      {
        W1: [
          [1, 2],
          [3, Infinity],
        ],
      },
      "the gradient W1[2,2] is Infinity, not a finite number",
    ],
    [
      { W1: [[1, 2], [3]] },
      "the gradient W1[2] is ragged: it has 1 entries, its neighbours have 2",
    ],
    [{ W1: [[1, 2], 3] }, "the gradient W1[2] is 3, where its neighbours are lists"],
    [
      {
        W1: [
          [1, 2],
          [3, [4]],
        ],
      },
      "the gradient W1[2,2] is a list, not a number",
    ],
    [{ W1: [[], []] }, "the gradient W1 is an empty list"],
    [{ W1: [[[[[[[[[1]]]]]]]]] }, "the gradient W1 is nested too deeply"],
  ])("%j", (claims, message) => {
    expect(refusal(claims)).toBe(message);
  });

  it("values without a point", () => {
    expect(() => check(model, { W2: [1, 1, 1] })).toThrow(
      "gradients as values need the point that they were computed at",
    );
  });

  it("names of Object's own are names like others", () => {
    expect(refusal(JSON.parse('{"__proto__": [1]}'))).toContain("__proto__");
    expect(refusal({ constructor: [1] })).toContain("constructor");
  });

  it("a point at which there is no derivative", () => {
    const root = parseModel("w = param()\nL = sqrt(w)");
    expect(() => check(root, { w: 1 }, { at: { w: 0 } })).toThrow(
      "the derivative of L by w is not finite at this point",
    );
  });
});
