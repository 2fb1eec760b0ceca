import { checkFormulas, parseModel, randomPoint } from "chainrule";
import { describe, expect, it } from "vitest";
import { type ModelName, modelOf } from "./formula-models.js";

/** Right, each in a way that a comparison of texts or of single points might refuse. */
const right: readonly (readonly [ModelName, string, string])[] = [
  [
    "relu",
    "masks as comparisons",
    "dy = y - t\ndz2 = dy .* (z2 > 0)\ndh1 = W2' * dz2\ndz1 = dh1 .* (z1 > 0)\ndW1 = dz1 * x'\ndb1 = dz1",
  ],
  [
    "relu",
    "masks of the activations",
    "dz2 = (y - t) .* (y > 0)\ndz1 = (W2' * dz2) .* (h1 > 0)\ndW1 = dz1 * x'",
  ],
  ["relu", "masks as quotients", "dz2 = (y - t) .* (z2 + abs(z2)) ./ (2 * abs(z2))\ndb2 = dz2"],
  ["relu", "masks with >=", "dz2 = (y - t) .* (z2 >= 0)\ndb2 = dz2"],
  ["relu", "masks by sign", "dz2 = (y - t) .* (1 + sign(z2)) / 2\ndb2 = dz2"],
  [
    "sigmoid",
    "the derivative by z",
    "dW1 = ((W2' * (y - t)) .* sigmoid(z1) .* (1 - sigmoid(z1))) * x'",
  ],
  [
    "sigmoid",
    "the derivative by exponentials",
    "dz1 = (W2' * (y - t)) .* exp(-z1) ./ (1 + exp(-z1)).^2",
  ],
  ["sigmoid", "a - a^2", "dz1 = (W2' * (y - t)) .* (a1 - a1.^2)"],
  ["sigmoid", "1/4 - (a - 1/2)^2", "dz1 = (W2' * (y - t)) .* (1/4 - (a1 - 1/2).^2)"],
  ["sigmoid", "sigmoid of the negative", "dz1 = (W2' * (y - t)) .* a1 .* sigmoid(-z1)"],
  ["sigmoid", "two signs", "delta = t - y\ndW2 = -delta * a1'"],
  ["sigmoid", "-(t - y)", "dW2 = -(t - y) * a1'"],
  ["sigmoid", "diag instead of .*", "dW1 = diag(a1) * diag(1 - a1) * W2' * (y - t) * x'"],
  ["sigmoid", "the transposed product", "dW2 = (a1 * (y - t)')'"],
  ["sigmoid", "a Kronecker product", "dW2 = kron(y - t, a1')"],
  ["sigmoid", "a vector as a row", "dy = (y - t)'\nda1 = (y - t)' * W2"],
  ["sigmoid", "terms that cancel", "dW2 = (y - t) * a1' + W2 - W2 + 0 * W2"],
  ["sigmoid", "factors that cancel", "dW2 = (y - t) * a1' * exp(3) / exp(1) / exp(2)"],
  [
    "sigmoid",
    "every name in one statement",
    "dMSE_dW1 = ((W2' * (W2 * sigmoid(W1 * x) - t)) .* sigmoid(W1 * x) .* (1 - sigmoid(W1 * x))) * x'",
  ],
  ["sigmoid", "the loss's own derivative", "dMSE = 1\ngrad_y = dMSE * (y - t)"],
  [
    "sigmoid",
    "entry by entry",
    "grad_W2 = [(y[1] - t[1]) * a1[1], (y[1] - t[1]) * a1[2], (y[1] - t[1]) * a1[3]; (y[2] - t[2]) * a1[1], (y[2] - t[2]) * a1[2], (y[2] - t[2]) * a1[3]]",
  ],
  [
    "sigmoid",
    "a name dt of one's own",
    "dt = y - t\ndW2 = (dt + 0) * a1'\ndz2 = dt".replace("dt ", "delta ").replaceAll("dt", "delta"),
  ],
  [
    "batch",
    "1/N at the end",
    "D3 = O - T\nD2 = (W3' * D3) .* H2 .* (1 - H2)\nD1 = (W2' * D2) .* H1 .* (1 - H1)\ndW1 = D1 * X' / N\ndb1 = sum(D1, 2) / N\ndW3 = 1/N * D3 * H2'",
  ],
  ["batch", "sums by ones", "dO = (O - T) / N\ndb3 = dO * ones(N)"],
  ["batch", "means", "db3 = mean(O - T, 2)"],
  ["batch", "row sums of the transpose", "db3 = sum((O - T)', 1) / N"],
  [
    "rows",
    "the row convention",
    "dY = 2 * (Y - T)\ndU = dY .* Y .* (1 - Y)\ndW = X' * dU\ndb = sum(dU, 1)",
  ],
  ["rows", "the bias as a row", "dU = 2 * (Y - T) .* (Y - Y.^2)\ndb = ones(1, N) * dU"],
  [
    "logistic",
    "the logistic derivative",
    "dy = -t * sigmoid(-t * y)\ndw2 = dy * h\ndW1 = (dy * w2 .* (z1 > 0)) * x'",
  ],
  ["logistic", "by exponentials", "dy = -t * exp(-t * y) / (1 + exp(-t * y))\ndb2 = dy"],
  ["logistic", "1 - sigmoid", "dy = -t * (1 - sigmoid(t * y))"],
  [
    "softmax",
    "P - T where columns do not add up to 1",
    "dZ = (P .* sum(T, 1)' - T) / N\ndW = dZ * X'",
  ],
  ["softmax", "the Jacobian of softmax", "G = -T ./ P / N\ndZ = P .* (G - ones(3, 3) * (P .* G))"],
  ["ridge", "the normal equations", "dw = (X' * X * w + b * sum(X, 1) - X' * y) / N + 0.1 * w"],
  ["ridge", "a mean", "dw = X' * r / N + w / 10\ndb = mean(r)"],
  ["tied", "both uses of W", "dr = r - x\ndz = (W * dr) .* (1 - h.^2)\ndW = h * dr' + dz * x'"],
];

