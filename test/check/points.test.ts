/** Points that are drawn for programs, functions and formulas have other sizes each: no number stands for a name. */
import {
  check,
  type CheckResult,
  checkFormulas,
  type Claims,
  compile,
  type Model,
  parseModel,
  type Point,
} from "chainrule";
import { describe, expect, it } from "vitest";
import { chooseSites } from "../../src/check/formulas/points.js";
import { askedPoints } from "../../src/check/power/points.js";
import { readPoint } from "../../src/language/point.js";

/** Layers with fixed sizes, which leave few small numbers for a batch. */
function layers(sizes: readonly number[]): Model {
  const weights = sizes.slice(1).map((size, k) => `W${k} = param(${sizes[k]!}, ${size})`);
  const product = ["X", ...weights.map((_, k) => `W${k}`)].join(" * ");
  return parseModel(`
    N = size()
    X = input(N, ${sizes[0]!})
    T = target(N, ${sizes.at(-1)!})
    ${weights.join("\n    ")}
    Y = ${product}
    L = sum((Y - T).^2) / (2 * N)`);
}

const FIXED = [
  [3, 4, 5, 6],
  [2, 3, 4, 5],
  [2, 3, 4, 5, 6],
  [300, 40, 10],
];

function valuesOf(model: Model, points: readonly Point[], name = "N"): number[] {
  return points.map((point) => readPoint(model, point).sizes.get(name)!);
}

const distinct = (values: readonly number[]): number => new Set(values).size;

/** The right gradients with a number in place of N. */
const dividedBy =
  (model: Model, divisor: number) =>
  (at: Point): Claims => {
    const scale = (at.X as number[][]).length / divisor;
    const { gradients } = compile(model).evaluate(at);
    return Object.fromEntries(
      Object.entries(gradients).map(([name, rows]) => [
        name,
        (rows as number[][]).map((row) => row.map((entry) => scale * entry)),
      ]),
    );
  };

describe("named sizes at the points of a check", () => {
  it.each(FIXED.map((sizes) => [sizes]))("differ beside fixed sizes %j", (sizes) => {
    const model = layers(sizes);
    for (const seed of [1, 2]) {
      const asked = valuesOf(model, askedPoints(model, seed).slice(0, 3));
      expect([seed, distinct(asked)]).toEqual([seed, 3]);
      const judges = valuesOf(model, chooseSites(model, undefined, seed, 20).points);
      expect([seed, distinct(judges)]).toEqual([seed, judges.length]);
      // neither is a mix-up of axes hidden, where a batch is cheap
      if (sizes[0]! < 300) expect(asked.filter((N) => sizes.includes(N))).toEqual([]);
      expect(Math.max(...asked, ...judges)).toBeLessThan(sizes[0]! < 300 ? 20 : 8);
    }
  });

  it("differ from those of a point that is given", () => {
    const model = layers([3, 4, 5, 6]);
    const [given] = askedPoints(model, 7);
    const points = askedPoints(model, 1, readPoint(model, given!));
    expect(distinct(valuesOf(model, [given!, ...points.slice(0, 3)]))).toBe(4);
  });

  it("differ each by itself, as far as the model lets them", () => {
    const two = parseModel(`
      N = size()
      K = size()
      X = input(N, 3)
      t = target(K)
      w = param(3, 4)
      v = param(4)
      Y = X * w * v
      L = sum(Y.^2) / N + sum((v[1:K] - t).^2) / K`);
    const points = askedPoints(two, 1).slice(0, 3);
    expect(distinct(valuesOf(two, points, "N"))).toBe(3);
    expect(distinct(valuesOf(two, points, "K"))).toBe(3);
  });
});

describe("a number in place of a size", () => {
  it("is refused, whichever it is, and named", () => {
    const model = layers([3, 4, 5, 6]);
    for (const divisor of [2, 8, 32]) {
      const { ok, checks } = check(model, dividedBy(model, divisor));
      expect([divisor, ok]).toEqual([divisor, false]);
      for (const { diagnosis } of checks) {
        const told = diagnosis.filter(({ explanation }) => explanation === 1);
        expect([divisor, told.map(({ cause, factor }) => [cause, factor])]).toEqual([
          divisor,
          [["constant-factor", `N/${divisor}`]],
        ]);
        const place = `the number ${divisor} seems to stand where N belongs`;
        expect([divisor, told[0]!.text.includes(place)]).toEqual([divisor, divisor > 2]);
      }
    }
  });

  it("has a cause where it is right at the first point by chance", () => {
    const model = layers([3, 4, 2]);
    const [first] = valuesOf(model, askedPoints(model, 1));
    const { checks } = check(model, dividedBy(model, first!), { seed: 1 });
    expect(checks.map(({ ok, diagnosis }) => [ok, diagnosis[0]?.factor])).toEqual([
      [false, `N/${first!}`],
      [false, `N/${first!}`],
    ]);
  });

  it("is told of where the model has one size only", () => {
    const only = parseModel(`
      N = size()
      x = input(2)
      t = target(N)
      w = param(2)
      v = w .* x
      y = v[1:N] - t
      L = sum(y.^2) / N`);
    const shown = ({ ok, power: { exposed, total, hidden } }: CheckResult) => [
      ok,
      total - exposed,
      hidden.map(({ text, why }) => `${text}: ${why}`),
    ];
    const unseen = [true, 1, ["the number 2 for N: N is 2 at all points"]];
    expect(shown(check(only, (at) => compile(only).evaluate(at).gradients))).toEqual(unseen);
    const { power } = checkFormulas(only, "dy = y");
    expect(power.hidden.map(({ text }) => text)).toEqual(["the number 2 for N"]);
    // numbers at one point are what they are
    const [at] = askedPoints(only, 1);
    expect(shown(check(only, compile(only).evaluate(at!).gradients, { at }))[1]).toBe(0);
  });
});
