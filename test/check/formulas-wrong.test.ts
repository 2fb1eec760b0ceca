import { checkFormulas, type FormulaCheck, parseModel } from "chainrule";
import { afterAll, describe, expect, it } from "vitest";
import { explanations, together } from "./explanations.js";
import { type ModelName, modelOf } from "./formula-models.js";

/** A file, the line where the fault arises, and the cause that must be named first. */
type Case = readonly [ModelName, string, string, number, string];

const SIGMOID =
  "dy = y - t\ndz2 = dy\ndW2 = dz2 * a1'\nda1 = W2' * dz2\ndz1 = da1 .* a1 .* (1 - a1)\ndW1 = dz1 * x'";
const RELU =
  "dy = y - t\ndz2 = dy .* (z2 > 0)\ndW2 = dz2 * h1'\ndb2 = dz2\ndh1 = W2' * dz2\ndz1 = dh1 .* (z1 > 0)\ndW1 = dz1 * x'\ndb1 = dz1";
const BATCH =
  "dO = (O - T) / N\ndW3 = dO * H2'\ndb3 = sum(dO, 2)\ndH2 = W3' * dO\ndZ2 = dH2 .* H2 .* (1 - H2)\ndW2 = dZ2 * H1'\ndb2 = sum(dZ2, 2)\ndH1 = W2' * dZ2\ndZ1 = dH1 .* H1 .* (1 - H1)\ndW1 = dZ1 * X'\ndb1 = sum(dZ1, 2)";
const ROWS = "dY = 2 * (Y - T)\ndU = dY .* Y .* (1 - Y)\ndW = X' * dU\ndb = sum(dU, 1)";
const SOFTMAX = "dZ = (P .* sum(T, 1)' - T) / N\ndW = dZ * X'\ndb = sum(dZ, 2)";
const RIDGE = "dr = r / N\ndw = X' * dr + 0.1 * w\ndb = sum(dr)";
const TIED = "dr = r - x\ndh = W * dr\ndz = dh .* (1 - h.^2)\ndW = h * dr' + dz * x'"
  .replace("dz =", "delta =")
  .replace("dz *", "delta *");

/** The file with one line replaced. */
const but = (text: string, line: number, statement: string): string =>
  text
    .split("\n")
    .with(line - 1, statement)
    .join("\n");

