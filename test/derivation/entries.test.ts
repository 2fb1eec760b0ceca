import { expect, it } from "vitest";
import { parseModel } from "../../src/language/model.js";
import { derive } from "../../src/render/derivation.js";

const SLICES = `
  x = input(6)
  w = param(6)
  a = tanh(w[1:2] .* x[1:2])
  b = tanh(w[2:4] .* x[2:4])
  L = sum(a) * sum(b)
`;

it.each([
  ["w[1]", "acts on L through a: ∂L/∂a times the local derivative."],
  ["w[2]", "acts on L through a and b: ∂L/∂a and ∂L/∂b, each times its local derivative, added."],
  ["w[4]", "acts on L through b: ∂L/∂b times the local derivative."],
])("an entry acts through what uses it, %s", (wrt, sentence) => {
  const [first] = derive(parseModel(SLICES), { wrt, form: "scalar" }).steps;
  expect(first!.why).toContain(sentence);
});
