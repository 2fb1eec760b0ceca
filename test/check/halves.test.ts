/** Gradients that were rounded to 16 bits as the last thing that was done to them. */
import { backprop, check, parseModel, randomPoint } from "chainrule";
import { describe, expect, it } from "vitest";

const MODELS = {
  "a batch of two layers": `
    N = size()
    X = input(N, 3)
    Y = target(N, 2)
    W1 = param(3, 4)
    b1 = param(4)
    W2 = param(4, 2)
    H = tanh(X * W1 + b1')
    L = sum((H * W2 - Y).^2) / (2 * N)`,
  "a gated layer with a norm": `
    x = input(4)
    t = target(3)
    A = param(4, 4)
    B = param(4, 4)
    V = param(3, 4)
    r = x / sqrt(mean(x.^2) + 0.01)
    h = (A * r) .* sigmoid(B * r)
    L = sum((V * h - t).^2)`,
  "a temperature": `
    N = size()
    X = input(N, 3)
    Q = target(N, 4)
    W = param(3, 4)
    s = param()
    P = logsoftmax(X * W * exp(s), 2)
    L = -sum(softmax(Q, 2) .* P) / N`,
};

type Nested = number | readonly Nested[];

/** To the nearest number with so many bits, of no less than the smallest exponent. */
const nearest = (bits: number, smallest: number) => (entry: number) => {
  const exponent = entry === 0 ? 0 : Math.floor(Math.log2(Math.abs(entry)));
  const unit = 2 ** (Math.max(exponent, smallest) - bits + 1);
  return Math.round(entry / unit) * unit;
};

const FORMATS = [
  ["half precision", nearest(11, -14), 3, 1.05],
  ["bfloat16", nearest(8, -126), 2, 1.3],
] as const;

describe.each(Object.entries(MODELS))("%s", (_, text) => {
  const model = parseModel(text);
  const seeds = [1, 2, 3, 4, 5, 6];

  it.each(FORMATS)("in %s is right at all points", (precision, rounded, digits) => {
    for (const seed of seeds) {
      const at = randomPoint(model, { seed });
      const { gradients } = backprop(model, at);
      const claims = Object.fromEntries(
        Object.entries(gradients).map(([name, value]) => [name, changed(value as Nested, rounded)]),
      );
      const { ok, checks } = check(model, claims, { at });
      expect(ok, `seed ${seed}: ${JSON.stringify(checks.map((one) => one.diagnosis))}`).toBe(true);
      const told = checks.find((one) => one.precision === precision);
      expect(Math.round(told!.digitsExpected)).toBe(digits);
    }
  });

  it.each(FORMATS)("in %s is wrong where the largest entry is off", (_, rounded, __, factor) => {
    const at = randomPoint(model, { seed: 7 });
    const { gradients } = backprop(model, at);
    const [name, value] = Object.entries(gradients).find(([, one]) => Array.isArray(one))!;
    const list = [value as number[][]].flat(2);
    const largest = Math.max(...list.map(Math.abs));
    const off = changed(value as Nested, (entry) =>
      rounded(Math.abs(entry) === largest ? factor * entry : entry),
    );
    expect(check(model, { [name]: off }, { at }).ok).toBe(false);
  });
});

/** The decimal of the fewest digits that is nearest to a number among those of its format, as NumPy prints. */
const shortest = (nearest: (entry: number) => number) => (entry: number) => {
  for (let digits = 1; ; digits++) {
    const decimal = Number(entry.toPrecision(digits));
    if (nearest(decimal) === nearest(entry)) return decimal;
  }
};
const digits = (count: number) => (entry: number) => Number(entry.toPrecision(count));