const wrong: readonly Case[] = [
  // the published mistakes of the reference systems
  ["relu", "A: the mask of z2", but(RELU, 6, "dz1 = dh1 .* (z2 > 0)"), 6, "shape + wrong-variable"],
  ["sigmoid", "B: -y + t", but(SIGMOID, 1, "dy = -y + t"), 1, "sign"],
  ["asRun", "B: as run, a1 for z1", "dW2 = (y - t) * a1'", 1, "wrong-variable"],
  [
    "asRun",
    "B: as run, a slope too many",
    "dW1 = ((W2' * (y - t)) .* a1 .* (1 - a1)) * x'",
    1,
    "extra-factor",
  ],
  [
    "batch",
    "C: by pre-activations",
    "dO = (O - T) / N\ndH2 = (W3' * dO) .* H2 .* (1 - H2)\ndW2 = dH2 * H1'",
    2,
    "other-quantity",
  ],
  ["rows", "D: the bias unsummed", but(ROWS, 4, "db = dU"), 4, "not-summed"],
  [
    "logistic",
    "E: x and the rest swapped",
    "dy = -t * sigmoid(-t * y)\ndz1 = dy * w2 .* (z1 > 0)\ndW1 = x * dz1'",
    3,
    "transposed",
  ],
  // signs and constants
  ["sigmoid", "a sign in the middle", but(SIGMOID, 4, "da1 = -W2' * dz2"), 4, "sign"],
  ["sigmoid", "1 + a", but(SIGMOID, 5, "dz1 = da1 .* a1 .* (1 + a1)"), 5, "sign"],
  ["sigmoid", "twice", but(SIGMOID, 1, "dy = 2 * (y - t)"), 1, "constant-factor"],
  ["sigmoid", "half", but(SIGMOID, 3, "dW2 = 1/2 * dz2 * a1'"), 3, "constant-factor"],
  ["sigmoid", "an update step", but(SIGMOID, 6, "dW1 = -0.01 * dz1 * x'"), 6, "constant-factor"],
  ["batch", "1/N forgotten", but(BATCH, 1, "dO = O - T"), 1, "constant-factor"],
  ["batch", "1/N once more", but(BATCH, 10, "dW1 = dZ1 * X' / N"), 10, "constant-factor"],
  ["batch", "1/5 for 1/N", but(BATCH, 1, "dO = (O - T) / 5"), 1, "constant-factor"],
  ["rows", "the 2 forgotten", but(ROWS, 1, "dY = Y - T"), 1, "constant-factor"],
  [
    "ridge",
    "the regulariser twice",
    but(RIDGE, 2, "dw = X' * dr + 2 * 0.1 * w"),
    2,
    "constant-factor",
  ],
  // shapes
  ["sigmoid", "W2 not transposed", but(SIGMOID, 4, "da1 = W2 * dz2"), 4, "transposed"],
  ["sigmoid", "factors swapped", but(SIGMOID, 4, "da1 = dz2 * W2"), 4, "transposed"],
  ["sigmoid", "the outer product transposed", but(SIGMOID, 3, "dW2 = a1 * dz2'"), 3, "transposed"],
  ["sigmoid", "x not transposed", but(SIGMOID, 6, "dW1 = dz1 * x"), 6, "transposed"],
  ["sigmoid", "elementwise where a product is", but(SIGMOID, 3, "dW2 = dz2 .* a1'"), 3, "shape"],
  ["batch", "* for .*", but(BATCH, 9, "dZ1 = dH1 * H1 .* (1 - H1)"), 9, "shape"],
  ["batch", "X not transposed", but(BATCH, 10, "dW1 = dZ1 * X"), 10, "transposed"],
  // factors
  ["sigmoid", "the slope left out", but(SIGMOID, 5, "dz1 = da1"), 5, "missing-factor"],
  ["sigmoid", "half of the slope", but(SIGMOID, 5, "dz1 = da1 .* a1"), 5, "missing-factor"],
  [
    "sigmoid",
    "a slope at the output",
    but(SIGMOID, 2, "dz2 = dy .* y .* (1 - y)"),
    2,
    "extra-factor",
  ],
  ["relu", "no mask", but(RELU, 6, "dz1 = dh1"), 6, "missing-factor"],
  ["relu", "no mask at the output", but(RELU, 2, "dz2 = dy"), 2, "missing-factor"],
  ["batch", "the slope left out", but(BATCH, 5, "dZ2 = dH2"), 5, "missing-factor"],
  [
    "batch",
    "the slope of the other layer",
    but(BATCH, 9, "dZ1 = dH1 .* H2 .* (1 - H2)"),
    9,
    "wrong-variable",
  ],
  // names
  ["sigmoid", "z1 for a1", but(SIGMOID, 3, "dW2 = dz2 * z1'"), 3, "wrong-variable"],
  [
    "sigmoid",
    "the slope at z",
    but(SIGMOID, 5, "dz1 = da1 .* z1 .* (1 - z1)"),
    5,
    "wrong-variable",
  ],
  [
    "sigmoid",
    "half of the slope at z",
    but(SIGMOID, 5, "dz1 = da1 .* a1 .* (1 - z1)"),
    5,
    "wrong-variable",
  ],
  ["batch", "H2 for H1", but(BATCH, 6, "dW2 = dZ2 * H2'"), 6, "wrong-variable"],
  ["batch", "dZ2 for dZ1", but(BATCH, 11, "db1 = sum(dZ2, 2)"), 11, "other-quantity"],
  ["relu", "dh1 for dz1", but(RELU, 7, "dW1 = dh1 * x'"), 7, "missing-factor"],
  ["sigmoid", "x for t", but(SIGMOID, 1, "dy = y - x"), 1, "wrong-variable"],
  // functions
  ["sigmoid", "tanh's slope", but(SIGMOID, 5, "dz1 = da1 .* (1 - a1.^2)"), 5, "wrong-function"],
  [
    "sigmoid",
    "the function for its slope",
    but(SIGMOID, 5, "dz1 = da1 .* sigmoid(z1)"),
    5,
    "missing-factor",
  ],
  [
    "relu",
    "the mask the wrong way round",
    but(RELU, 6, "dz1 = dh1 .* (z1 < 0)"),
    6,
    "wrong-function",
  ],
  ["tied", "1 - h", but(TIED, 3, "delta = dh .* (1 - h)"), 3, "wrong-function"],
  // brackets
  [
    "sigmoid",
    "brackets left out",
    but(SIGMOID, 5, "dz1 = da1 .* a1 .* 1 - a1"),
    5,
    "missing-factor",
  ],
  [
    "rows",
    "brackets left out of a difference",
    but(ROWS, 1, "dY = 2 * Y - T"),
    1,
    "missing-factor",
  ],
  // terms
  ["tied", "one use of W", but(TIED, 4, "dW = delta * x'"), 4, "missing-term"],
  ["ridge", "no regulariser", but(RIDGE, 2, "dw = X' * dr"), 2, "missing-term"],
  [
    "ridge",
    "the regulariser on the bias",
    but(RIDGE, 3, "db = sum(dr) + 0.1 * b"),
    3,
    "extra-term",
  ],
  // sums
  ["batch", "the bias unsummed", but(BATCH, 7, "db2 = dZ2"), 7, "not-summed"],
  [
    "batch",
    "summed over the wrong axis",
    but(BATCH, 7, "db2 = sum(dZ2, 1)"),
    7,
    "not-summed + over-summed",
  ],
  ["batch", "summed over everything", but(BATCH, 3, "db3 = sum(dO)"), 3, "over-summed"],
  ["softmax", "a mean for the sum", but(SOFTMAX, 3, "db = mean(dZ, 2)"), 3, "constant-factor"],
  ["ridge", "the bias unsummed", but(RIDGE, 3, "db = dr"), 3, "not-summed"],
  // other quantities
  [
    "batch",
    "the next layer's",
    but(BATCH, 8, "dH1 = (W2' * dZ2) .* H1 .* (1 - H1)").split("\n").slice(0, 8).join("\n"),
    8,
    "other-quantity",
  ],
  // statements that claim nothing
  [
    "sigmoid",
    "a wrong helper",
    "delta2 = t - y\ndW2 = delta2 * a1'\ndelta1 = (W2' * delta2) .* a1 .* (1 - a1)\ndW1 = delta1 * x'",
    1,
    "sign",
  ],
  [
    "sigmoid",
    "a wrong helper later",
    "delta2 = y - t\ndW2 = delta2 * a1'\ndelta1 = (W2' * delta2) .* a1\ndW1 = delta1 * x'",
    3,
    "missing-factor",
  ],
  [
    "batch",
    "a helper without 1/N",
    "D3 = O - T\ndW3 = D3 * H2'\ndb3 = sum(D3, 2)",
    1,
    "constant-factor",
  ],
  // two at once
  ["sigmoid", "a sign and a slope", but(SIGMOID, 5, "dz1 = -da1"), 5, "missing-factor + sign"],
  [
    "hyperbolic",
    "the slope of what comes in",
    "dA = (A * W - Y) * W'\ndZ = 1 - tanh(dA).^2\ndV = X' * dZ",
    2,
    "missing-factor + wrong-variable",
  ],
  [
    "pieces",
    "a half and a mask",
    "df = (m < -1) .* (-4 * y) + (m >= -1) .* (-(y - m .* y))",
    1,
    "constant-factor + missing-factor",
  ],
  [
    "margins",
    "1 for how many margins are violated",
    "B = (S - sum(S .* Y, 2) + 1 > 0) .* (1 - Y)\ndS = (B - Y) / N\ndW = X' * dS",
    2,
    "missing-factor",
  ],
  ["sigmoid", "a sign and a transpose", but(SIGMOID, 4, "da1 = -W2 * dz2"), 4, "sign + transposed"],
];

