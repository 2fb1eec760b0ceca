import { describe, expect, it } from "vitest";
import { type Point, run } from "./support.js";

const A = [
  [1, 2, 3],
  [4, 5, 6],
];

describe("what is refused", () => {
  const point: Point = { A, x: [1, 2, 3], s: 2 };
  const start = "A = param(2, 3)\nx = param(3)\ns = param()\n";

  it.each([
    ["x * A", "*: inner sizes differ: the left side is a vector of 3, the right side is 2×3"],
    [
      "x * x",
      "*: inner sizes differ: the left side is a vector of 3, the right side is a vector of 3",
    ],
    ["A + x", "+: the shapes disagree: the left side is 2×3, the right side is a vector of 3"],
    ["x + x'", "+: the shapes disagree: the left side is a vector of 3, the right side is 1×3"],
    ["x .^ A", ".^: the shapes disagree: the left side is a vector of 3, the right side is 2×3"],
    ["A / x", "the divisor of / must be a scalar, not a vector of 3"],
    ["x^2", "the base of ^ must be a scalar, not a vector of 3"],
    ["2^x", "the exponent of ^ must be a scalar, not a vector of 3"],
    ["leakyrelu(x, x)", "slope must be a scalar, not a vector of 3"],
    ["leakyrelu(x, alpha = 1)", "leakyrelu has no argument alpha"],
    ["leakyrelu(x, 1, slope = 1)", "leakyrelu has too many arguments"],
    ["sum(A, 3)", "the dimension of sum is 1 or 2, not 3"],
    ["sum(A, s)", "a whole number is expected here"],
    ["sum()", "sum takes 1 operands, not 0"],
    ["exp(x, 1)", "exp has too many arguments"],
    ["softmax(A)", "softmax of a matrix, 2×3, needs a dimension"],
    ["norm(A)", "norm takes a vector, not 2×3"],
    ["trace(A)", "trace takes a square matrix, not 2×3"],
    ["diag(A)", "diag takes a vector or a square matrix, not 2×3"],
    ["diag(s)", "diag takes a vector or a square matrix, not a scalar"],
    ["dot(x, A)", "dot takes two vectors with equally many entries, not a vector of 3 and 2×3"],
    [
      "concat(A, x)",
      "concat: the columns disagree: the first part is 2×3, another is a vector of 3",
    ],
    ["concat(x)", "concat takes at least two operands"],
    ["ones(0)", "a size must be a positive whole number, not 0"],
    ["ones(1.5)", "a whole number is expected here"],
    ["ones(100000, 100000)", "100000×100000 entries are more than the 33554432 of a matrix"],
    ["identity(2, 2)", "identity takes 1 sizes"],
    ["A[1]", "2×3 is indexed by 1 positions"],
    ["x[1, 1]", "a vector of 3 is indexed by 2 positions"],
    ["s[1]", "a scalar is indexed by 1 positions"],
    ["x[4]", "the position 4 is not within 1 to 3"],
    ["x[0:2]", "the position 0 is not within 1 to 3"],
    ["x[3:2]", "the range 3:1:2 has no entries"],
    ["x[1:0:2]", "the range 1:0:2 has no entries"],
    ["x[s]", "a whole number is expected here"],
    ["[1, x]", "an entry of a matrix must be a scalar, not a vector of 3"],
    ["[[1, 2], [3]]", "the rows of a matrix have equally many entries, at least one"],
    ["unknown + 1", "there is no unknown"],
    ["result + 1", "result is used before it is given"],
    ["gamma(2)", "there is no function gamma here"],
    ["constructor(2)", "there is no function constructor here"],
    ["1 + input(2)", "there is no function input here"],
    ['"text"', "a string stands only at the end of a declaration"],
  ])("%s: %s", (expression, message) => {
    expect(() => run(`${start}result = ${expression}\nloss = 0`, point)).toThrow(
      expect.objectContaining({ name: "InputError", message, line: 4 }),
    );
  });

  it.each([
    ["p = param(2)\nloss = sum(p)", {}, "the point has no p"],
    ["p = param(2)\nloss = sum(p)", { p: 1 }, "p must be a list of finite numbers"],
    ["p = param(2)\nloss = sum(p)", { p: [1, NaN] }, "p must be a list of finite numbers"],
    [
      "p = param(2)\nloss = sum(p)",
      { p: [1, 2, 3] },
      "p: the point gives 3 entries where 2 are declared",
    ],
    [
      "p = param(2)\nloss = sum(p)",
      { p: [1, 2], q: 1 },
      "the point gives q, which is not declared",
    ],
    ["p = param()\nloss = p", { p: [1] }, "p must be a finite number"],
    ["p = param(1, 2)\nloss = sum(p)", { p: [1, 2] }, "p must be rows of finite numbers"],
    ["p = param(2, 2)\nloss = sum(p)", { p: [[1, 2], [3]] }, "p must be rows of one length"],
    [
      "N = size()\np = param(N)\nq = param(N)\nloss = sum(p + q)",
      { p: [1], q: [1, 2] },
      "q: the point gives 2 entries where 1 are declared",
    ],
    ["N = size()\nloss = N", {}, "the point does not fix the size N"],
    ["p = param(N)\nN = size()\nloss = N", { p: [1] }, "N is no size that is given before"],
    ["p = param(2)\nloss = p", { p: [1, 2] }, "the loss loss must be a scalar, not a vector of 2"],
    ["p = param()\np = 2 * p\nloss = p", { p: 1 }, "p is given twice"],
  ] as [string, Point, string][])("%j at %j: %s", (text, at, message) => {
    expect(() => run(text, at)).toThrow(expect.objectContaining({ name: "InputError", message }));
  });

  it("a loss that is not there", () => {
    expect(() => run("p = param()\nloss = p", { p: 1 }, "los")).toThrow("the model has no los");
  });
});
