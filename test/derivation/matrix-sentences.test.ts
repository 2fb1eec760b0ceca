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

const ONE_HOT = {
  X: [
    [1, 0.5, -1],
    [0, 2, 1],
    [-0.5, 1, 0.25],
  ],
  Y: [
    [1, 0, 1],
    [0, 1, 0],
  ],
  W: [
    [0.1, -0.2, 0.3],
    [0.4, 0.5, -0.1],
    [-0.3, 0.2, 0.1],
    [0.2, 0.1, -0.4],
  ],
  b: [0.1, 0, -0.1, 0.2],
  V: [
    [0.5, -0.5, 0.25, 0.1],
    [-0.2, 0.3, 0.4, -0.6],
  ],
  c: [0.05, -0.05],
};

/** The steps of the matrix form whose line is the whole ∂L/∂`wrt`. */
function stepsOf(text: string, wrt = "b") {
  const { steps } = derive(parseModel(text), { wrt, form: "matrix" });
  return steps.filter(({ lhs }) => lhs.includes(`\\partial ${wrt}}`));
}

/** What all steps of the matrix form say. */
function sentencesOf(text: string, wrt: string): string {
  const { steps } = derive(parseModel(text), { wrt, form: "matrix" });
  return steps.map(({ why }) => why).join(" ");
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
      "b is added to every entry of the pre-activation of p (broadcast), so its derivative sums over all entries: a product with the vector of ones.",
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
      "b is added to every column of the pre-activation of P (broadcast)",
    );
  });

  const TWO_LAYERS = `
    N = size()
    X = input(3, N)
    Y = target(2, N)
    W = param(4, 3)
    b = param(4)
    V = param(2, 4)
    c = param(2)
    H = tanh(W * X + b)
    Z = V * H + c
    P = softmax(Z, 1)
    L = -1/N * sum(Y .* log(P))`;
  const IN_ROWS = `
    N = size()
    X = input(N, 3)
    Y = target(N, 2)
    W = param(3, 4)
    b = param(4)
    V = param(4, 2)
    A = tanh(X * W + b') * V
    L = 1/N * sum((A - Y).^2)`;
  const IN_COLUMNS = `
    N = size()
    X = input(3, N)
    Y = target(2, N)
    W = param(4, 3)
    b = param(4)
    V = param(2, 4)
    A = V * tanh(W * X + b)
    L = 1/N * sum((A - Y).^2)`;
  /** Weights that are computed, and a layer whose slope is the layer itself. */
  const NORMED = `
    N = size()
    X = input(3, N)
    M = input(4, N)
    Y = target(2, N)
    W = param(4, 3)
    b = param(4)
    U = param(2, 4)
    V = U / sqrt(sum(U.^2))
    A = V * (M .* (W * X + b))
    L = 1/N * sum((A - Y).^2)`;

  it.each([
    [
      "where labels add up to 1 at the point",
      TWO_LAYERS,
      ONE_HOT,
      String.raw`\right)\right) \mathbf{1}`,
    ],
    [
      "in rows, inside of a layer",
      IN_ROWS,
      undefined,
      String.raw`\right)\right)^{\top} \mathbf{1}`,
    ],
    ["in columns, inside of a layer", IN_COLUMNS, undefined, String.raw`\right)\right) \mathbf{1}`],
    ["with weights that are computed", NORMED, undefined, String.raw`\odot M\right) \mathbf{1}`],
  ])("%s is a sum over the examples, and over nothing else", (_, text, at, end) => {
    const model = parseModel(text);
    const { steps } = derive(model, { wrt: "b", form: "matrix", ...(at && { at }) });
    const last = steps.findLast(({ lhs }) => lhs.includes("\\partial b}"))!;
    const plain = last.rhs.replaceAll(/\\underbrace\{|\}_\{[^{}]*\\times[^{}]*\}/g, "");
    expect(plain.slice(-end.length)).toBe(end);
    if (at) expect(last.rule).toBe("labels that add up to 1");
  });

  it.each([
    [
      IN_ROWS,
      "b",
      "b is added to every row of a matrix in the definition of A (broadcast), so its derivative sums over all rows",
    ],
    [IN_COLUMNS, "b", "b is added to every column of a matrix in the definition of A (broadcast)"],
    [NORMED, "b", "b is added to every column of a matrix in the definition of A (broadcast)"],
    [
      "N = size()\nZ = input(3, N)\ng = param(3)\nO = g .* Z\nL = 1/N * sum(exp(O))",
      "g",
      "g multiplies every column of Z (broadcast), so its derivative sums over all columns",
    ],
  ])("has the broadcast as its reason, whatever stands around: %s by %s", (text, wrt, reason) => {
    const why = sentencesOf(text, wrt);
    expect(why).toContain(reason);
    expect(why).not.toContain("adds all");
  });

  it("has no such reason where the quantity stands in two places", () => {
    const text = IN_COLUMNS.replace("b)", "b + b.^2)");
    expect(sentencesOf(text, "b")).not.toContain("so its derivative sums");
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

describe("smoothed labels", () => {
  const SMOOTHED = parseModel(`
    N = size()
    Z = param(3, N)
    Y = target(3, N)
    eps = input()
    P = softmax(Z, 1)
    S = (1 - eps) * Y + eps / 3
    L = -1/N * sum(S .* log(P))`);
  const at = (last: number) => ({
    Z: [
      [0.1, 0.2],
      [0.3, -0.4],
      [0.5, 0.6],
    ],
    Y: [
      [1, 0],
      [0, 1],
      [0, last],
    ],
    eps: 0.1,
  });
  const ENDS = /\\left\(P - S\\right\)/;

  it("are labels: their sum is told, and is 1 at a point where it is", () => {
    const { steps } = derive(SMOOTHED, { wrt: "Z", form: "matrix", at: at(0) });
    const why = steps.map((one) => one.why).join(" ");
    expect(why).toContain(
      "Where each column of S adds up to 1, as smoothed one-hot labels do, the sum over the labels is 1, and P − S is left",
    );
    expect(steps.some(({ rhs }) => ENDS.test(rhs))).toBe(true);
  });

  it("are not taken to add up to 1 at a point where they do not", () => {
    const { steps } = derive(SMOOTHED, { wrt: "Z", form: "matrix", at: at(1) });
    expect(steps.some(({ rhs }) => ENDS.test(rhs))).toBe(false);
  });
});

it("says of several products with ones in one sentence what they add", () => {
  const why = (loss: string): string => {
    const model = parseModel(`x = input(3)\ny = input(3)\nm = param()\nz = x - m\nL = ${loss}`);
    return derive(model, { wrt: "m", form: "matrix" })
      .steps.map((step) => step.why)
      .join(" ");
  };
  const sum = "sum(z.^2) / 2";
  expect(why(sum)).toContain("every entry of x (broadcast)");
  expect(why(`${sum} + m * sum(abs(y))`)).toContain(
    "Each product with a vector of ones adds all entries of its other factor.",
  );
  expect(why(`${sum} + m * sum(y)`)).toContain(
    "The products with vectors of ones add all entries of y and ∂L/∂z.",
  );
});

describe("a row or column of ones beside a sum", () => {
  it.each([
    ["X * W", 2, "The row of ones behind them writes these sums in every column."],
    ["W' * X'", 1, "The column of ones before them writes these sums in every row."],
  ])("writes it in every column or row: softmax of %s along axis %i", (body, axis, sentence) => {
    const model = parseModel(`
      N = size()
      X = input(N, 3)
      W = param(3, 2)
      Z = ${body}
      P = softmax(Z, ${axis})
      L = sum(P.^3) / N`);
    const { steps } = derive(model, { wrt: "W", form: "matrix" });
    expect(steps.map(({ why }) => why).join(" ")).toContain(sentence);
  });
});