describe("right formulas that look odd", () => {
  it.each(right)("%s: %s", (name, _, text) => {
    const { ok, checks } = checkFormulas(modelOf(name), text);
    expect(checks.filter((one) => !one.ok)).toEqual([]);
    expect(ok).toBe(true);
    for (const { diagnosis, holds, maxError } of checks) {
      expect(diagnosis).toEqual([]);
      expect(holds).toMatch(/^∂/);
      expect(maxError).toBeLessThan(1e-13);
    }
  });
});

it("masks that differ only at a kink are noted", () => {
  const { notes } = checkFormulas(modelOf("relu"), "dz2 = (y - t) .* (z2 >= 0)");
  expect(notes).toEqual(["line 1: z2 >= 0 is 1 at the kink itself; here relu′(0) = 0"]);
});

const ELSE = "line 1: dz2 has another value where an entry of z2 is 0 itself; here relu′(0) = 0";

it.each([
  ["-z2 <= 0", "line 1: -z2 <= 0 is 1 at the kink itself; here relu′(0) = 0"],
  ["0 <= z2", "line 1: 0 <= z2 is 1 at the kink itself; here relu′(0) = 0"],
  ["z2 == y", ELSE],
  ["(1 + sign(z2)) / 2", ELSE],
  ["y ./ z2", ELSE],
])("%s is another than the convention at a kink of the model", (mask, note) => {
  const { ok, notes } = checkFormulas(modelOf("relu"), `dz2 = (y - t) .* (${mask})`);
  expect(ok).toBe(true);
  expect(notes).toEqual([note]);
});

it("the values at a kink are compared where a line has no claim, or a later layer, and where they are more than a mask", () => {
  const text = "h = (y - t) .* (z2 >= 0)\ndb2 = h";
  expect(checkFormulas(modelOf("relu"), text).notes).toEqual([
    "line 1: z2 >= 0 is 1 at the kink itself; here relu′(0) = 0",
  ]);
  const elu = parseModel("x = input(3)\nw = param()\nz = w * x\nL = sum(elu(z, 0.5))");
  const slope = (mask: string) => `dw = sum(((z > 0) + (${mask}) .* exp(z) / 2) .* x)`;
  expect(checkFormulas(elu, slope("z <= 0")).notes).toEqual([]);
  expect(checkFormulas(elu, slope("z < 0")).notes).toEqual([
    "line 1: dw has another value where an entry of z is 0 itself; here elu′(0) = alpha",
  ]);
});

it.each(["(z2 >= z2)", "(y .* y >= -100)", "(-z2 <= 0)", "sign(y) .* (z2 >= 0)"])(
  "z2 > 0 with %s has the convention's value",
  (mask) => {
    const text = `dz2 = (y - t) .* (z2 > 0) .* ${mask}`;
    const { ok, notes } = checkFormulas(modelOf("relu"), text);
    expect(ok).toBe(true);
    expect(notes).toEqual([]);
  },
);

