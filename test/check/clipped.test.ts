/** Gradients that were clipped, each by itself or all of them together. */
import {
  check,
  checkFormulas,
  type Claims,
  compile,
  parseModel,
  type Point,
  randomPoint,
} from "chainrule";
import { expect, it, vi } from "vitest";
import { Trials } from "../../src/check/search/trials.js";
import { random } from "../../src/numeric/prng.js";

const model = parseModel(`
  x = input(3)
  t = target(2)
  W1 = param(4, 3)
  b1 = param(4)
  W2 = param(2, 4)
  a1 = tanh(W1 * x + b1)
  y = W2 * a1
  L = sum((y - t).^2)
`);
const generator = random(5);
const list = (length: number): number[] =>
  Array.from({ length }, () => generator.between(-1.5, 1.5));
const rows = (count: number, length: number): number[][] =>
  Array.from({ length: count }, () => list(length));
const at = { x: list(3), t: list(2), W1: rows(4, 3), b1: list(4), W2: rows(2, 4) };
const gradients = Object.entries(compile(model).evaluate(at).gradients).map(
  ([name, value]) => [name, [value].flat(2).map(Number)] as const,
);

/** The gradients, each entry changed. */
function given(change: (entry: number, name: string) => number): Claims {
  return Object.fromEntries(
    gradients.map(([name, entries]) => [name, entries.map((entry) => change(entry, name))]),
  );
}

function told(claims: Claims): Record<string, string[]> {
  const { checks } = check(model, claims, { at });
  return Object.fromEntries(
    checks.map(({ name, diagnosis }) => [name, diagnosis.map((d) => d.text)]),
  );
}

const norm = Math.hypot(...gradients.flatMap(([, entries]) => entries));

it("to a norm of all of them together", () => {
  expect(norm).toBeGreaterThan(1);
  const what = "after all of them together were scaled to the norm 1: compare the gradients before";
  for (const [name, texts] of Object.entries(told(given((entry) => entry / norm)))) {
    expect(texts).toEqual([`d${name} is the right gradient ${what} they are clipped`]);
  }
  // another norm for each is no norm of all, and a factor that is no norm is none
  const own = (name: string): number => Math.hypot(...new Map(gradients).get(name)!);
  expect(told(given((entry, name) => entry / own(name)))["W1"]![0]).toContain(
    "scaled to the norm 1:",
  );
  expect(told(given((entry) => (3 * entry) / norm / Math.PI))["W1"]![0]).not.toContain("norm");
});

it("to a norm, also where some points are within it", () => {
  const compiled = compile(model);
  const clip = (limit: number) => (point: Point) => {
    const all = Object.entries(compiled.evaluate(point).gradients);
    const flat = all.map(([name, value]) => [name, [value].flat(2).map(Number)] as const);
    const whole = Math.hypot(...flat.flatMap(([, entries]) => entries));
    const scale = Math.min(1, limit / whole);
    return Object.fromEntries(flat.map(([name, entries]) => [name, entries.map((d) => d * scale)]));
  };
  const points = [1, 2, 3, 4, 5, 6, 7, 8].map((seed) => randomPoint(model, { seed }));
  const norms = points.map((point) =>
    Math.hypot(
      ...Object.values(compiled.evaluate(point).gradients).flatMap((d) => [d].flat(2).map(Number)),
    ),
  );
  const limit = 7;
  expect(Math.min(...norms)).toBeLessThan(limit);
  expect(Math.max(...norms)).toBeGreaterThan(limit);
  const { ok, checks } = check(model, clip(limit));
  expect(ok).toBe(false);
  for (const { diagnosis } of checks) {
    expect(diagnosis[0]!.text).toContain("together were scaled to the norm 7:");
  }
});

it("to a bound in single precision", () => {
  const bound = Math.fround(0.1);
  const texts = told(given((d) => Math.max(-bound, Math.min(bound, Math.fround(d)))));
  expect(texts["W1"]![0]).toContain("clipped to [-0.1, 0.1]:");
});

it("to bounds, where one gradient alone is a single number, before most other mistakes are tried", () => {
  const growth = parseModel(`
    x = input(3)
    W = param(4, 3)
    b = param(4)
    L = sum(exp(W * x + b))
  `);
  const point = { x: [0.5, -1.5, 2], W: rows(4, 3), b: [2, 3, 2, 3] };
  const right = compile(growth).evaluate(point).gradients;
  const clip = (entry: number): number => Math.max(-0.3, Math.min(0.3, entry));
  const claims = Object.fromEntries(
    Object.entries(right).map(([name, value]) => [name, [value].flat(2).map(Number).map(clip)]),
  );
  expect(claims["b"]).toEqual([0.3, 0.3, 0.3, 0.3]);
  const tried = vi.spyOn(Trials.prototype, "try");
  const { checks } = check(growth, claims, { at: point });
  expect(checks.map(({ diagnosis }) => diagnosis[0]!.cause)).toEqual(["clipped", "clipped"]);
  expect(tried.mock.calls.filter(([, cost]) => cost > 1.5)).toEqual([]);
  tried.mockRestore();
});

