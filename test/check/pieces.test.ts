/** Pieces of piecewise functions that random points do not come to: they are searched for, and told of where none is found. */
import {
  type Claims,
  check,
  checkFormulas,
  compile,
  type Model,
  parseModel,
  type Point,
} from "chainrule";
import { describe, expect, it } from "vitest";
import { askedPoints } from "../../src/check/power/points.js";
import { UsedPieces } from "../../src/numeric/pieces.js";
import { randomPoint } from "../../src/numeric/random.js";

/** The length of a squashed capsule is above 0.1 at all ordinary points. */
const CAPSULE = parseModel(`
  u = input(4)
  y = target()
  W = param(3, 4)
  s = W * u
  q = dot(s, s)
  o = sqrt(q) / (1 + q) * s
  l = norm(o)
  L = y * relu(0.9 - l)^2 + 0.5 * (1 - y) * relu(l - 0.1)^2`);

/** ∂L/∂l, with the masks or without. */
const capsule =
  (positivePart: (x: number) => number) =>
  (at: Point): Claims => {
    const l = compile(CAPSULE).evaluate(at).values.l as number;
    const y = at.y as number;
    return { l: -2 * y * Math.max(0.9 - l, 0) + (1 - y) * positivePart(l - 0.1) };
  };

/** Two directions point almost the same way on one side only: no factor leads there. */
const ALIGNED = parseModel(`
  u = input(3)
  w = param(3)
  c = dot(u, w) / (norm(u) * norm(w))
  L = relu(0.98 - c)^2 + sum(w)`);

const SEEDS = [1, 2, 3];

function isUsedByDraws(model: Model, seed: number): boolean {
  const points = Array.from({ length: 6 }, (_, k) => randomPoint(model, { seed: seed + k }));
  return new UsedPieces(model, points).areAll;
}

describe("pieces that no draw comes to", () => {
  it.each([
    ["numbers are too large", CAPSULE],
    ["directions differ", ALIGNED],
  ])("are searched for: %s", (_, model) => {
    for (const seed of SEEDS) {
      expect(isUsedByDraws(model, seed)).toBe(false);
      const points = askedPoints(model, seed);
      expect([seed, new UsedPieces(model, points).areAll]).toEqual([seed, true]);
      // a search that starts anew finds the same
      expect(askedPoints(model, seed)).toEqual(points);
    }
  });

  it("show a mask that is left out", () => {
    for (const seed of SEEDS) {
      expect(
        check(
          CAPSULE,
          capsule((x) => Math.max(x, 0)),
          { seed },
        ).ok,
      ).toBe(true);
      const { ok, checks } = check(
        CAPSULE,
        capsule((x) => x),
        { seed },
      );
      expect([ok, checks[0]!.diagnosis[0]?.cause]).toEqual([false, "missing-factor"]);
    }
  });

  it("show it in formulas", () => {
    const right = "dl = -2 * y * relu(0.9 - l) + (1 - y) * relu(l - 0.1)";
    const wrong = right.replace("relu(l - 0.1)", "(l - 0.1)");
    for (const seed of SEEDS) {
      expect(checkFormulas(CAPSULE, right, { seed })).toMatchObject({ ok: true, notes: [] });
      expect(checkFormulas(CAPSULE, wrong, { seed }).ok).toBe(false);
    }
  });
});

