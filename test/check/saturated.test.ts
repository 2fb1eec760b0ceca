/**
 * Functions that are flat far from 0, at all points that are drawn: their derivatives are 0 there to any number of
 * digits, and every formula with them as factors is right. Points are searched for where it is not.
 */
import { check, checkFormulas, type Claims, compile, parseModel, type Point } from "chainrule";
import { describe, expect, it } from "vitest";
import { askedPoints } from "../../src/check/power/points.js";
import { saturatedAtAll } from "../../src/numeric/saturation.js";
import { pointsAlive } from "../../src/numeric/alive-search.js";
import { randomPoint } from "../../src/numeric/random.js";
import { readPoint } from "../../src/language/point.js";

const HEAD = "x = param(3)\nt = target(3)\n";
const one = (activation: string) => `${HEAD}a = ${activation}\nL = sum((a - t).^2)`;

/** A model, its derivative by x, and some that are wrong. */
const CASES: readonly (readonly [string, string, string, readonly string[]])[] = [
  [
    "sigmoid",
    one("sigmoid(500 * (x + 4))"),
    "dx = 1000 * (a - t) .* a .* (1 - a)",
    [
      "dx = 2 * (a - t) .* a .* (1 - a)",
      "dx = 1000 * (a - t) .* a .* (1 - a) .* a",
      "dx = 1000 * a .* (1 - a)",
    ],
  ],
  [
    "tanh",
    one("tanh(1000 * (x - 5))"),
    "dx = 2000 * (a - t) .* (1 - a.^2)",
    ["dx = 1000 * (a - t) .* (1 - a.^2)", "dx = 2000 * (a - t) .* (1 - a)", "dx = zeros(3)"],
  ],
  [
    "erf",
    one("erf(300 * (x + 6))"),
    "dx = 1200 / sqrt(pi) * (a - t) .* exp(-(300 * (x + 6)).^2)",
    ["dx = 600 / sqrt(pi) * (a - t) .* exp(-(300 * (x + 6)).^2)"],
  ],
  [
    "softplus",
    one("softplus(400 * (x - 3))"),
    "dx = 800 * (a - t) .* sigmoid(400 * (x - 3))",
    ["dx = 800 * (a - t) .* (x > 3)", "dx = 2 * (a - t) .* sigmoid(400 * (x - 3))"],
  ],
  [
    "a hand-written sigmoid",
    one("1 ./ (1 + exp(-500 * (x + 4)))"),
    "dx = 1000 * (a - t) .* a .* (1 - a)",
    ["dx = -1000 * (a - t) .* a .* (1 - a)"],
  ],
  [
    "a narrow bell",
    one("exp(-2000 * (x - 7).^2)"),
    "dx = -8000 * (a - t) .* a .* (x - 7)",
    ["dx = 8000 * t .* a .* (x - 7)", "dx = -4000 * (a - t) .* a .* (x - 7)"],
  ],
  [
    "elu",
    one("elu(300 * (x + 6))"),
    "dx = 600 * (a - t) .* ((x > -6) + (x <= -6) .* (a + 1))",
    ["dx = 600 * (a - t) .* (x > -6)"],
  ],
  [
    "gelu",
    `${HEAD}u = 300 * (x - 4)\na = gelu(u)\nL = sum((a - t).^2)`,
    "dx = 600 * (a - t) .* ((1 + erf(u / sqrt(2))) / 2 + u .* exp(-u.^2 / 2) / sqrt(2 * pi))",
    ["dx = 600 * (a - t) .* ((1 + erf(u / sqrt(2))) / 2 + exp(-u.^2 / 2) / sqrt(2 * pi))"],
  ],
  [
    "beside what is not flat",
    `${HEAD}a = sigmoid(500 * (x + 4))\nL = sum((a - t).^2) + sum(x.^3)`,
    "dx = 1000 * (a - t) .* a .* (1 - a) + 3 * x.^2",
    ["dx = 3 * x.^2", "dx = 500 * (a - t) .* a .* (1 - a) + 3 * x.^2"],
  ],
  [
    "one above the other",
    `${HEAD}h = sigmoid(300 * (x + 4))\na = tanh(400 * (x .* h + 3))\nL = sum((a - t).^2)`,
    `da = 2 * (a - t)
    gu = da .* (1 - a.^2)
    dx = 400 * gu .* (h + 300 * x .* h .* (1 - h))`,
    ["da = 2 * (a - t)\ngu = da .* (1 - a.^2)\ndx = 400 * gu .* (h + x .* h .* (1 - h))"],
  ],
  [
    "that no point has alive together",
    `${HEAD}a = sigmoid(500 * (x + 4)) + tanh(700 * (x - 5))\nL = sum((a - t).^2)`,
    `s = sigmoid(500 * (x + 4))
    h = tanh(700 * (x - 5))
    dx = 2 * (a - t) .* (500 * s .* (1 - s) + 700 * (1 - h.^2))`,
    [
      "s = sigmoid(500 * (x + 4))\nh = tanh(700 * (x - 5))\ndx = 2 * (a - t) .* (500 * s .* (1 - s) + (1 - h.^2))",
      "s = sigmoid(500 * (x + 4))\nh = tanh(700 * (x - 5))\ndx = 2 * (a - t) .* (s .* (1 - s) + 700 * (1 - h.^2))",
    ],
  ],
  [
    "softmax",
    `${HEAD}p = softmax(300 * (x + [9; 0; -9]), 1)\nL = -sum(t .* p)`,
    "dx = -300 * p .* (t - dot(t, p))",
    ["dx = -p .* (t - dot(t, p))", "dx = -300 * p .* (1 - p) .* t"],
  ],
  [
    "a layer",
    `N = size()
    X = input(N, 2)
    t = target(N)
    w = param(2)
    b = param()
    a = sigmoid(200 * (X * w + b + 8))
    L = sum((a - t).^2) / N`,
    "g = 400 / N * (a - t) .* a .* (1 - a)\ndw = X' * g\ndb = sum(g)",
    [
      "g = 400 * (a - t) .* a .* (1 - a)\ndw = X' * g\ndb = sum(g)",
      "g = 400 / N * (a - t) .* a .* (1 - a)\ndw = X' * g\ndb = mean(g)",
    ],
  ],
];

