import { describe, expect, it } from "vitest";
import type { Form } from "../../src/derivation/derive.js";
import { parseModel } from "../../src/language/model.js";
import { derive } from "../../src/render/derivation.js";

const last = (statements: string, form: Form, wrt = "w"): string =>
  derive(parseModel(statements), { wrt, form }).steps.at(-1)!.rhs;

const S = "\\sigma\\left(w x + b\\right)";
const toy = `
  x = input()
  t = target()
  w = param()
  b = param()
  L = (sigmoid(w * x + b) - t)^2`;

describe("the factors of a derivative of one statement", () => {
  it.each(["index", "matrix", "jacobian", "scalar", "paths"] as const)(
    "stand from the loss to what is innermost, in the form %s too",
    (form) => {
      expect(last(toy, form)).toBe(`2 \\left(${S} - t\\right) ${S} \\left(1 - ${S}\\right) x`);
    },
  );

  it("stand so in vectors and matrices", () => {
    const model = `
      x = input(3)
      t = target(2)
      W = param(2, 3)
      L = sum((tanh(W * x) - t).^2)`;
    const h = "\\tanh\\left(\\sum_{k=1}^{3} w_{ik} x_{k}\\right)";
    const index = last(model, "index", "W");
    expect(index.startsWith(`2 \\left(${h} - t_{i}\\right) \\left(1 - `)).toBe(true);
    expect(index.endsWith(" x_{j}")).toBe(true);
    expect(last(model, "matrix", "W")).toContain(
      "\\left(\\tanh\\left(W x\\right) - t\\right) \\odot \\left(1 - ",
    );
  });

  it("have labels in front, and sums before functions of them", () => {
    const margin = `
      x = input()
      y = target()
      w = param()
      L = softplus(-y * w * x)`;
    expect(last(margin, "index")).toBe("-y \\sigma\\left(-y w x\\right) x");
    const bell = `
      x = input()
      w = param()
      L = 1 + exp(-(w + x)^2)`;
    expect(last(bell, "index")).toBe("-2 \\left(w + x\\right) e^{-\\left(w + x\\right)^{2}}");
  });

  it("keep a (1 − a), and numbers before conditions", () => {
    const share = `
      a = param()
      L = a^2 * (1 - a)^2`;
    expect(last(share, "index", "a")).toContain("a \\left(1 - a\\right)");
  });

  it("have a condition where the slope stood that it comes from", () => {
    const net = `
      x = input(3)
      w = param(3)
      h = relu(dot(w, x) - 2)
      L = h^2 / 2`;
    expect(last(net, "index")).toBe(
      "h \\mathbf{1}\\left[\\sum_{j=1}^{3} w_{j} x_{j} > 2\\right] x_{i}",
    );
  });

  it("have the derivative before a fraction of quantities, and behind one of numbers", () => {
    const model = parseModel(`
      N = size()
      v = param(N)
      c = tanh(v)
      y = norm(c) + sum(c) / N
      L = y^2`);
    const { steps } = derive(model, { wrt: "v", form: "index" });
    const slope = "\\frac{\\partial L}{\\partial y}";
    const local = steps.filter(({ lhs }) => lhs.endsWith("{\\partial c_{n}}")).at(-1)!.rhs;
    expect(local).toContain(`${slope} \\left(\\frac{c_{n}}{`);
    const alone = parseModel(`
      v = param(3)
      c = tanh(v)
      m = exp(c)
      y = sum(m) + norm(c)
      L = y^2`);
    const lines = derive(alone, { wrt: "v", form: "index" }).steps.map(({ rhs }) => rhs);
    expect(lines.join("\n")).toContain(`${slope} \\frac{c_{i}}{\\sqrt{`);
  });
});

describe("the slope of a part that has no name", () => {
  const model = parseModel(`x = input(3)
c = input(2)
t = target(2)
W = param(2, 3)
V = param(2, 3)
y = sigmoid(W * x) .* tanh(V * x) + c
L = sum((y - t).^2)`);

  it.each(["index", "matrix"] as const)("stays in one piece: %s form", (form) => {
    const last = derive(model, { wrt: "W", form }).steps.at(-1)!.rhs;
    const [slope, other] = [last.indexOf("\\left(1 - \\sigma"), last.indexOf("\\tanh")];
    expect(slope).toBeGreaterThan(last.indexOf("\\sigma"));
    expect(other).toBeGreaterThan(slope);
  });
});
