/** Where in a statement a mistake is, and what is told of several that would mend it. */
import { checkFormulas, parseModel } from "chainrule";
import { describe, expect, it } from "vitest";

const PAIRS = parseModel(`
  N = size()
  X = input(N, 3)
  Y = target(N, 3)
  W = param(3, 3)
  alpha = param()
  s = alpha / 2
  A = softmax(s * X * W, 2)
  v = param(3)
  z = X * v
  L = -sum(Y .* log(A)) / N - sum(log(sigmoid(-z))) / N`);

describe("what is told of a statement", () => {
  it.each([
    // the factor is missing in one sum only
    ["dA = -Y ./ A / N\ndS = A .* (dA - sum(dA, 2))\ndW = s * X' * dS", undefined],
    ["dz = sigmoid(-z) / N", "dz has a wrong sign in -z"],
    [
      "dA = -Y ./ A / N\ndW = X' * (alpha * A .* (dA - sum(dA .* A, 2)))",
      "dW uses alpha where s belongs",
    ],
  ])("%s", (text, told) => {
    const { firstWrong } = checkFormulas(PAIRS, text);
    const [first] = firstWrong!.diagnosis;
    if (told !== undefined) expect(first!.text).toBe(told);
    else expect(first).toMatchObject({ cause: "missing-factor" });
  });

  it("says beside what a factor is missing", () => {
    const model = parseModel(`
      S = param(4, 3)
      T = target(4, 3)
      A = softmax(S, 2)
      L = sum((A - T).^2)`);
    const { firstWrong } = checkFormulas(model, "dA = 2 * (A - T)\ndS = A .* (dA - sum(dA, 2))");
    expect(firstWrong).toMatchObject({
      repair: "dS = A .* (dA - sum(dA .* A, 2))",
      diagnosis: [
        { cause: "missing-factor", factor: "A", text: "dS lacks the factor A beside dA" },
      ],
    });
  });
});

describe("repairs of conditions", () => {
  const model = parseModel(`
    N = size()
    X = input(N, 3)
    t = target(N)
    w = param(3)
    y = X * w
    L = sum((y - t).^2) / N + 0.1 * sum(abs(w)) + sum(minimum(y, 3).^2)`);
  const repairOf = (dy: string, dw: string): string | undefined =>
    checkFormulas(model, `dy = ${dy}\ndw = ${dw}`).firstWrong?.repair;
  const DY = "2 * (y - t) / N + 2 * y .* (y <= 3)";
  const DW = "X' * dy + 0.1 * sign(w)";

  it("have the bounds of the model, not such as no point shows", () => {
    expect(repairOf(DY, "X' * dy + 0.1 * (2 * (w > -0.01) - 1)")).toBe(
      "dw = X' * dy + 0.1 * (2 * (w > 0) - 1)",
    );
    expect(repairOf("2 * (y - t) / N + 2 * y .* (y <= 2)", DW)).toBe(`dy = ${DY}`);
  });

  it("leave a function out before they put a slope in", () => {
    expect(repairOf("2 * (y - t) / N + 2 * y .* (abs(y) <= 3)", DW)).toBe(`dy = ${DY}`);
  });
});

describe("slopes of examples that stand in columns", () => {
  const model = parseModel(`
    N = size()
    X = input(4, N)
    Y = target(1, N)
    W = param(1, 4)
    b = param()
    Z = W * X + b
    A = tanh(Z)
    L = sum((A - Y).^2) / N`);

  it.each([
    ["dZ = dA .* sqrt(A + 2)", "dZ", "dZ = dA .* (1 - A.^2)"],
    ["slope = 2 ./ (exp(A) + exp(-A))\ndZ = dA .* slope", "slope", "slope = 1 - A.^2"],
  ])("are told where another function stands: %j", (lines, name, repair) => {
    const { firstWrong } = checkFormulas(model, `dA = 2 * (A - Y) / N\n${lines}`);
    expect(firstWrong).toMatchObject({ name, repair });
    expect(firstWrong!.diagnosis[0]).toMatchObject({ cause: "wrong-function" });
  });
});
