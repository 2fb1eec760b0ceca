/** Pieces that are chosen by another condition than the model's, which most points do not show. */
import { check, checkFormulas, type Diagnosis, parseModel, type Point } from "chainrule";
import { describe, expect, it } from "vitest";
import { dot, matrix, mv, numbers, T } from "./corpus/matrices.js";

const HUBER = `
  N = size()
  X = input(N, 3)
  t = target(N)
  w = param(3)
  r = X * w - t
  q = minimum(abs(r), 1.2)
  L = sum(q.^2 / 2 + 1.2 * (abs(r) - q)) / N`;

/** The same loss, with a name for the condition. */
const MASKED = HUBER.replace("q = minimum(abs(r), 1.2)", "m = abs(r) <= 1.2").replace(
  /L = .*/,
  "L = sum(m .* r.^2 / 2 + (1 - m) .* 1.2 .* (abs(r) - 0.6)) / N",
);

const INSENSITIVE = `
  X = input(6, 3)
  t = target(6)
  w = param(3)
  r = X * w - t
  L = sum(maximum(abs(r) - 0.3, 0)) + 1/2 * sum(w.^2)`;

const CONTRASTIVE = `
  x = input(3)
  y = input(3)
  W = param(2, 3)
  u = W * x
  v = W * y
  d = sqrt(sum((u - v).^2))
  L = 1/2 * maximum(1.5 - d, 0)^2`;

const huberLine = (condition: string, opposite: string, outer: string): string => `
  dr = ((${condition}) .* r + (${opposite}) .* 1.2 ${outer}) / N
  dw = X' * dr`;

type Row = readonly [what: string, model: string, formulas: string, used: string, instead: string];

const wrong: readonly Row[] = [
  ["r for |r|, and no sign", HUBER, huberLine("r < 1.2", "r >= 1.2", ""), "r", "abs(r)"],
  ["r for |r|", MASKED, huberLine("r <= 1.2", "r > 1.2", ".* sign(r)"), "r", "abs(r)"],
  ["r squared", MASKED, huberLine("r.^2 <= 1.2", "r.^2 > 1.2", ".* sign(r)"), "r.^2", "abs(r)"],
  ["the wrong side", MASKED, huberLine("-r <= 1.2", "-r > 1.2", "* (-1)"), "-r", "abs(r)"],
  ["1", MASKED, huberLine("abs(r) <= 1", "abs(r) > 1", ".* sign(r)"), "1", "1.2"],
  ["r of an insensitive loss", INSENSITIVE, "dw = X' * ((r > 0.3) .* sign(r)) + w", "r", "abs(r)"],
  [
    "the square of a distance",
    CONTRASTIVE,
    "du = -(d^2 < 1.5) * (1.5 - d) * (u - v) / d\ndv = -du\ndW = du * x' + dv * y'",
    "d^2",
    "d",
  ],
];

describe("formulas that switch elsewhere", () => {
  it.each(wrong)("are wrong: %s", (_, model, formulas, used, instead) => {
    for (const seed of [1, 2]) {
      const { ok, firstWrong } = checkFormulas(parseModel(model), formulas, { seed });
      expect([seed, ok]).toEqual([seed, false]);
      const [first] = firstWrong!.diagnosis;
      expect([seed, first!.cause]).toEqual([seed, "wrong-variable"]);
      expect(first).toMatchObject({ used, instead });
    }
  });

  it("are right where they come to the same", () => {
    const same: readonly (readonly [string, string])[] = [
      [HUBER, huberLine("r.^2 < 1.44", "r.^2 >= 1.44", ".* sign(r)")],
      [MASKED, "dr = maximum(minimum(r, 1.2), -1.2) / N\ndw = X' * dr"],
      [INSENSITIVE, "dw = X' * ((r > 0.3) - (r < -0.3)) + w"],
      [CONTRASTIVE, "dW = -(d^2 < 2.25) * (1.5 - d) * (u - v) * (x - y)' / d"],
    ];
    for (const [model, formulas] of same) {
      expect(checkFormulas(parseModel(model), formulas).checks.map(({ ok }) => ok)).not.toContain(
        false,
      );
    }
  });
});

describe("numbers by another condition", () => {
  const N = 40;
  const at = {
    X: matrix(N, 3, 4101),
    t: numbers(N, 4102).map((one) => 2 * one),
    w: numbers(3, 4103).map((one) => 3 * one),
  } satisfies Point;
  const residuals = mv(at.X, at.w).map((one, k) => one - at.t[k]!);

  const firstOf = (slope: (r: number) => number): Diagnosis | undefined => {
    const dr = residuals.map((r) => slope(r) / N);
    const dw = T(at.X).map((column) => dot(column, dr));
    const { checks } = check(parseModel(HUBER), { dw }, { at });
    return checks[0]!.diagnosis[0];
  };

  it("are right with the model's", () => {
    const clipped = (r: number): number => Math.max(-1.2, Math.min(1.2, r));
    expect(firstOf(clipped)).toBeUndefined();
  });

  it.each<[string, (r: number) => boolean, string]>([
    ["r", (r) => r < 1.2, "r"],
    ["-r", (r) => -r < 1.2, "-r"],
    ["r squared", (r) => r * r < 1.2, "r.^2"],
  ])("are told: %s", (_, isInside, used) => {
    expect(residuals.some((r) => isInside(r) !== Math.abs(r) < 1.2)).toBe(true);
    const first = firstOf((r) => (isInside(r) ? r : 1.2 * Math.sign(r)));
    expect(first).toMatchObject({ cause: "wrong-variable", used, instead: "abs(r)" });
  });
});
