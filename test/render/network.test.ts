import { expect, it } from "vitest";
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
