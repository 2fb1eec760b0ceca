import { describe, expect, it } from "vitest";
import { Entries, expectGradients, run } from "./support.js";

/** Expression and the sizes of its parameters. */
type Row = readonly [expression: string, sizes: Readonly<Record<string, string>>];

const shapes = ["", "3", "1", "2x3", "1x3", "3x1", "1x1"];

function over(expressions: readonly string[]): Row[] {
  return expressions.flatMap((expression) =>
    shapes.map((shape): Row => [expression, { A: shape }]),
  );
}

const pairs: readonly (readonly [string, string])[] = [
  ["", ""],
  ["", "3"],
  ["2x3", ""],
  ["3", "3"],
  ["3x2", "3"],
  ["3", "3x2"],
  ["2x3", "1x3"],
  ["3x1", "3x2"],
  ["2x3", "1x1"],
  ["1", "1x3"],
  ["2x2", "2x2"],
  ["1x1", "1"],
];

function overPairs(expressions: readonly string[]): Row[] {
  return expressions.flatMap((expression) => pairs.map(([A, B]): Row => [expression, { A, B }]));
}

const elementwise = over([
  "exp(A)",
  "log(A.^2 + 0.5)",
  "log1p(A.^2)",
  "sqrt(A.^2 + 0.5)",
  "square(A)",
  "abs(A)",
  "sin(A)",
  "cos(A)",
  "tan(A ./ 3)",
  "tanh(A)",
  "sigmoid(A)",
  "sigmoid(-20 .* A)",
  "softplus(A)",
  "softplus(8 .* A)",
  "relu(A)",
  "leakyrelu(A)",
  "leakyrelu(A, 0.3)",
  "elu(A)",
  "elu(A, alpha = 0.7)",
  "silu(A)",
  "gelu(A)",
  "gelu(3 .* A - 2)",
  "erf(A)",
  "-A",
  "+A",
  "A'",
  "A.^3",
  "A.^(-2)",
  "A.^0",
  "2.^A",
  "A + A .* A",
  "A * 3",
  "2 A",
  "A / 4",
]);

const piecewise: Row[] = shapes.flatMap((A): Row[] => [
  ["leakyrelu(A, s)", { A, s: "" }],
  ["leakyrelu(A, slope = s)", { A, s: "1x1" }],
  ["elu(A, s)", { A, s: "1" }],
  ["elu(A, alpha = s * s)", { A, s: "" }],
]);

const binary = overPairs([
  "A + B",
  "A - B",
  "A .* B",
  "A ./ (B.^2 + 0.5)",
  "(A.^2 + 0.3) .^ B",
  "maximum(A, B)",
  "minimum(A, B)",
]);

const reductions = over([
  ...["sum", "mean", "max", "min", "logsumexp"].flatMap((name) => [
    `${name}(A)`,
    `${name}(A, 1)`,
    `${name}(A, 2)`,
    `${name}(A, dim = 1)`,
  ]),
  "softmax(A, 1)",
  "softmax(A, 2)",
  "softmax(A, dim = 2)",
  "logsoftmax(A, 1)",
  "logsoftmax(A, 2)",
]);

