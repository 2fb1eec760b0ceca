import { describe, expect, it } from "vitest";
import { expectClose, type Point, run, valueOf } from "./support.js";

const A = [
  [1, 2, 3],
  [4, 5, 6],
];

describe("values and shapes", () => {
  // Of functions at one place: from tables (Abramowitz & Stegun 7.1, 26.2) or by closed forms.
  it.each([
    ["exp(1)", Math.E],
    ["log(2)", Math.LN2],
    ["log1p(1e-20)", 1e-20],
    ["sqrt(2)", Math.SQRT2],
    ["square(-3)", 9],
    ["abs(-2)", 2],
    ["sign(-2) + sign(0)", -1],
    ["sin(pi / 6)", 0.5],
    ["cos(pi / 3)", 0.5],
    ["tan(pi / 4)", 1],
    ["tanh(log(2))", 0.6],
    ["sigmoid(log(3))", 0.75],
    ["sigmoid(-1000)", 0],
    ["softplus(0)", Math.LN2],
    ["softplus(1000)", 1000],
    ["relu(-1) + relu(2)", 2],
    ["leakyrelu(-2)", -0.02],
    ["leakyrelu(-2, 0.5)", -1],
    ["elu(-log(2))", -0.5],
    ["elu(-log(2), 4)", -2],
    ["silu(log(3))", 0.75 * Math.log(3)],
    ["gelu(1)", 0.8413447460685429],
    ["gelu(-1)", -0.15865525393145707],
    ["gelu(-5) * 1e7", -14.332578593959695],
    ["step(0) + step(1e-300)", 1],
    ["erf(0.5)", 0.5204998778130465],
    ["maximum(2, 3) - minimum(2, 3)", 1],
    ["2^10", 1024],
    ["-2^2", -4],
    ["(-2).^2", 4],
    ["logsumexp([log(1), log(2), log(3)])", Math.log(6)],
    ["logsumexp([1000, 1000])", 1000 + Math.LN2],
    ["norm([3, 4])", 5],
    ["norm([3, 4]')", 5],
    ["dot([1, 2], [3, 4])", 11],
    ["dot([1, 2], [3, 4]')", 11],
    ["e", Math.E],
  ])("%s is %d", (expression, expected) => {
    expectClose(valueOf(expression), expected, 4e-15, expression);
  });

  it.each([
    ["[1, 2, 3]", [1, 2, 3]],
    ["[1; 2]", [[1], [2]]],
    [
      "[1, 2; 3, 4]",
      [
        [1, 2],
        [3, 4],
      ],
    ],
    ["[1, 2]'", [[1, 2]]],
    ["3'", 3],
    ["A * [1, 0, 1]", [4, 10]],
    ["A[1:1, :] * [1, 0, 1]", [4]],
    [
      "A * A'",
      [
        [14, 32],
        [32, 77],
      ],
    ],
    [
      "[1, 2] * [3, 4]'",
      [
        [3, 4],
        [6, 8],
      ],
    ],
    [
      "[2] * A",
      [
        [2, 4, 6],
        [8, 10, 12],
      ],
    ],
    ["[2] * [3]", [6]],
    ["[2; 3] * [3]", [6, 9]],
    [
      "[2, 3] * [3; 4]'",
      [
        [6, 8],
        [9, 12],
      ],
    ],
    [
      "A + [10, 20]",
      [
        [11, 12, 13],
        [24, 25, 26],
      ],
    ],
    [
      "A + [10, 20, 30]'",
      [
        [11, 22, 33],
        [14, 25, 36],
      ],
    ],
    ["[1, 2] + [1; 1]", [[2], [3]]],
    ["[1; 1] + 1", [[2], [2]]],
    ["[1, 2] + [5; 6][1:1, :]", [6, 7]],
    ["1 + [5; 6][1:1, :]", [[6]]],
    ["[1] + 1", [2]],
    [
      "A / [2]",
      [
        [0.5, 1, 1.5],
        [2, 2.5, 3],
      ],
    ],
    ["[2]^2", [4]],
    [
      "A > 2",
      [
        [0, 0, 1],
        [1, 1, 1],
      ],
    ],
    [
      "A == [1, 5]",
      [
        [1, 0, 0],
        [0, 1, 0],
      ],
    ],
    ["sum(A)", 21],
    ["sum(A, 1)", [5, 7, 9]],
    ["sum(A, 2)", [6, 15]],
    ["sum([1, 2], 1)", 3],
    ["sum([1, 2], 2)", [1, 2]],
    ["sum(3, 2)", 3],
    ["sum([1, 2]', 1)", [1, 2]],
    ["sum([1, 2]', 2)", [3]],
    ["mean(A, dim = 2)", [2, 5]],
    ["max(A, 1)", [4, 5, 6]],
    ["min(A)", 1],
    ["softmax([0, 0])", [0.5, 0.5]],
    ["softmax([1000, 1000], 1)", [0.5, 0.5]],
    ["softmax([3, 4], 2)", [1, 1]],
    ["softmax(3)", 1],
    ["softmax([0, 0; 0, 0; 0, 0; 0, 0], 1)[:, 1]", [0.25, 0.25, 0.25, 0.25]],
    [
      "logsoftmax(A, 2) - logsoftmax(A + 1000, 2)",
      [
        [0, 0, 0],
        [0, 0, 0],
      ],
    ],
    ["trace([1, 2; 3, 4])", 5],
    [
      "diag([1, 2])",
      [
        [1, 0],
        [0, 2],
      ],
    ],
    ["diag([1, 2; 3, 4])", [1, 4]],
    ["kron([1, 2], [1, 10])", [1, 10, 2, 20]],
    [
      "kron([1, 2]', [1; 10])",
      [
        [1, 2],
        [10, 20],
      ],
    ],
    ["kron(2, [1, 2])", [2, 4]],
    ["kron(2, 3)", 6],
    ["ones()", 1],
    ["ones(2)", [1, 1]],
    ["zeros(1, 2)", [[0, 0]]],
    [
      "identity(2)",
      [
        [1, 0],
        [0, 1],
      ],
    ],
    ["concat(1, 2)", [1, 2]],
    ["concat([1, 2], 3)", [1, 2, 3]],
    ["concat(1, 2, 2)", [[1, 2]]],
    ["concat(1, 2, 3)", [1, 2, 3]],
    ["concat(1, 2, 2, dim = 1)", [1, 2, 2]],
    ["concat(A, A, 1)[:, 2]", [2, 5, 2, 5]],
    ["A[2, 1]", 4],
    ["A[:, 1]", [1, 4]],
    ["A[2, :]", [4, 5, 6]],
    ["A[1:2, :]", A],
    ["A[1, 1:2:3]", [1, 3]],
    ["A[1, 1:2:2]", [1]],
    ["A[1, end:-1:1]", [3, 2, 1]],
    ["A[end, end - 1]", 5],
    ["A[:, 2:2]", [[2], [5]]],
  ])("%s", (expression, expected) => {
    expectClose(valueOf(expression, { A }), expected, 1e-15, expression);
  });

  it("sizes are found from the point and are numbers", () => {
    const text =
      "N = size()\nM = size()\nX = param(M + 1, N)\nb = input(M)\nloss = sum(X) / N + M * X[end, N - 1]";
    const point: Point = {
      X: [
        [1, 2],
        [3, 4],
        [5, 6],
      ],
      b: [0, 0],
    };
    const { loss, gradients } = run(text, point);
    expect(loss).toBe(20.5);
    expect(gradients).toEqual({
      X: [
        [0.5, 0.5],
        [0.5, 0.5],
        [2.5, 0.5],
      ],
    });
  });

  it("a name of the model wins over pi and e", () => {
    expect(run("e = input()\nloss = e * 2", { e: 5 }).loss).toBe(10);
  });

  it("another loss can be picked, and one entry is enough", () => {
    const text = "p = param(2)\nq = param()\na = p' * p\nb = a * q";
    const { loss, values, gradients } = run(text, { p: [1, 2], q: 3 }, "a");
    expect({ loss, values, gradients }).toEqual({
      loss: 5,
      values: { a: [5], b: [15] },
      gradients: { p: [2, 4], q: 0 },
    });
  });

  it("names of JavaScript's own are names", () => {
    const point = JSON.parse(`{"__proto__": 3, "constructor": [1, 2]}`) as Point;
    const text =
      "__proto__ = param()\nconstructor = param(2)\ntoString = __proto__ * constructor\nvalueOf = sum(toString)";
    const { loss, values, gradients } = run(text, point);
    expect(loss).toBe(9);
    expect(Object.entries(values)).toEqual([
      ["toString", [3, 6]],
      ["valueOf", 9],
    ]);
    expect(Object.entries(gradients)).toEqual([
      ["__proto__", 3],
      ["constructor", [3, 3]],
    ]);
  });
});
