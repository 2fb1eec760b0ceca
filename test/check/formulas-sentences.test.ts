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

it.each([
  ["dp = ((1 - y) ./ (1 - p) - y ./ p) / N", "ds = dp .* p .* p", "ds"],
  ["grad_p = ((1 - y) ./ (1 - p) - y ./ p) / N", "grad_s = grad_p .* p .* p", "grad_s"],
])("a claim is called in sentences as it is in the file: %s", (above, line, name) => {
  const model = parseModel(`
    N = size()
    X = input(N, 3)
    y = target(N)
    w = param(3)
    s = X * w
    p = sigmoid(s)
    L = -mean(y .* log(p) + (1 - y) .* log(1 - p))`);
  const { firstWrong } = checkFormulas(model, `${above}\n${line}`);
  expect(firstWrong!.diagnosis[0]!.text).toBe(
    `${name} has p where 1 - p belongs: the two add up to 1`,
  );
});

it("other derivatives are called in sentences as the file calls them, and the model's dp is not ∂L/∂p", () => {
  const model = parseModel(`
    a = param(3)
    p = param(3)
    q = param(3)
    m = input()
    dp = sum((a - p).^2)
    dn = sum((a - q).^2)
    L = softplus(m + dp - dn)`);
  const text = `grad_dp = sigmoid(m + dp - dn)
    grad_dn = -sigmoid(m + dp - dn)
    grad_a = 2 * (grad_dn * q + grad_dp * (a - p))
    grad_p = grad_dp * (p - a)`;
  const { checks } = checkFormulas(model, text);
  const texts = checks.flatMap(({ diagnosis }) => diagnosis.map((one) => one.text));
  expect(texts).toContain(
    "grad_a is the right gradient with one term left out: add 2 * grad_dp * a",
  );
  expect(texts.join()).not.toContain("ddn");
  expect(texts.join()).not.toContain("follows from da");
});

it("a claim that has no value at a point is told with what has none", () => {
  const model = parseModel("x = input(3)\nw = param(3)\nL = sum((w .* x).^3)");
  const { firstWrong } = checkFormulas(model, "dw = exp(w) ./ sqrt(-sum(x.^2)) - 7 * w");
  expect(firstWrong).toMatchObject({ name: "dw", diagnosis: [{ cause: "unknown" }] });
  expect(firstWrong!.diagnosis[0]!.text).toMatch(
    /^dw has no value at one of the points, where -sum\(x\.\^2\) is -[\d.]+: sqrt\(-sum\(x\.\^2\)\) is no finite number there$/,
  );
});
