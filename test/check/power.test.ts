import { check, type Claims, compile, parseModel, type Point } from "chainrule";
import { describe, expect, it } from "vitest";
import { readPoint } from "../../src/language/point.js";
import { randomPoint } from "../../src/numeric/random.js";
import { catalogueOf } from "../../src/check/mutants/catalogue.js";
import { Backward } from "../../src/check/pass/backward.js";
import { Bench } from "../../src/check/pass/bench.js";
import { distinct } from "../../src/check/power/exposure.js";
import { informativePoint } from "../../src/check/power/informative.js";
import { askedPoints } from "../../src/check/power/points.js";
import { UsedPieces } from "../../src/numeric/pieces.js";
import { knownMistakes } from "../../src/check/power/mistakes.js";
import { checkReport } from "../../src/render/terminal/report.js";
import { systems } from "./corpus/index.js";
import { modelOf } from "./formula-models.js";

const text = `
  N = size()
  X = input(2, N)
  T = target(3, N)
  W1 = param(4, 2)
  W2 = param(3, 4)
  b = param(3)
  Z = W1 * X
  H = relu(Z)
  Y = W2 * H + b
  L = 1/N * sum((Y - T).^2)`;
const model = parseModel(text);

function rightAt(one: typeof model, at: Point): Claims {
  return compile(one).evaluate(at).gradients;
}

/** `what (why)` of each hidden mistake. */
function hiddenAt(at: Point, one = model, claims = rightAt(one, at)): string[] {
  const { ok, power } = check(one, claims, { at });
  expect(ok).toBe(true);
  expect(power.exposed + power.hidden.length).toBe(power.total);
  return power.hidden.map((mistake) => `${mistake.text} (${mistake.why})`);
}

const good = {
  X: [
    [0.5, -1.25, 0.75],
    [1.5, 0.25, -2],
  ],
  T: [
    [1, 0.5, -1],
    [0, 1.5, 2],
    [-0.5, 0.75, 1],
  ],
  W1: [
    [0.5, -0.25],
    [0.75, 1.5],
    [-1, 0.125],
    [0.3, -0.6],
  ],
  W2: [
    [1, -0.5, 0.25, 0.7],
    [0.5, 1.25, -1, 0.1],
    [0.2, 0.4, 0.9, -0.8],
  ],
  b: [0.1, -0.2, 0.3],
};
const column = (rows: number[][]) => rows.map(([first]) => [first!]);
const ones = (rows: number[][]) => rows.map((row) => row.map(() => 1));

describe("what a point hides", () => {
  it("nothing at a good one", () => {
    expect(hiddenAt(good)).toEqual([]);
  });

  it("a batch of one hides sums over the batch and 1/N", () => {
    const at = { ...good, X: column(good.X), T: column(good.T) };
    const hidden = hiddenAt(at);
    expect(hidden).toContain("a factor N in dW1 (N is 1)");
    expect(hidden).toContain("the sum over N left out in db (N is 1)");
    // and so it is: neither mistake is seen there
    const right = compile(model).evaluate(at).gradients;
    const unsummed = (right["b"] as number[]).map((entry) => [entry]);
    expect(check(model, { b: unsummed }, { at }).ok).toBe(true);
  });

  it("an input of zeros hides the lines that use it", () => {
    const zero = { ...good, X: good.X.map((row) => row.map(() => 0)) };
    expect(hiddenAt(zero)).toContain("a wrong sign in dW1 (X is 0)");
  });

  it("units that are all on hide their mask", () => {
    const on = {
      ...good,
      X: [
        [1, 2, 0.5],
        [0.25, 1, 3],
      ],
      W1: [
        [1, 2],
        [0.5, 0.25],
        [3, 1],
        [2, 0.75],
      ],
    };
    expect(hiddenAt(on)).toContain(
      "the factor relu'(Z) left out in dZ (Z and H hold the same numbers)",
    );
  });

  it("equal weights hide a transpose", () => {
    const square = parseModel(`
      x = input(3)
      t = target(3)
      W = param(3, 3)
      y = W' * tanh(W * x)
      L = sum((y - t).^2)`);
    const at = {
      x: [0.5, -0.25, 0.75],
      t: [1, 2, -1],
      W: [
        [0.5, 0.1, -0.2],
        [0.3, 0.7, 0.4],
        [0.6, -0.1, 0.2],
      ],
    };
    const transposed = (hidden: string[]) => hidden.filter((one) => one.includes("transposed"));
    expect(transposed(hiddenAt(at, square))).toEqual([]);
    expect(transposed(hiddenAt({ ...at, W: ones(at.W) }, square))).toContain(
      "a transposed W in dW (W is symmetric)",
    );
  });

  it("a saturated unit hides what is behind it", () => {
    const net = parseModel(`
      x = input(2)
      w = param(2)
      v = param()
      z = dot(w, x)
      a = sigmoid(z)
      L = (v * a - 2)^2`);
    const at = { x: [1, 2], w: [0.5, 0.25], v: 3 };
    expect(hiddenAt(at, net)).toEqual([]);
    const saturated = hiddenAt({ ...at, w: [400, 400] }, net);
    expect(saturated.some((one) => one.startsWith("a wrong sign in dw"))).toBe(true);
  });

  it("few digits hide small changes", () => {
    const slight = parseModel(text.replace("L =", "R = 0.0001 * sum(W1.^2)\nL = R +"));
    const short = Object.fromEntries(
      Object.entries(rightAt(model, good)).map(([name, value]) => [
        name,
        JSON.parse(JSON.stringify(value), (_, v: unknown) =>
          typeof v === "number" ? Number(v.toFixed(2)) : v,
        ) as Claims[string],
      ]),
    );
    expect(hiddenAt(good, slight, rightAt(slight, good))).toEqual([]);
    expect(hiddenAt(good, slight, short).join("\n")).toMatch(
      /the path through R left out in dW1 \(it changes less than the digits that were given show\)/,
    );
  });
});