const causesOf = (diagnosis: FormulaCheck["diagnosis"]): string[] => explanations(diagnosis);
const missed: string[] = [];

describe("wrong formulas", () => {
  it.each(wrong)("%s: %s", (name, what, text, line, cause) => {
    const { ok, checks, firstWrong } = checkFormulas(modelOf(name), text);
    expect(ok).toBe(false);
    expect(firstWrong?.line).toBe(line);
    for (const one of checks) {
      // nothing before the fault is accused, and nothing behind it is accused of its own
      if (one.line < line) expect(one.ok, one.name).toBe(true);
      if (one.line > line && !one.ok) expect(one.followsFrom?.line).toBe(line);
      if (one.repair === undefined || one.line !== line) continue;
      const repaired = text
        .split("\n")
        .with(line - 1, one.repair)
        .join("\n");
      expect(checkFormulas(modelOf(name), repaired).checks.every((each) => each.ok)).toBe(true);
    }
    const named = causesOf(firstWrong!.diagnosis);
    if (named[0] !== together(cause))
      missed.push(`${name}: ${what}: wanted ${cause}, got ${named.join(" | ")}`);
  });
});

it("1 - z for z is a share taken for the other, and no term too many", () => {
  const model = parseModel(`
    x = input(3)
    k = input(2)
    y = target(2)
    U = param(2, 3)
    V = param(2, 3)
    z = sigmoid(U * x + k)
    n = tanh(V * x)
    h = (1 - z) .* k + z .* n
    L = 1/2 * sum((h - y).^2)`);
  const { firstWrong } = checkFormulas(model, "dh = h - y\ndn = dh .* (1 - z)");
  const [first] = firstWrong!.diagnosis;
  expect([first!.cause, first!.used, first!.instead]).toEqual(["wrong-variable", "1 - z", "z"]);
});

