import { expect, it } from "vitest";
import { parseModel } from "../../src/language/model.js";
import { derive } from "../../src/render/derivation.js";

const TEXT = `x = input(2)
t = target(3)
W = param(3, 2)
b = param(3)
y = tanh(W * x + b)
L = 1/2 * sum((y - t).^2)`;

it.each([
  ["matrix", "W[1,2]", "matrix", "w_{12}"],
  ["matrix", "b[2]", "vector", "b_{2}"],
  ["jacobian", "W[1,2]", "row", "w_{12}"],
] as const)(
  "the %s form by %s reads the entry off the whole, which is not said again with indices",
  (form, wrt, kind, written) => {
    const { steps } = derive(parseModel(TEXT), { wrt, form });
    const last = steps.at(-1)!;
    expect(last.why).toBe(`The entry of this ${kind} that belongs to ${wrt}.`);
    expect(last.lhs).toBe(`\\frac{\\partial L}{\\partial ${written}}`);
    const putIn = steps.filter(({ why }) => why.includes("so that none is left"));
    expect(putIn.length).toBeLessThan(2);
    expect(steps.at(-2)!.lhs).not.toContain("_{ij}");
  },
);