it("is told with a right verdict, in one line of the report", () => {
  const at = { ...good, X: column(good.X), T: column(good.T) };
  const result = check(model, rightAt(model, at), { at });
  const { exposed, total, hidden } = result.power;
  expect(result.notes).toContain(
    `W1, W2, b are judged right where ${hidden.length} of ${total} known mistakes would not show: check at another point too`,
  );
  const report = checkReport(result).replace(/\n +/g, " ");
  expect(report).toContain(
    `these numbers would show ${exposed} of ${total} known mistakes (usual slips, one at a time); they`,
  );
  expect(check(model, rightAt(model, good), { at: good }).notes).toEqual([]);
});

describe("informative points", () => {
  it.each(systems)("$name: all that can show does", ({ text: source }) => {
    const one = parseModel(source);
    const at = informativePoint(one, { seed: 3 });
    expect(informativePoint(one, { seed: 3 })).toEqual(at);
    const { power } = check(one, rightAt(one, at), { at });
    expect(power.total).toBeGreaterThan(20);
    expect(power.hidden.map((mistake) => `${mistake.text} (${mistake.why})`)).toEqual([]);
  });
});

it("points that are asked use every piece of a piecewise function", () => {
  const model = modelOf("pieces");
  const pieces = (seed: number): UsedPieces => new UsedPieces(model, askedPoints(model, seed));
  for (let seed = 1; seed <= 12; seed++) expect([seed, pieces(seed).areAll]).toEqual([seed, true]);
});

describe("one random point", () => {
  /** What shows at random points of the same sizes. */
  function shownAt(text: string, seeds: readonly number[]) {
    const one = parseModel(text);
    const backward = Backward.of(one);
    const points = seeds.map((seed) => readPoint(one, randomPoint(one, { seed })));
    const bench = new Bench(backward, points[0]!, new Set(one.params));
    const known = knownMistakes(catalogueOf(backward, bench, false), bench, one.params);
    return points.map(({ entries }) => bench.visit(entries, () => distinct(known, bench)));
  }
  const seeds = Array.from({ length: 8 }, (_, k) => 1 + k);
  const net = (hidden: string): string => `
    x = input(2)
    t = target(2)
    W1 = param(3, 2)
    W2 = param(2, 3)
    L = 1/2 * sum((W2 * ${hidden}(W1 * x) - t).^2)`;

  it.each(["sigmoid", "tanh", "gelu", "relu", "abs"])(
    "shows as much as others if it says so: %s",
    (hidden) => {
      const shown = shownAt(net(hidden), seeds);
      const most = Math.max(...shown.map(({ mistakes }) => mistakes.length));
      const whole = shown.filter(({ isAll }) => isAll);
      for (const { mistakes } of whole) expect(mistakes.length).toBe(most);
    },
  );

  it("says so of smooth models, and not where a mistake in one has kinks and looks like another", () => {
    const shown = shownAt(net("tanh"), seeds);
    expect(shown.some(({ isAll }) => isAll)).toBe(true);
    // with one unit, relu'(z) for tanh'(z) is the factor left out where z is positive, and nothing where it is negative
    const unit = "x = input()\nw = param()\nt = target()\ny = tanh(w * x)\nL = (y - t)^2";
    for (const { isAll } of shownAt(unit, seeds)) expect(isAll).toBe(false);
  });
});
