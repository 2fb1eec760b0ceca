import { describe, expect, it } from "vitest";
import { parseModel } from "../../src/language/model.js";
import { type Derivation, derive } from "../../src/render/derivation.js";
import { passages } from "../../src/render/document/passage.js";

const SIGMOID = `
  x = input(2)
  y = target()
  w = param(2)
  z = dot(w, x)
  p = sigmoid(z)
  L = -(y * log(p) + (1 - y) * log(1 - p))
`;
const SOFTMAX = `
  x = input(2)
  y = target(3)
  W = param(3, 2)
  z = W * x
  p = softmax(z)
  L = -sum(y .* log(p))
`;

/** The right sides of the lines about δ. */
const linesOf = ({ steps }: Derivation, left: string): readonly string[] =>
  steps.filter(({ lhs }) => lhs === left).map(({ rhs }) => rhs);

const whysOf = ({ steps }: Derivation): string => steps.map(({ why }) => why).join(" ");

describe("what cancels", () => {
  it("of a sigmoid and its cross-entropy is shown before it does", () => {
    // in the order of ∂L/∂p p (1 − p), the line before
    const product = "\\left(\\frac{1 - y}{1 - p} - \\frac{y}{p}\\right) p \\left(1 - p\\right)";
    for (const form of ["index", "matrix"] as const) {
      const derivation = derive(parseModel(SIGMOID), { wrt: "w", form });
      expect(linesOf(derivation, "\\delta").slice(-2)).toEqual([product, "p - y"]);
      expect(whysOf(derivation)).toContain("Multiplied out, 1 − p and p cancel.");
    }
  });

  it("of a softmax and its cross-entropy leaves p − y where the labels add up to 1", () => {
    const index = derive(parseModel(SOFTMAX), { wrt: "W", form: "index" });
    expect(linesOf(index, "\\delta_{i}").slice(-2)).toEqual([
      "\\left(\\frac{\\partial L}{\\partial p_{i}} - \\sum_{j=1}^{3} \\frac{\\partial L}{\\partial p_{j}} p_{j}\\right) p_{i}",
      "p_{i} \\sum_{j=1}^{3} y_{j} - y_{i}",
    ]);
    const matrix = derive(parseModel(SOFTMAX), { wrt: "W", form: "matrix" });
    expect(linesOf(matrix, "\\delta")).toContain("\\left(\\mathbf{1}^{\\top} y\\right) p - y");
    for (const derivation of [index, matrix]) {
      expect(whysOf(derivation)).toContain(
        "Where y adds up to 1, as one-hot labels do, the sum over the labels is 1, and p − y is left.",
      );
    }
  });

  it("puts in what it says and nothing else: the local derivatives before those found above", () => {
    const { steps } = derive(parseModel(SOFTMAX), { wrt: "W", form: "index" });
    const local = steps.find(({ rule }) => rule === "local derivatives")!;
    expect(local.rhs).toContain("\\frac{\\partial L}{\\partial p_{j}}");
    expect(local.why).toBe("The local derivatives of p by z are put in. For i = 1, …, 3.");
  });

  it("is not said where a known sum leaves the same: a number added to all of a softmax", () => {
    const model = parseModel(`
      x = input(2)
      y = target(3)
      W = param(3, 2)
      c = param()
      z = W * x
      p = softmax(z + c)
      L = -sum(y .* log(p))`);
    for (const form of ["index", "matrix"] as const) {
      const derivation = derive(model, { wrt: "c", form });
      const lines = linesOf(derivation, "\\frac{\\partial L}{\\partial c}");
      expect(lines.filter((rhs) => rhs === "0")).toHaveLength(1);
      expect(derivation.steps.at(-1)!.why).toContain("add up to 1");
      expect(whysOf(derivation)).not.toContain("cancel");
    }
  });

  it.each(["s[1:2]", "s[1]"])("is not said of a part of a quantity, %s", (part) => {
    const isOne = part === "s[1]";
    const model = parseModel(`
      x = input(2)
      y = target(${isOne ? "" : "2"})
      W = param(3, 2)
      s = W * x
      p = sigmoid(${part})
      L = -sum(y .* log(p) + (1 - y) .* log(1 - p)) + s[3]^2
    `);
    const rules = derive(model, { wrt: "W", form: "index" }).data.steps.map(({ rule }) => rule);
    expect(rules).not.toContain("cancellation");
    // the matrix is one of all entries
    expect(linesOf(derive(model, { wrt: "W", form: "matrix" }), "\\delta").length).toBeGreaterThan(
      1,
    );
  });

  it("says of labels only what holds for sums along a whole axis beside the same entry", () => {
    const whys = (loss: string): string =>
      whysOf(
        derive(parseModel(`T = target(3, 3)\nZ = param(3, 3)\nP = softmax(Z, 1)\nL = ${loss}`), {
          wrt: "Z",
          form: "index",
        }),
      );
    expect(whys("-sum(T .* log(P))")).toContain("each column of T adds up to 1");
    expect(whys("-sum(T .* log(P)) / 3")).toContain("P − T is left in the brackets");
    expect(whys("-sum(T' .* log(P))")).not.toContain("one-hot");
    expect(whys("(trace(T) - sum(P .* Z))^2")).not.toContain("one-hot");
  });

  it("leaves p − y in every form where the labels of the point add up to 1", () => {
    const at = {
      x: [1, -2],
      W: [
        [1, 0.5],
        [0.25, 1],
        [-1, 0],
      ],
    };
    const formsAt = (y: readonly number[]) =>
      (["index", "matrix", "scalar"] as const).map((form) => {
        const wrt = form === "scalar" ? "W[2,1]" : "W";
        return derive(parseModel(SOFTMAX), { wrt, form, at: { ...at, y: [...y] } });
      });
    const isLabels = ({ rule }: { readonly rule: string }) => rule === "labels that add up to 1";
    const [index, matrix, scalar] = formsAt([0.2, 0.7, 0.1]).map(({ steps }) =>
      steps.filter(isLabels).map(({ rhs }) => rhs),
    );
    expect(index).toEqual(["p_{i} - y_{i}", "\\left(p_{i} - y_{i}\\right) x_{j}"]);
    expect(matrix).toEqual(["p - y", "\\left(p - y\\right) x^{\\top}"]);
    expect(scalar).toEqual(["\\left(p_{2} - y_{2}\\right) x_{1}"]);
    for (const { steps } of formsAt([0.2, 0.7, 0.2])) expect(steps.some(isLabels)).toBe(false);
  });

  it("leaves P − Y along the axis along which the labels add up to 1, and no other", () => {
    const lines = (axis: 1 | 2, Y: number[][]): string[] => {
      const model = parseModel(
        `Y = target(2, 2)\nZ = param(2, 2)\nL = -1/2 * sum(Y .* logsoftmax(Z, ${axis}))`,
      );
      const { steps } = derive(model, {
        wrt: "Z",
        form: "matrix",
        at: {
          Y,
          Z: [
            [1, 2],
            [3, 5],
          ],
        },
      });
      return steps.filter(({ rule }) => rule.startsWith("labels")).map(({ rhs }) => rhs);
    };
    const columns = [
      [0, 0],
      [1, 1],
    ];
    const rows = [
      [0, 1],
      [0, 1],
    ];
    expect(lines(1, columns).at(-1)).toMatch(
      /^\\frac\{1\}\{2\} \\left\(.*\{columns\}.* - Y\\right\)$/,
    );
    expect(lines(2, rows).at(-1)).toMatch(/^\\frac\{1\}\{2\} \\left\(.*\{rows\}.* - Y\\right\)$/);
    expect([lines(1, rows), lines(2, columns)]).toEqual([[], []]);
  });

  it("is nothing where no denominator goes away", () => {
    const squared = SIGMOID.replace(/L = .*/, "L = (p - y)^2");
    const { data } = derive(parseModel(squared), { wrt: "w", form: "index" });
    expect(data.steps.map(({ rule }) => rule)).not.toContain("cancellation");
  });
});