it("a variant that is no expression of the language does not end the check", () => {
  // dk is 2×1 where k has one axis: dk[2] has no meaning, and nobody wrote it
  const model = parseModel(`
    x = input(4)
    t = target(3)
    w = param(4)
    k = param(2)
    a = tanh(w .* x)
    o = k[1] * a[1:3] + k[2] * a[2:4]
    E = 1/2 * sum((o - t).^2)`);
  const text = `
    do = o - t
    dk = [1; 0] * sum(do .* a[1:3]) + [0; 1] * sum(do .* a[2:4])
    da = k[2] * concat(do, zeros(1, 1)) + k[1] * concat(zeros(1, 1), do)`;
  const { firstWrong } = checkFormulas(model, text);
  expect(firstWrong?.name).toBe("da");
  expect(causesOf(firstWrong!.diagnosis)[0]).toBe("wrong-variable");
});

describe("brackets that take in too much", () => {
  const model = parseModel(`
    N = size()
    X = input(N, 3)
    T = target(N, 2)
    W = param(3, 4)
    V = param(4, 2)
    c = input()
    k = input()
    Z = X * W
    A = c * ((Z > 0) .* Z + (Z <= 0) .* (k * (exp(minimum(Z, 0)) - 1)))
    Y = A * V
    L = sum((Y - T).^2) / N + k * sum(V.^2)`);
  const file = (slope: string, dV: string): string => `
    dY = 2 * (Y - T) / N
    dV = ${dV}
    dA = dY * V'
    dZ = dA .* ((Z > 0) * c + (Z <= 0) .* ${slope})
    dW = X' * dZ`;
  const SLOPE = "(A + c * k)";
  const DECAYED = "A' * dY + 2 * k * V";

  it("are right without", () => {
    expect(checkFormulas(model, file(SLOPE, DECAYED)).ok).toBe(true);
  });

  it.each([
    [file("(c * (A + k))", DECAYED), "dZ", "c", "the factor c before A too", "(c * k + A)"],
    [file("((A + k) * c)", DECAYED), "dZ", "c", "the factor c before A too", "(k * c + A)"],
    [
      file(SLOPE, "2 * (sum(dY) .* (A' * dY ./ 2 / sum(dY) + k * V))"),
      "dV",
      "sum(dY)",
      "the factor sum(dY) before k * V too",
      "k * V",
    ],
  ])("the factor of one term before another", (text, name, factor, said, repaired) => {
    const { firstWrong } = checkFormulas(model, text);
    expect(firstWrong?.name).toBe(name);
    expect(firstWrong!.diagnosis).toMatchObject([{ cause: "extra-factor", factor }]);
    expect(firstWrong!.diagnosis[0]!.text).toContain(said);
    expect(firstWrong!.repair).toContain(repaired);
  });
});