const linear: Row[] = [
  ["A * B", { A: "2x3", B: "3x2" }],
  ["A * B", { A: "2x3", B: "3" }],
  ["A * B", { A: "1x3", B: "3" }],
  ["A * B", { A: "3", B: "1x2" }],
  ["A * B", { A: "3", B: "1x1" }],
  ["A * B", { A: "3", B: "1" }],
  ["A * B", { A: "1", B: "3" }],
  ["A * B", { A: "1x1", B: "3x2" }],
  ["A * B", { A: "3x2", B: "1" }],
  ["A * B", { A: "", B: "2x3" }],
  ["A * B", { A: "3", B: "" }],
  ["A * B", { A: "", B: "" }],
  ["A * B", { A: "1x1", B: "1x1" }],
  ["A * B'", { A: "3", B: "2" }],
  ["A' * B", { A: "3", B: "3" }],
  ["A * A", { A: "3x3" }],
  ["A * x + b", { A: "2x3", x: "3", b: "2" }],
  ["A * X + b", { A: "2x3", X: "3x4", b: "2" }],
  ["X * A + b'", { A: "3x2", X: "4x3", b: "2" }],
  ["A / (B^2 + 1)", { A: "2x3", B: "" }],
  ["A / (B^2 + 1)", { A: "", B: "1x1" }],
  ["A / (B^2 + 1)", { A: "3", B: "1" }],
  ["(A^2 + 1)^B", { A: "", B: "" }],
  ["(A^2 + 1)^B", { A: "1", B: "1x1" }],
  ["dot(A, B)", { A: "3", B: "3" }],
  ["dot(A, B)", { A: "1x3", B: "3" }],
  ["dot(A, B)", { A: "3x1", B: "1x3" }],
  ["dot(A, A)", { A: "3" }],
  ["norm(A)", { A: "3" }],
  ["norm(A)", { A: "1x3" }],
  ["norm(A)", { A: "3x1" }],
  ["norm(A)", { A: "1" }],
  ["trace(A)", { A: "3x3" }],
  ["trace(A * B)", { A: "2x3", B: "3x2" }],
  ["diag(A)", { A: "3" }],
  ["diag(A)", { A: "1" }],
  ["diag(A)", { A: "3x3" }],
  ["diag(A) * B", { A: "3", B: "3x2" }],
  ["transpose(A)", { A: "2x3" }],
  ["transpose(A) * A", { A: "3" }],
  ["kron(A, B)", { A: "2x3", B: "3x2" }],
  ["kron(A, B)", { A: "2", B: "3" }],
  ["kron(A, B)", { A: "1x3", B: "2" }],
  ["kron(A, B)", { A: "2", B: "2x2" }],
  ["kron(A, B)", { A: "", B: "2x2" }],
  ["kron(A, B)", { A: "", B: "" }],
  ["kron(A, identity(2))", { A: "1x3" }],
  ["A * ones(3)", { A: "2x3" }],
  ["ones(2, 3) .* A + zeros(2, 3)", { A: "1x3" }],
  ["identity(3) * A", { A: "3" }],
];

const moving: Row[] = [
  ["A[2, 1]", { A: "3x2" }],
  ["A[:, 1]", { A: "3x2" }],
  ["A[2, :]", { A: "3x2" }],
  ["A[1:2, :]", { A: "3x2" }],
  ["A[1:2:end, end]", { A: "3x2" }],
  ["A[end:-1:1, 1:1]", { A: "3x2" }],
  ["A[end - 1, :]", { A: "3x2" }],
  ["A[1, :]", { A: "1x3" }],
  ["A[1, 1]", { A: "1x1" }],
  ["A[2]", { A: "3" }],
  ["A[2:3]", { A: "3" }],
  ["A[:]", { A: "3" }],
  ["A[1] .* A", { A: "3" }],
  ["(A * B)[2, :]", { A: "2x3", B: "3x2" }],
  ["[A, B; B, A .* B]", { A: "", B: "1" }],
  ["[A, 2, B]", { A: "", B: "1x1" }],
  ["[B[1]; B[2]; B[1]]", { B: "2" }],
  ["concat(A, B)", { A: "3", B: "2" }],
  ["concat(A, B)", { A: "", B: "2" }],
  ["concat(A, B)", { A: "3", B: "2x1" }],
  ["concat(A, B, 1)", { A: "1x3", B: "2x3" }],
  ["concat(A, B, 2)", { A: "3", B: "3x2" }],
  ["concat(A, B, A, dim = 2)", { A: "2x2", B: "2" }],
  ["concat(A, 2, dim = 1)", { A: "2" }],
  ["concat(A, A .* A, B, 1)", { A: "2", B: "" }],
];

