import { describe, expect, it } from "vitest";
import { parseModel } from "../../src/language/model.js";
import { derive } from "../../src/render/derivation.js";

const NET = (activation: string, last = "p"): string => `
  N = size()
  X = input(N, 3)
  y = target(N)
  w = param(3)
  b = param()
  p = ${activation}
  L = 1/(2*N) * sum((${last} - y).^2)
`;

/** The steps of the matrix form whose line is the whole ∂L/∂`wrt`. */
function stepsOf(text: string, wrt = "b") {
  const { steps } = derive(parseModel(text), { wrt, form: "matrix" });
  return steps.filter(({ lhs }) => lhs.includes(`\\partial ${wrt}}`));
}

describe("the derivative by a bias inside an activation", () => {
  it.each([
    ["sigmoid(X * w + b)", "p \\odot \\left(1 - p\\right)"],
    ["tanh(X * w + b)", "\\left(1 - p^{\\odot 2}\\right)"],
  ])("of %s is a sum over the batch, with the broadcast as its reason", (activation, slope) => {
    const [, , form, closed] = stepsOf(NET(activation));
    expect(form!.rhs).toContain("\\mathbf{1}^{\\top}");
    expect(form!.rhs).toContain(`\\frac{\\partial L}{\\partial p} \\odot ${slope}`);
    expect(form!.why).toContain(
      "b is added to every entry of what p is the activation of (broadcast), so its derivative sums over all entries: a product with the vector of ones.",
    );
    expect(form!.why).not.toContain("transposed");
    expect(closed!.rhs).toContain(`\\left(p - y\\right) \\odot ${slope}`);
  });

  it("of a matrix of activations sums over its columns", () => {
    const model = parseModel(`
      N = size()
      X = input(3, N)
      T = target(2, N)
      W = param(2, 3)
      b = param(2)
      P = sigmoid(W * X + b)
      L = 1/N * sum((P - T).^2)
    `);
    const { steps } = derive(model, { wrt: "b", form: "matrix" });
    expect(steps.map(({ why }) => why).join(" ")).toContain(
      "b is added to every column of what P is the activation of (broadcast)",
    );
  });

  it("is no broadcast alone where a factor stands before it: why it is a sum is said", () => {
    const steps = stepsOf(NET("y .* (X * w + b)", "exp(p)"));
    const why = steps.map((one) => one.why).join(" ");
    expect(why).not.toContain("broadcast");
    expect(why).toContain(
      "b acts on several entries of p, so the products are summed over them. y is transposed",
    );
  });
});

describe("a product of vectors, summed", () => {
  const form = (text: string): string =>
    derive(parseModel(text), { wrt: "s", form: "matrix" }).steps.at(-1)!.rhs;

  it("keeps data out of the product by entries, before what is computed", () => {
    const text = NET("sigmoid(X * w + s * c)").replace(
      "b = param()",
      "c = input(N)\n  s = param()",
    );
    expect(form(text)).toContain("c^{\\top}");
  });

  it("is a row times a column for two quantities", () => {
    expect(form("u = input(3)\nv = input(3)\ns = param()\nL = s * dot(u, v)")).toContain(
      "u^{\\top}",
    );
    // p and 1 − p are two vectors like any others
    expect(form("p = input(3)\ns = param()\nL = s * sum(p .* (1 - p))")).toContain("p^{\\top}");
  });
});
