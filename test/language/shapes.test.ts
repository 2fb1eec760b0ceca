import { check, checkFormulas, compile, parseModel } from "chainrule";
import { describe, expect, it } from "vitest";
import { refusal, refusalOf, shapeOf } from "./support.js";

describe("shapes of operators", () => {
  it.each([
    ["A * y", "2"],
    ["A * B", "2×2"],
    ["A * X", "2×N"],
    ["X * Y", "3×M"],
    ["x' * x", "1"],
    ["x * x'", "2×2"],
    ["x * y'", "2×3"],
    ["r * y", "1"],
    ["y * r", "3×3"],
    ["k * A", "2×3"],
    ["A * k", "2×3"],
    ["A'", "3×2"],
    ["x'", "1×2"],
    ["k'", "scalar"],
    ["X'", "N×3"],
    ["n'", "1×N"],
    ["A + x", "2×3"],
    ["A + r", "2×3"],
    ["A + k", "2×3"],
    ["k - A", "2×3"],
    ["X + y", "3×N"],
    ["X + n'", "3×N"],
    ["A .* A", "2×3"],
    ["x ./ k", "2"],
    ["2 .^ A", "2×3"],
    ["A < x", "2×3"],
    ["y + r'", "3×1"],
    ["A / k", "2×3"],
    ["k ^ 2", "scalar"],
    ["-A", "2×3"],
    ["(x' * x) * A", "2×3"],
    ["A + x' * x", "2×3"],
    ["N * A", "2×3"],
    ["N + 1", "scalar"],
  ])("%s is %s", (expression, shape) => {
    expect(shapeOf(expression)).toBe(shape);
  });

  it.each([
    ["A * x", "A * x: inner sizes differ: A is 2×3, x has 2 entries", "did you mean A' * x?"],
    ["A * A", "A * A: inner sizes differ: A is 2×3, A is 2×3", "did you mean A' * A?"],
    ["X * X", "X * X: inner sizes differ: X is 3×N, X is 3×N", "did you mean X' * X?"],
    ["Y * X", "Y * X: inner sizes differ: Y is N×M, X is 3×N", "did you mean X * Y?"],
    [
      "x * y",
      "x * y: inner sizes differ: x has 2 entries, y has 3 entries",
      "did you mean x * y'?",
    ],
    [
      "x + y'",
      "x + y': both operands would have to be stretched: x has 2 entries, y' is 1×3",
      "make x 1×3; one operand only is stretched",
    ],
    [
      "A + y",
      "A + y: shapes differ: A is 2×3, y has 3 entries",
      "a vector is a column; as a row it is written y'",
    ],
    ["A + B", "A + B: shapes differ: A is 2×3, B is 3×2", "transpose one of them: A'"],
    [
      "X + n",
      "X + n: shapes differ: X is 3×N, n has N entries",
      "a vector is a column; as a row it is written n'",
    ],
    ["x / A", "what / divides by must be a scalar: A is 2×3", "elementwise division is ./"],
    ["A ^ 2", "the base of ^ must be a scalar: A is 2×3", "elementwise powers are .^"],
  ])("%s is refused", (expression, message, hint) => {
    expect(refusal(expression)).toEqual({ message, hint });
  });
});

describe("shapes of functions", () => {
  it.each([
    ["exp(A)", "2×3"],
    ["maximum(A, x)", "2×3"],
    ["maximum(k, y)", "3"],
    ["leakyrelu(A)", "2×3"],
    ["leakyrelu(A, slope = 0.2)", "2×3"],
    ["sum(A)", "scalar"],
    ["sum(A, 1)", "3"],
    ["sum(A, 2)", "2"],
    ["sum(A, dim = 2)", "2"],
    ["sum(x, 1)", "scalar"],
    ["mean(X, 1)", "N"],
    ["max(X, 2)", "3"],
    ["min(A)", "scalar"],
    ["logsumexp(Y, 1)", "M"],
    ["softmax(A, 1)", "2×3"],
    ["softmax(y)", "3"],
    ["logsoftmax(X, 2)", "3×N"],
    ["dot(y, r)", "scalar"],
    ["norm(y)", "scalar"],
    ["trace(S)", "scalar"],
    ["diag(y)", "3×3"],
    ["diag(S)", "3"],
    ["transpose(A)", "3×2"],
    ["kron(A, B)", "6×6"],
    ["kron(x, y)", "6"],
    ["kron(x', A)", "2×6"],
    ["kron(A, X)", "6×3*N"],
    ["ones(2)", "2"],
    ["zeros(2, N)", "2×N"],
    ["identity(N)", "N×N"],
    ["ones(2 * N + 1)", "2*N + 1"],
    ["ones()", "scalar"],
    ["concat(x, y)", "5"],
    ["concat(x, y, x)", "7"],
    ["concat(A, A)", "4×3"],
    ["concat(A, A, dim = 2)", "2×6"],
    ["concat(A, x, 2)", "2×4"],
    ["concat(X, A)", "refused"],
    ["concat(k, x)", "3"],
    ["square(A)", "2×3"],
  ])("%s is %s", (expression, shape) => {
    if (shape === "refused") expect(refusal(expression).message).toContain("columns differ");
    else expect(shapeOf(expression).replaceAll(" ", "")).toBe(shape.replaceAll(" ", ""));
  });

  it.each([
    ["sum(A, 3)", "the dimension of sum must be 1 or 2, not 3"],
    ["sum(A, k)", "the dimension of sum must be 1 or 2, not k"],
    ["softmax(A)", "softmax of a matrix needs its dimension: A is 2×3"],
    ["dot(A, y)", "dot takes vectors: A is 2×3"],
    ["dot(x, y)", "dot: lengths differ: x has 2 entries, y has 3 entries"],
    ["trace(A)", "trace takes a square matrix: A is 2×3"],
    ["ones(k)", "a size of ones must be a whole number or a size, not k"],
    ["ones(0)", "a size of ones must be at least 1, not 0"],
    ["maximum(x)", "maximum needs its argument b"],
    ["exp()", "exp needs its argument x"],
    ["exp(y = x)", "exp has no argument y"],
    ["elu(slope = 1, x)", "an argument without a name stands behind one with a name"],
  ])("%s is refused", (expression, message) => {
    expect(refusal(expression).message).toBe(message);
  });
});