it("a point at a kink decides nothing, and it is said", () => {
  const at = {
    x: [0, 0, 0],
    t: [1, 1],
    W1: Array(4).fill([1, 1, 1]),
    b1: [0, 1, 1, 1],
    W2: Array(2).fill([1, 1, 1, 1]),
    b2: [0, 0],
  };
  const text = "dz2 = (y - t) .* (z2 > 0)\ndz1 = (W2' * dz2) .* (z1 >= 0)";
  const { ok, notes } = checkFormulas(modelOf("relu"), text, { at });
  expect(ok).toBe(true);
  expect(notes[0]).toBe(
    "the point is at a kink, relu at z1[1], and decides nothing: here relu′(0) = 0",
  );
});

it("gradients in the thousandth power are judged where they cancel in doubles", () => {
  const at = {
    x: [1, 1],
    t: 1,
    W1: Array(5).fill([1, 1]),
    b1: Array(5).fill(1),
    w2: Array(5).fill(200),
    b2: 7,
  };
  const text = "dy = -t * (1 - sigmoid(t * y))\ndw2 = dy * h";
  expect(checkFormulas(modelOf("logistic"), text, { at }).ok).toBe(true);
});

it("every piece of a piecewise function is used before formulas count as right", () => {
  const but = (mask: string): string =>
    `df = (m < -1) .* (-4 * y) + (m >= -1)${mask} .* (-2 * (y - m .* y))`;
  for (const seed of [1, 2, 3, 4, 5, 6, 7, 8]) {
    const ok = (mask: string): boolean => checkFormulas(modelOf("pieces"), but(mask), { seed }).ok;
    expect([seed, ok(""), ok(" .* (m < 1)")]).toEqual([seed, false, true]);
  }
});

describe("formulas that are right for the usual labels", () => {
  const model = parseModel(`
    N = size()
    X = input(3, N)
    Y = target(4, N)
    W = param(4, 3)
    Z = W * X
    P = softmax(Z, 1)
    L = -sum(Y .* log(P)) / N`);

  it("are accepted without a point, and the note says for which labels", () => {
    const { ok, notes } = checkFormulas(model, "dZ = (P - Y) / N\ndW = dZ * X'");
    expect(ok).toBe(true);
    expect(notes).toContain(
      "lines 1, 2 (dZ, dW) are right where each column of Y sums to 1, as one-hot labels do, and wrong for other targets: with --at POINT your data decide",
    );
  });

  it("are decided by the data of a point", () => {
    const at = randomPoint(model, { seed: 2 });
    expect(checkFormulas(model, "dZ = (P - Y) / N", { at }).ok).toBe(false);
  });

  it("are found where labels alone keep an operand at a kink", () => {
    const margins = modelOf("margins");
    const text = "B = relu(S - sum(S .* Y, 2) + 1) .* (1 - Y) > 0\ndS = (B - Y .* sum(B, 2)) / N";
    const { ok, notes } = checkFormulas(margins, text);
    expect(ok).toBe(true);
    expect(notes.join()).toContain("is right where the entries of Y are 0 or 1");
    const masked = parseModel(`
      N = size()
      Y = target(N, 3)
      S = param(N, 3)
      L = sum(relu((S - sum(S .* Y, 2) + 1) .* (1 - Y)))`);
    const at = {
      Y: [
        [0, 1, 0],
        [1, 0, 0],
      ],
      S: [
        [0.1, 0.4, 2],
        [0.3, 0.5, -2],
      ],
    };
    const right = "B = (S - sum(S .* Y, 2) + 1) .* (1 - Y) > 0\ndS = B - Y .* sum(B, 2)";
    expect(checkFormulas(masked, right, { at }).ok).toBe(true);
    expect(checkFormulas(masked, right.replace(".* sum(B, 2)", ""), { at }).ok).toBe(false);
  });

  it("leave other faults to be found", () => {
    const { ok, firstWrong } = checkFormulas(model, "dZ = (P - Y) / N\ndW = 2 * dZ * X'");
    expect([ok, firstWrong?.line]).toEqual([false, 2]);
    expect(firstWrong?.diagnosis[0]?.cause).toBe("constant-factor");
  });

  it("need no note where they hold for all targets", () => {
    const { ok, notes } = checkFormulas(model, "dP = -Y ./ P / N");
    expect([ok, notes]).toEqual([true, []]);
  });
});