it("writes δ of one layer from δ of the next as matrices, in general too", () => {
  const model = parseModel(`
    x = input(2)
    t = target(2)
    W1 = param(3, 2)
    W2 = param(4, 3)
    W3 = param(2, 4)
    z1 = W1 * x
    a1 = sigmoid(z1)
    z2 = W2 * a1
    a2 = sigmoid(z2)
    z3 = W3 * a2
    a3 = sigmoid(z3)
    C = 1/2 * sum((t - a3).^2)
  `);
  const { steps } = derive(model, { wrt: "W1", form: "matrix" });
  expect(steps.find(({ rule }) => rule === "recursion")?.rhs).toBe(
    "\\left(W^{(3)\\top} \\delta^{(3)}\\right) \\odot a^{(2)} \\odot \\left(1 - a^{(2)}\\right)",
  );
  const general = passages(model).before.find(({ title }) => title === "The layers in general");
  expect(general?.toLatex()).toContain(
    "\\delta^{(l-1)} &= \\left(W^{(l)\\top} \\delta^{(l)}\\right) \\odot a^{(l-1)} \\odot \\left(1 - a^{(l-1)}\\right) \\qquad l = 2, 3",
  );
  expect(general?.toLatex()).toContain(
    "\\frac{\\partial C}{\\partial W^{(l)}} &= \\delta^{(l)} a^{(l-1)\\top} \\qquad l = 1, 2, 3",
  );
});