describe("entries and ranges", () => {
  it.each([
    ["A[1, 2]", "scalar"],
    ["A[:, 2]", "2"],
    ["A[1, :]", "3"],
    ["A[1:2, 2:3]", "2×2"],
    ["A[2:2, :]", "1×3"],
    ["x[2]", "scalar"],
    ["y[1:2]", "2"],
    ["y[2:end]", "2"],
    ["y[1:2:3]", "2"],
    ["X[:, N]", "3"],
    ["X[:, 1:N]", "3×N"],
    ["n[2:end]", "N-1"],
    ["n[end]", "scalar"],
    ["Y[N, M]", "scalar"],
    ["A[end, end]", "scalar"],
    ["(A * B)[1, :]", "2"],
    ["n[1:end-1]", "N-1"],
  ])("%s is %s", (expression, shape) => {
    expect(shapeOf(expression).replaceAll(" ", "")).toBe(shape);
  });

  it.each([
    ["A[3, 1]", "index 3 is not within 1…2: A is 2×3"],
    ["A[1, 0]", "index 0 is not within 1…3: A is 2×3"],
    ["n[N + 1]", "index N + 1 is not within 1…N: n has N entries"],
    ["n[0]", "index 0 is not within 1…N: n has N entries"],
    ["y[3:1]", "the range 3:1 is empty"],
    ["y[k]", "an index must be a whole number, not k"],
    ["y[1.5]", "an index must be a whole number, not 1.5"],
    ["y[1:0:3]", "a range with a step needs whole numbers, counting upwards"],
    ["y[1, 1]", "y takes 1 index, not 2: y has 3 entries"],
    ["A[1]", "A takes 2 indices, not 1: A is 2×3"],
    ["k[1]", "k takes no indices: k is a scalar"],
    ["end + 1", "end stands only in an index"],
  ])("%s is refused", (expression, message) => {
    expect(refusal(expression).message).toBe(message);
  });
});

describe("sizes", () => {
  it.each([
    ["x = param(2 * 3 + 1)\nL = sum(x .* ones(7))", undefined],
    ["N = size()\nx = param(N)\nz = param(N * N)\nL = sum(x) + sum(z)", undefined],
    ["N = size()\nx = param(N)\nL = sum(x) / N", undefined],
    ["x = param(0)\nL = sum(x)", "a size of x must be at least 1, not 0"],
    ["N = size()\nx = param(N - N)\nL = sum(x)", "a size of x must be at least 1, not 0"],
    ["x = param(y)\nL = sum(x)", "unknown size y"],
    [
      "y = input()\nx = param(y)\nL = sum(x)",
      "a size of x must be a whole number or a size, not y",
    ],
    [
      "N = size()\nM = size()\nx = param(N)\ny = param(M)\nL = sum(x + y)",
      "x + y: shapes differ: x has N entries, y has M entries",
    ],
  ])("%j", (text, message) => {
    if (message === undefined) expect(() => refusalOf(text)).toThrow("it is accepted");
    else expect(refusalOf(text).message).toBe(message);
  });

  it("that nothing uses need not be fixed", () => {
    const model = parseModel("N = size()\nx = input(2)\nw = param(2)\nL = sum((w .* x).^2)");
    const at = { x: [1, 2], w: [3, 4] };
    expect(compile(model).evaluate(at).gradients).toEqual({ w: [6, 32] });
    expect(check(model, { w: [12, 64] }, { at }).checks[0]!.diagnosis[0]!.cause).toBe(
      "constant-factor",
    );
    expect(checkFormulas(model, "dw = 2 * w .* x.^2").ok).toBe(true);
    expect(() => checkFormulas(model, "dw = 2 * w .* x.^2 / N")).toThrow(
      "nothing fixes the size N",
    );
  });
});