describe("brackets in the wrong place", () => {
  const model = parseModel(`
    N = size()
    X = input(N, 3)
    T = target(N, 2)
    W = param(3, 2)
    k = param()
    H = tanh(X * W)
    L = sum((H - T).^2) / 2 + k * sum(W.^2) + log(1 + k^2)`);
  const file = ({
    dW = "X' * (dH .* (1 - H.^2)) + 2 * k * W",
    dk = "2 * k / (1 + k^2)",
  }): string => `
    dH = H - T
    dW = ${dW}
    dk = sum(W.^2) + ${dk}`;

  it.each<[{ dW?: string; dk?: string }, string, string]>([
    [{ dW: "X' * dH .* (1 - H.^2) + 2 * k * W" }, "shape", "dW = X' * (dH .* (1 - H.^2))"],
    [{ dW: "X' * dH .* (1 - H.^2) + 2 * k * W" }, "shape", "brackets are missing around dH .* "],
    [
      { dW: "2 * k * (X' * (dH .* (1 - H.^2)) + W)" },
      "extra-factor",
      "X' * (dH .* (1 - H.^2)) is not multiplied by 2 * k",
    ],
    [{ dk: "2 * k / 1 + k^2" }, "wrong-function", "what is divided by, 1 + k^2"],
    [{ dk: "2 * k / (1 + k)^2" }, "wrong-function", "only of k"],
    // a slope of another function is not a factor too many of one of its terms
    [{ dW: "X' * (dH .* H .* (1 - H)) + 2 * k * W" }, "wrong-function", "tanh'(X * W)"],
  ])("%j", (statements, cause, said) => {
    expect(checkFormulas(model, file({})).ok).toBe(true);
    const { firstWrong } = checkFormulas(model, file(statements));
    expect(firstWrong!.diagnosis[0]).toMatchObject({ cause });
    expect(`${firstWrong!.diagnosis[0]!.text}; ${firstWrong!.repair!}`).toContain(said);
  });
});

it("a step that is left out is said as the model's own factor", () => {
  const model = parseModel(`
    N = size()
    X = input(N, 3)
    T = target(N, 3)
    w = param(3)
    g = param(1, 3)
    H = X .* w'
    Y = H .* g
    R = relu(Y)
    L = sum((R - T).^2) / N`);
  const file = (dH: string): string => `
    dR = 2 * (R - T) / N
    dY = dR .* (Y > 0)
    dH = ${dH}
    dw = sum(dH .* X, 1)`;
  expect(checkFormulas(model, file("dY .* g")).ok).toBe(true);
  const { firstWrong } = checkFormulas(model, file("dY"));
  expect(firstWrong!.diagnosis).toMatchObject([{ cause: "missing-factor", factor: "g" }]);
});

describe("a helper that stands for a slope", () => {
  const model = parseModel(`
    x = input(4)
    t = target(1)
    W1 = param(5, 4)
    b1 = param(5)
    W2 = param(1, 5)
    z1 = W1 * x + b1
    a1 = leakyrelu(z1, 0.3)
    y = W2 * a1
    E = 1/2 * sum((y - t).^2)`);
  const file = (slope: string): string => `
    delta2 = y - t
    slope = ${slope}
    delta1 = (W2' * delta2) .* slope
    dW1 = delta1 * x'
    db1 = delta1`;

  // a row times a column is no slope: the line is not taken for dW2, a row, by what has no value then
  it("is told of the line that uses it", () => {
    const { firstWrong } = checkFormulas(model, file("(0.3 * z1 > 0)"));
    expect(firstWrong?.name).toBe("delta1");
    expect(causesOf(firstWrong!.diagnosis)[0]).toBe("wrong-function");
  });

  it("is right where it is the slope", () => {
    expect(checkFormulas(model, file("0.3 + 0.7 * (z1 > 0)")).ok).toBe(true);
  });
});

afterAll(() => {
  const first = wrong.length - missed.length;
  // eslint-disable-next-line no-console
  console.log(
    [`wrong formulas   ${wrong.length}`, `named first      ${first}`, ...missed].join("\n"),
  );
  expect(missed).toEqual([]);
});