it.each([
  ["a1", "two layers", true],
  ["x", "one layer", false],
])("says δ of the next of what has one: the last layer reads %s, %s", (input, _, isSaid) => {
  const model = parseModel(`
    x = input(3)
    t = target(3)
    W1 = param(3, 3)
    W2 = param(3, 3)
    z1 = W1 * x
    a1 = tanh(z1)
    z2 = W2 * ${input}
    p = softmax(z2)
    D = -sum(t .* log(p))
    L = D + sum(a1) + sum(W2.^2)`);
  const { steps } = derive(model, { wrt: isSaid ? "W1" : "W2", form: "index" });
  const why = steps.map((step) => step.why).join(" ");
  expect(why).toContain("are put in");
  expect(why.includes("δ of one layer from δ of the next")).toBe(isSaid);
});

it("is not put back in the lines of a gradient behind it", () => {
  // an entropy beside a cross-entropy: what is left is the heavier of two matrix expressions
  const model = parseModel(`
    N = size()
    X = input(N, 4)
    A = target(N, 3)
    R = target(N)
    adv = input(N)
    W = param(4, 5)
    Wp = param(5, 3)
    wv = param(5)
    H = tanh(X * W)
    Z = H * Wp
    P = softmax(Z, 2)
    lp = sum(A .* log(P), 2)
    v = H * wv
    ent = -sum(P .* log(P), 2)
    L = -mean(adv .* lp) + 0.5 * mean((v - R).^2) - 0.01 * mean(ent)`);
  const derivation = derive(model, { wrt: "Wp", form: "matrix" });
  const { steps } = derivation;
  expect(whysOf(derivation)).toContain("P cancels");
  const at = steps.findLastIndex(({ rule }) => rule === "cancellation");
  expect(
    steps
      .slice(at)
      .map(({ rhs }) => rhs)
      .join("\n"),
  ).not.toContain("\\oslash");
});

describe("what cancels on the diagonal of a matrix alone", () => {
  const CONTRASTIVE = parseModel(`
    N = size()
    U = param(N, 4)
    V = input(N, 4)
    s = param()
    S = exp(s) * U * V'
    P = softmax(S, 2)
    Q = softmax(S, 1)
    L = -1/(2 * N) * (trace(log(P)) + trace(log(Q)))`);

  it("is said, and its derivative is as short as it can be", () => {
    const { steps } = derive(CONTRASTIVE, { wrt: "U", form: "matrix" });
    const rest = steps.find(({ why }) => why.includes("Multiplied out, P and Q cancel."))!;
    expect(rest.rhs).toBe(String.raw`\frac{1}{2 N} \left(P + Q - 2 I_{N}\right)`);
    expect(steps.at(-1)!.rhs).toContain(String.raw`\left(P + Q - 2 I_{N}\right)`);
  });

  it("leaves factors that differ there: p_ni beside 1/p_nn without the condition", () => {
    const text = "P = param(3, 3)\nq = diag(P)\nL = sum(sum(P, 2) ./ q)";
    const { steps } = derive(parseModel(text), { wrt: "P", form: "index" });
    expect(steps.map(({ rhs }) => rhs).join()).toContain("\\frac");
  });
});