describe("pieces that there are not, or that are not found", () => {
  const squashed = (body: string): Model =>
    parseModel(`
      x = input(3)
      w = param(3)
      z = dot(w, x)
      L = ${body}`);
  const rightAt = (model: Model) => (at: Point) => compile(model).evaluate(at).gradients;

  it("are told of where every gradient is right", () => {
    const model = squashed("relu(2 - tanh(z))^2");
    const { ok, notes, power } = check(model, rightAt(model));
    const note = "no point was found at which 2 - tanh(z) < 0: a mistake there is not seen";
    const counted = `w is judged right where 1 of ${power.total} known mistakes would show at none of the points`;
    expect([ok, notes]).toEqual([true, [note, counted]]);
    const formulas = checkFormulas(model, "dz = -2 * (2 - tanh(z)) .* (1 - tanh(z)^2)");
    expect([formulas.ok, formulas.notes]).toEqual([true, [note]]);
    // and a mistake there is counted among those that do not show
    const hidden =
      "the factor (2 - tanh(z)) > 0 left out in dz (2 - tanh(z) is positive everywhere)";
    for (const one of [power, formulas.power]) {
      expect(one.hidden.map(({ text, why }) => `${text} (${why})`)).toEqual([hidden]);
      expect(one.total).toBe(one.exposed + 1);
    }
    const at = randomPoint(model);
    expect(check(model, rightAt(model), { at }).notes.join()).not.toContain("no point");
    const doubled = check(model, (point) => ({ z: 7 * (point.w as number[])[0]! }));
    expect([doubled.ok, doubled.notes.join()]).toEqual([false, expect.not.stringContaining(note)]);
  });

  it.each([
    "relu(exp(z) + 1)",
    "norm(w)",
    "abs(sum(w.^2)) * sigmoid(z)",
    "relu(softplus(z)) + relu(-abs(z))",
    "relu(w[1]^2 * sqrt(1 + w[2]^2)) + z",
  ])("are not told of where the sign rules them out: %s", (body) => {
    const model = squashed(body);
    const { ok, notes } = check(model, rightAt(model));
    expect([ok, notes.join()]).toEqual([true, expect.not.stringContaining("no point")]);
  });
});

