import { describe, expect, it } from "vitest";
import { parseModel } from "../../src/language/model.js";
import { derive } from "../../src/render/derivation.js";

function last(text: string, wrt: string): string {
  return derive(parseModel(text), { wrt, form: "index" }).steps.at(-1)!.rhs;
}

const logistic = (loss: string): string => `
x = input(2)
t = target()
u = input()
w = param(2)
a = sigmoid(dot(w, x))
L = ${loss}`;

describe("sums whose products cancel", () => {
  it("are multiplied out: the logistic loss by what goes into the sigmoid is a − t", () => {
    const loss = logistic("-(t * log(a) + (1 - t) * log(1 - a))");
    expect(last(loss, "w")).toBe("\\left(a - t\\right) x_{i}");
  });

  it("stay as they are where that would be no shorter", () => {
    const weighted = logistic("-(u * t * log(a) + (1 - t) * log(1 - a))");
    expect(last(weighted, "w")).toBe(
      "\\left(\\left(1 - t\\right) a - u t \\left(1 - a\\right)\\right) x_{i}",
    );
  });
});

describe("sums of what has a minus", () => {
  it("have it in front of the product that they stand in", () => {
    const policy = `
      a = target(3)
      r = input()
      beta = input()
      z = param(3)
      p = softmax(z)
      J = -r * dot(a, log(p)) - beta * sum(p .* log(p))`;
    expect(last(policy, "z")).not.toMatch(/\\left\(-|\\right\) -\\sum/);
  });
});
