import { check, compile, parseModel, type Point, randomPoint } from "chainrule";
import { describe, expect, it } from "vitest";

const MODEL = parseModel(`
  X = input(6, 3)
  T = target(6, 2)
  W = param(3, 2)
  b = param(2)
  Y = tanh(X * W + b')
  L = sum((Y - T).^2) / 12`);
const FEW = parseModel(`
  x = input(3)
  w = param(3)
  b = param()
  L = 1/2 * (dot(w, x) + b)^2`);

type Numbers = number | readonly Numbers[];

const each = (value: Numbers, change: (one: number) => number): Numbers =>
  typeof value === "number" ? change(value) : value.map((one) => each(one, change));

/** Every number of a point or of its gradient, changed. */
const changed = (values: object, change: (one: number) => number) =>
  Object.fromEntries(
    Object.entries(values as Record<string, Numbers>).map(([name, one]) => [
      name,
      each(one, change),
    ]),
  );

const cut = (digits: number) => (one: number) => Math.trunc(one * 10 ** digits) / 10 ** digits;

describe("numbers of few digits", () => {
  it.each([2, 3])(
    "that are cut off after %i decimals are right, and said to be cut off",
    (digits) => {
      for (const seed of [1, 2, 3, 4, 5]) {
        const at = randomPoint(MODEL, { seed: seed });
        const { ok, checks } = check(
          MODEL,
          changed(compile(MODEL).evaluate(at).gradients, cut(digits)),
          { at },
        );
        expect(ok, `seed ${seed}`).toBe(true);
        expect(checks.map(({ precision }) => precision)).toContain(`${digits} decimals, cut off`);
      }
    },
  );

  it("that are cut off are still wrong with a mistake, which is told", () => {
    const at = randomPoint(MODEL, { seed: 1 });
    const { W, b } = changed(compile(MODEL).evaluate(at).gradients, cut(3));
    const { checks } = check(MODEL, { W: W!, b: each(b!, (one) => -one) }, { at });
    expect(checks.map(({ ok }) => ok)).toEqual([true, false]);
    expect(checks[1]!.diagnosis[0]!.cause).toBe("sign");
  });

  it("that lie on both sides of the right ones are not cut off", () => {
    const at = randomPoint(MODEL, { seed: 2 });
    const { W, b } = changed(compile(MODEL).evaluate(at).gradients, cut(2));
    const beyond = each(b!, (one) => one + Math.sign(one) * 0.01);
    expect(check(MODEL, { W: W!, b: beyond }, { at }).ok).toBe(false);
  });

  it("that are too few to tell are refused, without a cause", () => {
    const at = { x: [0.31, -0.55, 0.83], w: [0.62, -0.27, 0.45], b: -0.37 };
    const gradients = changed(compile(FEW).evaluate(at).gradients, cut(2));
    const { ok, checks } = check(FEW, gradients, { at });
    expect(ok).toBe(false);
    for (const { diagnosis } of checks.filter((one) => !one.ok)) {
      expect(diagnosis.map(({ cause }) => cause)).toEqual(["unknown"]);
      expect(diagnosis[0]!.text).toContain(
        "would be right if its digits were cut off, not rounded to the nearest",
      );
    }
  });
});

/** A point of few digits, which has not been rounded. */
const drawn = (seed: number): Point =>
  changed(randomPoint(MODEL, { seed }), (one) => Number(one.toFixed(2))) as Point;

/** The gradient at such a point, each number moved by a share of its last digit and then printed. */
function moved(seed: number, decimals: number, share: (k: number) => number) {
  const at = drawn(seed);
  let count = 0;
  const print = (one: number): number =>
    Number((one + share(count++) * 10 ** -decimals).toFixed(decimals));
  return check(MODEL, changed(compile(MODEL).evaluate(at).gradients, print), { at });
}