describe("data that number classes", () => {
  const ORDINAL = parseModel(`
    N = size()
    X = input(N, 3)
    y = target(N)
    w = param(3)
    a = param()
    d = param()
    s = X * w
    p = sigmoid(a - s)
    q = sigmoid(a + exp(d) - s)
    L = -mean((y == 0) .* log(p) + (y == 1) .* log(q - p) + (y == 2) .* log(1 - q))`);

  /** @param sign of the term of the last class */
  const pass =
    (sign: number) =>
    (at: Point): Claims => {
      const { p, q } = compile(ORDINAL).evaluate(at).values as Record<string, number[]>;
      const y = at.y as number[];
      const of = (label: number, value: number, k: number): number => (y[k] === label ? value : 0);
      const dp = p!.map((one, k) => (of(1, 1 / (q![k]! - one), k) - of(0, 1 / one, k)) / y.length);
      const dq = q!.map(
        (one, k) => (sign * of(2, 1 / (1 - one), k) - of(1, 1 / (one - p![k]!), k)) / y.length,
      );
      return { p: dp, q: dq };
    };

  it("is drawn from all classes that the model knows", () => {
    for (const seed of SEEDS) {
      const points = askedPoints(ORDINAL, seed);
      const drawn = new Set(points.flatMap(({ y }) => y as number[]));
      expect([...drawn].sort()).toEqual([0, 1, 2]);
      // the search for other pieces asks for no more points
      expect(points).toHaveLength(3);
    }
  });

  it("shows a mistake in one of them, and how many others", () => {
    const { ok, notes, power } = check(ORDINAL, pass(1));
    expect([ok, notes]).toEqual([true, []]);
    expect(power.total).toBeGreaterThan(20);
    const wrong = check(ORDINAL, pass(-1));
    expect(wrong.checks.map(({ name, ok: isRight }) => [name, isRight])).toEqual([
      ["p", true],
      ["q", false],
    ]);
    expect(wrong.checks[1]!.diagnosis[0]).toMatchObject({ cause: "sign" });
    const lines = "dq = -((y == 1) ./ (q - p) + (y == 2) ./ (1 - q)) / N";
    expect(checkFormulas(ORDINAL, lines).ok).toBe(false);
    expect(checkFormulas(ORDINAL, lines.replace("+ (y", "- (y")).ok).toBe(true);
  });

  it("is what labels of two kinds may be, where only one number is compared", () => {
    const model = parseModel(`
      N = size()
      x = input(N)
      y = target(N)
      w = param()
      z = w * x
      L = sum((y == 1) .* softplus(-z) + (y != 1) .* softplus(z))`);
    const sigmoid = (one: number): number => 1 / (1 + Math.exp(-one));
    const slope =
      (positive: (label: number) => number) =>
      ({ x, y, w }: Point): Claims => ({
        z: (x as number[]).map(
          (one, k) => sigmoid((w as number) * one) - positive((y as number[])[k]!),
        ),
      });
    expect(
      check(
        model,
        slope((label) => label),
      ),
    ).toMatchObject({ ok: true, notes: [] });
    const signs = check(
      model,
      slope((label) => (label + 1) / 2),
    );
    expect(signs.ok).toBe(true);
    expect(signs.notes.join()).toContain("the entries of y are 1 or -1");
    expect(
      check(
        model,
        slope((label) => 1 - label),
      ).ok,
    ).toBe(false);
  });

  it("is not what a mask compares and a model uses as numbers, too", () => {
    const model = parseModel(`
      N = size()
      x = input(N)
      t = target(N)
      w = param()
      b = param()
      m = x != 0
      y = w * x + b
      L = sum(m .* (y - t).^2) / N`);
    const lines = (dw: string): string => `dy = 2 * m .* (y - t) / N\ndw = ${dw}\ndb = sum(dy)`;
    for (const seed of SEEDS) {
      const entries = askedPoints(model, seed).flatMap(({ x }) => x as number[]);
      expect(entries).toContain(0);
      expect(new Set(entries).size).toBeGreaterThan(2);
      expect(checkFormulas(model, lines("dot(dy, x)"), { seed }).ok).toBe(true);
      expect(checkFormulas(model, lines("dot(dy, x.^2)"), { seed }).ok).toBe(false);
      expect(checkFormulas(model, lines("sum(dy)"), { seed }).ok).toBe(false);
    }
  });

  it("is told by the number where a point has none of it", () => {
    const model = parseModel(`
      N = size()
      c = input(N)
      w = param()
      L = sum((c == 3) .* (w - c).^2)`);
    const { notes } = checkFormulas(model, "dw = 2 * sum((c == 3) .* (w - c))", {
      at: { c: [1, 2], w: 0.5 },
    });
    expect(notes.join()).toContain("no point was found at which c - 3 == 0");
  });
});

it("the slope of a leaky unit that is the usual one is told as that number", () => {
  const model = parseModel(`
    x = input(6)
    W = param(4, 6)
    V = param(3, 4)
    t = target(3)
    z = W * x
    a = leakyrelu(z, 0.1)
    y = tanh(V * a)
    L = 1/2 * sum((y - t).^2)`);
  const at = randomPoint(model, { seed: 2 });
  const { values, gradients } = compile(model).evaluate(at);
  const [x, t, V, z, y] = [at["x"], at["t"], at["V"], values["z"], values["y"]] as [
    number[],
    number[],
    number[][],
    number[],
    number[],
  ];
  expect(z.filter((one) => one < 0).length).toBeGreaterThan(1);
  const dy = y.map((one, k) => (one - t[k]!) * (1 - one ** 2));
  const da = z.map((_, i) => dy.reduce((sum, d, k) => sum + d * V[k]![i]!, 0));
  const W = da.map((d, i) => x.map((one) => d * (z[i]! > 0 ? 1 : 0.01) * one));
  const [wrong] = check(model, { W, V: gradients["V"]! }, { at }).checks;
  expect(wrong!.diagnosis[0]).toMatchObject({
    cause: "wrong-variable",
    used: "0.01",
    instead: "0.1",
  });
});