describe.each([
  ["elementwise functions", elementwise],
  ["functions with a parameter", piecewise],
  ["elementwise operators", binary],
  ["reductions", reductions],
  ["linear algebra", linear],
  ["moving entries", moving],
])("%s: gradients are those of differences", (_, rows) => {
  it.each(rows.map(([expression, sizes]) => [expression, JSON.stringify(sizes), sizes] as const))(
    "%s with %s",
    (expression, _text, sizes) => {
      for (const seed of [1, 2]) {
        const entries = new Entries(seed, false);
        const point = Object.fromEntries(
          Object.entries(sizes).map(([name, shape]) => [name, entries.draw(shape)]),
        );
        expectGradients(expression, point);
      }
    },
  );
});

describe("on positive entries: gradients are those of differences", () => {
  it.each(["log(A)", "sqrt(A)", "A.^0.5", "A.^B", "B ./ A", "log1p(A)", "norm(sqrt(A))"])(
    "%s",
    (expression) => {
      const entries = new Entries(3, true);
      const point = { A: (entries.draw("3") as number[]).map((entry) => 1 + entry) };
      const both = expression.includes("B") ? { ...point, B: entries.draw("3") } : point;
      expectGradients(expression, both);
    },
  );
});

describe("conventions", () => {
  const slope = (expression: string, p: number): unknown =>
    run(`p = param()\nloss = ${expression}`, { p }).gradients["p"];

  it.each([
    ["relu(p)", 0],
    ["abs(p)", 0],
    ["sign(p)", 0],
    ["step(p)", 0],
    ["leakyrelu(p)", 0.01],
    ["leakyrelu(p, 0.2)", 0.2],
    ["elu(p)", 1],
    ["elu(p, alpha = 3)", 3],
    ["maximum(p, 0)", 0.5],
    ["maximum(2 * p, p)", 1.5],
    ["minimum(p, 3 * p)", 2],
    ["max([p, 5 * p, -1])", 3],
    ["min([p, 2 * p, 3 * p, 1])", 2],
    ["square(p)", 0],
    ["p^0", 0],
    ["p^1", 1],
    ["p.^2", 0],
    ["p + (p < 1) + (p <= 0) + (p > 1) + (p >= 0) + (p == 0) + (p != 0)", 1],
    ["(1 / p > 0) * 2", 0],
    ["norm([p, p])", 0],
  ])("%s has derivative %d at p = 0: %s", (expression, expected) => {
    expect(slope(expression, 0)).toBe(expected);
  });

  it("a constant exponent or base asks for nothing of the other", () => {
    expect(slope("(p - 3)^2", 1)).toBe(-4);
    expect(slope("(p - 3)^3", 1)).toBe(12);
    expect(slope("0^p", 2)).toBe(0);
  });

  it("ties of a column share equally", () => {
    const text = "A = param(3, 2)\nloss = dot(max(A, 1), [6, 1])";
    const A = [
      [2, 7],
      [2, 0],
      [2, 7],
    ];
    expect(run(text, { A }).gradients["A"]).toEqual([
      [2, 0.5],
      [2, 0],
      [2, 0.5],
    ]);
  });

  it("comparisons are exact", () => {
    expect(run("p = param()\nloss = (p > 1) + 2 * (p == 1)", { p: 1 + 2 ** -52 }).loss).toBe(1);
  });

  it("flat ends keep their digits", () => {
    expect(slope("sigmoid(p)", 40)).toBeCloseTo(4.248354255291589e-18, 30);
    expect(slope("sigmoid(p)", -800)).toBe(0);
    expect(slope("tanh(p)", 20)).toBeCloseTo(1.6993417021166355e-17, 29);
    expect(slope("softplus(p)", 1000)).toBe(1);
    expect(slope("log(1 + exp(p))", 1000)).toBeNaN();
    expect(slope("logsumexp([p, 0])", 1000)).toBe(1);
    expect(slope("logsoftmax([p, 0])[2]", 1000)).toBe(-1);
  });
});

it("sums of 20,000 terms are differentiated", () => {
  const text = `p = param()\nx = param(2)\nloss = p${" + p".repeat(20_000)} + x[1${" + 1 - 1".repeat(5_000)}]`;
  const { loss, gradients } = run(text, { p: 0.5, x: [3, 4] });
  expect(loss).toBe(10_003.5);
  expect(gradients).toEqual({ p: 20_001, x: [1, 0] });
});