describe.each([
  ["half precision", nearest(11, -14), "by the shortest decimals", shortest(nearest(11, -14))],
  ["half precision", nearest(11, -14), "with four digits", digits(4)],
  ["bfloat16", nearest(8, -126), "by the shortest decimals", shortest(nearest(8, -126))],
  ["bfloat16", nearest(8, -126), "with six digits", digits(6)],
] as const)("Numbers of %s", (precision, rounded, how, print) => {
  const given = (text: string, seed: number, factor: number) => {
    const model = parseModel(text);
    const at = randomPoint(model, { seed, sizes: model.sizes.includes("N") ? { N: 32 } : {} });
    const claims = Object.fromEntries(
      Object.entries(backprop(model, at).gradients).map(([name, value]) => [
        name,
        changed(value as Nested, (entry) => print(rounded(factor * entry))),
      ]),
    );
    return check(model, claims, { at });
  };

  it.each(Object.entries(MODELS))(`that are printed ${how} are right: %s`, (_, text) => {
    for (const seed of [1, 2, 3, 4]) {
      const { ok, checks } = given(text, seed, 1);
      expect(ok, `seed ${seed}: ${JSON.stringify(checks)}`).toBe(true);
      expect(checks.map((one) => one.precision)).toContain(precision);
    }
  });

  it.each(Object.entries(MODELS))(`that are printed ${how} may be wrong: %s`, (_, text) => {
    // halves have three digits
    const factors = precision === "bfloat16" ? [32 / 31, 1.1] : [1.01, 0.99, 32 / 31];
    for (const factor of factors) {
      const { ok } = given(text, 1, factor);
      expect(ok, `times ${factor}`).toBe(false);
    }
  });
});

function changed(value: Nested, change: (entry: number) => number): Nested {
  return typeof value === "number" ? change(value) : value.map((one) => changed(one, change));
}

describe("Numbers of 16 bits", () => {
  const model = parseModel(`
    N = size()
    C = input()
    X = input(N, 3)
    Y = target(N, 2)
    W = param(3, 2)
    b = param(2)
    L = C * sum((tanh(X * W + b') - Y).^2) / N`);
  const scaled = (by: number) => {
    const at = { ...randomPoint(model, { seed: 3, sizes: { N: 32 } }), C: by };
    return { at, gradients: backprop(model, at).gradients };
  };

  it.each(FORMATS)("in %s are told at every scale of the loss", (precision, rounded) => {
    for (const by of [1, 10, 100, 1000]) {
      const { at, gradients } = scaled(by);
      const claims = Object.fromEntries(
        Object.entries(gradients).map(([name, value]) => [name, changed(value as Nested, rounded)]),
      );
      const { ok, checks } = check(model, claims, { at });
      expect(ok, `${by} in ${precision}: ${JSON.stringify(checks)}`).toBe(true);
    }
  });

  it.each(FORMATS)("in %s do not hide a division by N - 1", (_, rounded) => {
    const { at, gradients } = scaled(1);
    const off = (entry: number): number => rounded((entry * 32) / 31);
    const claims = Object.fromEntries(
      Object.entries(gradients).map(([name, value]) => [name, changed(value as Nested, off)]),
    );
    const { ok, checks } = check(model, claims, { at });
    expect(ok).toBe(false);
    expect(checks[0]!.diagnosis[0]!.text).toContain("N/(N-1) times");
  });
});

it.each(FORMATS)("in %s thirds and sixths are right, whose errors are alike", (_, rounded) => {
  const model = parseModel(`
    x = input(3)
    t = target(3)
    b = param(3)
    w = param(3)
    L = dot(b, t) / 3 + dot(w, x.^2)`);
  const at = { x: [312.7, -41.3, 87.9], t: [-0.5, 1, -0.5], b: [1, 2, 3], w: [0.1, 0.2, 0.3] };
  const { gradients } = backprop(model, at);
  const claims = Object.fromEntries(
    Object.entries(gradients).map(([name, value]) => [name, changed(value as Nested, rounded)]),
  );
  const { checks } = check(model, claims, { at });
  expect(checks.filter(({ ok }) => !ok)).toEqual([]);
});