// five to eight digits may be those of singles, whose own errors are as large
describe.each([4, 10, 12])("numbers of %i decimals", (decimals) => {
  const seeds = [1, 2, 3, 4, 5];

  it("are right where they were rounded to one more before", () => {
    for (const seed of seeds) {
      const at = drawn(seed);
      const twice = changed(compile(MODEL).evaluate(at).gradients, (one) =>
        Number(Number(one.toFixed(decimals + 1)).toFixed(decimals)),
      );
      expect(check(MODEL, twice, { at }).ok, `seed ${seed}`).toBe(true);
    }
  });

  it.each([
    ["cut off", cut(decimals)],
    ["rounded down", (one: number) => Math.floor(one * 10 ** decimals) / 10 ** decimals],
    ["rounded up", (one: number) => Math.ceil(one * 10 ** decimals) / 10 ** decimals],
  ])("are right where all are %s, and said to be", (how, print) => {
    for (const seed of seeds) {
      const at = drawn(seed);
      const given = changed(compile(MODEL).evaluate(at).gradients, print);
      const { ok, checks } = check(MODEL, given, { at });
      expect(ok, `seed ${seed}`).toBe(true);
      expect(checks.map(({ precision }) => precision)).toContain(`${decimals} decimals, ${how}`);
    }
  });

  it("are wrong where they are off by most of the last digit on both sides", () => {
    for (const seed of seeds) {
      expect(moved(seed, decimals, (k) => (k % 2 ? 0.7 : -0.7)).ok, `seed ${seed}`).toBe(false);
    }
  });

  it("are wrong where they are off by the last digit", () => {
    for (const seed of seeds) {
      expect(moved(seed, decimals, () => 1).ok, `seed ${seed}`).toBe(false);
    }
  });
});

describe("numbers that were rounded, too few to tell", () => {
  const at = { x: [310.7, -55.2, 1830.4], w: [0.62, -0.27, 0.45] };

  it.each([
    ["rounded to whole numbers", Math.round],
    ["rounded down to whole numbers", Math.floor],
  ])("are refused as %s, and not as differences of the loss", (how, print) => {
    const residuals = parseModel(`
      x = input(3)
      w = param(3)
      L = 1/2 * dot(w, w) + dot(w, x) / 10`);
    const given = changed(compile(residuals).evaluate(at).gradients, print);
    const { checks } = check(residuals, given, { at });
    expect(checks.map(({ diagnosis }) => diagnosis.map(({ text }) => text))).toEqual([
      [`dw would be right if it was ${how}, which so few numbers do not tell: give more digits`],
    ]);
  });
});

it("errors of one side are no rounding where a mistake without a number of its own explains them", () => {
  const model = parseModel(`
    N = size()
    X = input(N, 3)
    Y = target(N, 2)
    lam = input()
    W = param(3, 2)
    b = param(2)
    P = X * W + b'
    L = sum((P - Y).^2) / (2 * N) + lam / 2 * sum(W.^2)`);
  for (const seed of [5, 11]) {
    const drawn = randomPoint(model, { seed });
    const W = each(drawn["W"] as Numbers, (one) => Math.abs(one) * 0.6 + 0.5);
    const at = { ...drawn, W: W as number[][], lam: 0.005 };
    // the penalty counted twice: all weights are positive, so that all errors have one sign
    const { gradients } = compile(model).evaluate({ ...at, lam: 0.01 });
    const twice = changed(gradients, (one) => Number(one.toFixed(2)));
    expect(check(model, twice, { at }).ok, `seed ${seed}`).toBe(false);
  }
});

describe("numbers that are the same in every precision", () => {
  const LINEAR = parseModel(`
    x = input(3)
    w = param(3)
    b = param()
    L = sum((w .* x).^2) + b^2`);
  const x = [1.1, 0.7, 0.3];
  const w = [0.31, 0.77, 0.59];

  it.each([
    [0.250013, 0.5, [0.7502, 0.7546, 0.1062], "4 decimals"],
    [0.0021, 0, [0.75, 0.75, 0.11], "2 decimals"],
  ] as const)("have that of what was printed beside them: %f", (b, db, dw, precision) => {
    const { ok, checks } = check(LINEAR, { w: [...dw], b: db }, { at: { x, w, b } });
    expect(ok).toBe(true);
    expect(checks.map((one) => one.precision)).toEqual([precision, precision]);
  });

  it("are wrong beyond it", () => {
    const { checks } = check(
      LINEAR,
      { w: [0.7502, 0.7546, 0.1062], b: 0.5 },
      { at: { x, w, b: 0.2502 } },
    );
    expect(checks.map(({ ok }) => ok)).toEqual([true, false]);
  });
});