it("to bounds of two sizes, or on one side", () => {
  const within = (low: number, high: number) => (entry: number) =>
    Math.max(low, Math.min(high, entry));
  for (const [low, high, range] of [
    [-0.1, 0.2, "[-0.1, 0.2]"],
    [0, Infinity, "[0, ∞]"],
    [-Infinity, 0.5, "[-∞, 0.5]"],
  ] as const) {
    const texts = Object.entries(told(given(within(low, high)))).flatMap(([, one]) => one);
    expect(texts.length).toBeGreaterThan(1);
    for (const text of texts) expect(text).toContain(`is the right gradient clipped to ${range}:`);
  }
  // what lies between the bounds has to be right
  const wrong = told(given((entry) => within(-0.1, 0.2)(entry) * (entry > 0 ? 1 : 0.5)));
  expect(Object.values(wrong).flat().join()).not.toContain("-0.1, 0.2");
});

it("to their signs, as a step of signSGD is", () => {
  for (const [factor, times] of [
    [1, ""],
    [-0.01, " times -0.01"],
  ] as const) {
    for (const [name, texts] of Object.entries(told(given((entry) => factor * Math.sign(entry))))) {
      expect(texts[0]).toContain(`d${name} holds the signs of the right gradient${times}, as`);
    }
  }
  // other signs, and sizes that differ, are none
  const turned = told(given((entry, name) => (name === "b1" ? Math.sign(entry - 1) : entry)));
  expect(turned["b1"]!.join()).not.toContain("signs");
  const sized = told(given((entry) => Math.sign(entry) * (Math.abs(entry) > 1 ? 2 : 1)));
  expect(Object.values(sized).flat().join()).not.toContain("signs");
});

it("but not to rounding errors: what is 0 for all entries is no bound", () => {
  const tiny = given((entry, name) => (name === "b1" ? 1e-17 * Math.sign(entry) : entry));
  expect(told(tiny)["b1"]!.join()).not.toContain("clipped");
});

it("are not said of formulas that keep nothing in bounds", () => {
  // the hinge of several classes, of which the column of the right class is forgotten
  const hinge = parseModel(`N = size()
    X = input(N, 3)
    Y = target(N, 4)
    W = param(3, 4)
    S = X * W
    right = sum(S .* Y, 2)
    M = S - right + 1
    L = sum(maximum(0, M) .* (1 - Y)) / N`);
  const point = {
    X: rows(5, 3),
    Y: [[1, 0, 0, 0], [0, 0, 1, 0], [0, 1, 0, 0], [0, 0, 0, 1], [0, 0, 1, 0]], // prettier-ignore
    W: rows(3, 4),
  };
  const first = (text: string) =>
    checkFormulas(hinge, text, { at: point }).checks[0]!.diagnosis[0]!;
  const forgotten = first("dS = (M > 0) .* (1 - Y) / N");
  expect(forgotten.cause).toBe("missing-term");
  expect(forgotten.text).toContain("the path through right");
  const kept = first("dS = maximum(0, ((M > 0) .* (1 - Y) - Y .* sum((M > 0) .* (1 - Y), 2)) / N)");
  expect(kept.cause).toBe("clipped");
});

it.each([
  ["g = X' * r / N + w / 10", "dw = g .* (g < 1) .* (g > -1) + (g >= 1) - (g <= -1)"],
  ["g = X' * r / N + w / 10", "dw = maximum(minimum(g, 1), -1)"],
])("is told of formulas that cut off with masks, or with functions", (...lines) => {
  const model = parseModel(`
    N = size()
    X = input(N, 3)
    y = target(N)
    w = param(3)
    r = X * w - y
    L = dot(r, r) / (2 * N) + 0.05 * dot(w, w)`);
  const { checks } = checkFormulas(model, lines.join("\n"));
  const [first] = checks[0]!.diagnosis;
  expect(first!.cause).toBe("clipped");
});

it("is told of a derivative on its way, of which the gradients are made", () => {
  const X = rows(6, 3);
  const [V, y] = [list(3), list(6)];
  const net = parseModel(`
    N = size()
    X = input(N, 3)
    y = target(N)
    w = param(3)
    b = param()
    p = X * w + b
    L = dot(p - y, p - y) / 2`);
  const errors = X.map((row, n) => row.reduce((sum, x, k) => sum + x * V[k]!, 0.5) - y[n]!);
  const dp = errors.map((one) => Math.max(-0.3, Math.min(0.3, one)));
  const claims = {
    w: V.map((_, k) => X.reduce((sum, row, n) => sum + row[k]! * dp[n]!, 0)),
    b: dp.reduce((sum, one) => sum + one, 0),
  };
  for (const { name, diagnosis } of check(net, claims, { at: { X, y, w: V, b: 0.5 } }).checks) {
    expect(diagnosis[0]!.text, name).toContain(
      "dp, which is the right gradient clipped to [-0.3, 0.3]",
    );
  }
});
