import { describe, expect, it } from "vitest";
import { parseModel } from "../../src/language/model.js";
import { network } from "../../src/render/page/network.js";

it("has what is given in the column before its first use", () => {
  const model = parseModel(`
    x1 = input(2)
    x2 = input(2)
    t = target(3)
    lambda = input()
    U = param(3, 2)
    W = param(3, 3)
    h1 = tanh(U * x1)
    h2 = tanh(W * h1 + U * x2)
    L = sum((h2 - t).^2) + lambda * sum(W.^2)`);
  const columns = network(model, new Map()).layers.map(
    ({ quantity, column }) => [quantity.name, column] as const,
  );
  expect(Object.fromEntries(columns)).toEqual({
    x1: 0,
    h1: 1,
    x2: 1,
    h2: 2,
    t: 2,
    lambda: 2,
    L: 3,
  });
});

describe("a parameter that acts on a unit by itself has a short line there", () => {
  /** `W1 in R` for all of a parameter, `b1[1] in z1[1]` for an entry. */
  const stubs = (text: string): string[] =>
    network(parseModel(text), new Map([["N", 2]])).stubs.map(({ of, weight }) => {
      const [unit, parameter] = [of, weight].map(
        ({ quantity, indices }) =>
          `${quantity.name}${indices.length > 0 ? `[${indices.map((one) => one + 1).join(",")}]` : ""}`,
      );
      return `${parameter!} in ${unit!}`;
    });

  it.each([
    [
      "a penalty of matrices that carry lines elsewhere",
      `N = size()
       X = input(N, 2)
       lam = input()
       W1 = param(2, 2)
       b1 = param(2)
       W2 = param(2, 1)
       Z1 = X * W1 + b1'
       y = Z1 * W2
       R = lam * (sum(W1.^2) + sum(W2.^2))
       J = sum(y.^2) + R`,
      ["W1 in R", "b1[1] in Z1[1,1]", "b1[2] in Z1[1,2]", "W2[1,1] in R", "W2[2,1] in R"],
    ],
    [
      "a decay in the loss itself",
      "x = input(2)\nW = param(2, 2)\ny = W * x\nL = sum(y.^2) + sum(W.^2)",
      ["W in L"],
    ],
    [
      "biases alone",
      "x = input(2)\nW = param(2, 2)\nb = param(2)\ny = W * x + b\nL = sum(y.^2)",
      ["b[1] in y[1]", "b[2] in y[2]"],
    ],
    ["no parameter twice", "x = input(2)\nw = param(2)\nL = dot(w, x)^2", []],
  ])("%s", (_, text, expected) => {
    expect(stubs(text)).toEqual(expected);
  });
});