describe.each(CASES)("%s", (_, text, right, wrong) => {
  const model = parseModel(text);

  it.each([1, 2, 3])(
    "is flat at the points that are drawn, and not at those that are found (%i)",
    (seed) => {
      const drawn = Array.from({ length: 6 }, (_, k) => randomPoint(model, { seed: seed + k }));
      const read = (points: readonly Point[]) => points.map((point) => readPoint(model, point));
      expect(saturatedAtAll(model, read(drawn))).not.toEqual([]);
      const found = pointsAlive(model, drawn, { seed, most: 3 });
      expect(saturatedAtAll(model, read([...drawn, ...found]))).toEqual([]);
      expect(pointsAlive(model, drawn, { seed, most: 3 })).toEqual(found);
      expect(saturatedAtAll(model, read(askedPoints(model, seed)))).toEqual([]);
    },
  );

  it("is right where it is", () => {
    const { ok, notes } = checkFormulas(model, right);
    expect([ok, notes]).toEqual([true, []]);
  });

  it.each(wrong)("is wrong where it is: %s", (lines) => {
    expect(checkFormulas(model, lines).ok).toBe(false);
  });

  it("is told from a multiple by a function that is asked", () => {
    const gradients = (at: Point, factor: number): Claims => {
      const all = compile(model).evaluate(at).gradients as Record<string, number | number[]>;
      const times = (value: number | number[]): number | number[] =>
        typeof value === "number" ? factor * value : value.map((entry) => factor * entry);
      return Object.fromEntries(Object.entries(all).map(([name, value]) => [name, times(value)]));
    };
    expect(check(model, (at) => gradients(at, 1)).ok).toBe(true);
    expect(check(model, (at) => gradients(at, 1.5)).ok).toBe(false);
  });
});

describe("derivatives that are 0", () => {
  it("because terms cancel are right as that, behind what is flat at the points that are drawn", () => {
    const model = parseModel(`
      X = input(6, 2)
      Y = target(6, 2)
      W = param(2, 2)
      c = param(2)
      Z = X * W + c'
      C = Z - mean(Z, 1)'
      H = tanh(300 * (C + 6))
      L = sum((H - Y).^2)`);
    const lines = (last: string) => `
      gH = 600 * (H - Y) .* (1 - H.^2)
      gZ = gH - mean(gH, 1)'
      dW = X' * gZ
      ${last}`;
    expect(checkFormulas(model, lines("dc = sum(gZ, 1)")).ok).toBe(true);
    expect(checkFormulas(model, lines("dc = zeros(2)")).ok).toBe(true);
    expect(checkFormulas(model, lines("dc = sum(gH, 1)")).ok).toBe(false);
  });

  it("wherever it was looked are not decided", () => {
    const model = parseModel("x = param(3)\na = tanh(500 * (sigmoid(x) + 4))\nL = sum(a.^2)");
    const s = "s = sigmoid(x)";
    for (const line of [
      "dx = 1000 * a .* (1 - a.^2) .* s .* (1 - s)",
      "dx = 3 * a .* (1 - a.^2) .* s .* (1 - s)",
      "dx = zeros(3)",
    ]) {
      const { ok, checks } = checkFormulas(model, `${s}\n${line}`);
      expect([ok, checks[0]!.undecided], line).toEqual([false, true]);
      expect(checks[0]!.diagnosis.map(({ text }) => text)).toEqual([
        "dx cannot be decided: to 360 digits the derivative is 0 at all points that were found, " +
          "because functions are flat there, and so would be whatever has it as a factor",
      ]);
    }
    expect(checkFormulas(model, `${s}\ndx = 3 * s`).checks[0]).toMatchObject({ ok: false });
    expect(checkFormulas(model, `${s}\ndx = 3 * s`).checks[0]!.undecided).toBeUndefined();
  });

  it("in a function's answers are told of as what no point shows", () => {
    const model = parseModel("x = param(3)\na = tanh(500 * (sigmoid(x) + 4))\nL = sum(a.^2)");
    const { notes } = check(model, (at) => compile(model).evaluate(at).gradients);
    expect(notes).toContain(
      "no point was found at which 500 * (4 + sigmoid(x)) is near 0, where tanh is not flat: a mistake there is not seen",
    );
  });
});
