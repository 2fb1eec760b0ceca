import { check, type Claims, compile, parseModel, randomPoint } from "chainrule";
import { describe, expect, it } from "vitest";
import type { Quantity } from "../../src/expression/quantity.js";
import type { Fault } from "../../src/check/explanations/hypothesis.js";
import type { Hit, HitExplanation } from "../../src/check/search/hits.js";
import { type Found, jointly } from "../../src/check/search/joint.js";

const quantity = (name: string): Quantity => ({ name, role: "parameter", shape: [] });
const [a, b, c] = ["a", "b", "c"].map(quantity) as [Quantity, Quantity, Quantity];
const fault = (said: string): Fault => ({ cause: "sign", say: () => said });

/** A mistake that explains some claims, with what it takes beside it for each. */
function hit(price: number, faults: readonly Fault[], extras: ReadonlyMap<Quantity, number>): Hit {
  const explained = new Map([...extras].map(([of, cost]) => [of, { cost, faults }]));
  const change = () => ({ removed: new Set<never>(), added: [] });
  const slips = faults.map((one) => ({ fault: one, change }));
  return {
    ...{ slips, faults, cost: price, change, holds: () => true, explained },
    ...{ contradicted: [], altered: [] },
  };
}

function found(
  of: Quantity,
  alone: readonly (readonly [string, number])[],
  hits: readonly Hit[],
): Found {
  return {
    quantity: of,
    alone: alone.map(([said, cost]) => ({ faults: [fault(said)], cost })),
    together: [],
    hits: hits.flatMap((one): HitExplanation[] => {
      const extra = one.explained.get(of)?.cost;
      if (extra === undefined) return [];
      return [{ hit: one, faults: one.faults, price: one.cost, cost: one.cost + extra }];
    }),
  };
}

const first = (result: ReturnType<typeof jointly>, of: Quantity): string[] => {
  const [best] = [...result.get(of)!].sort((one, other) => one.cost - other.cost);
  return best!.faults.map(({ say }) => say("d"));
};

describe("explanations of all claims together", () => {
  const shared = hit(2, [fault("shared")], new Map([a, b, c].map((of) => [of, 0])));

  it("pay for a mistake once, however many claims it explains", () => {
    const own = [["own", 1]] as const;
    const result = jointly([a, b, c].map((of) => found(of, own, [shared])));
    expect([a, b, c].map((of) => first(result, of))).toEqual([["shared"], ["shared"], ["shared"]]);
  });

  it("leave each claim its own where that costs less", () => {
    const own = [["own", 0.5]] as const;
    const result = jointly([a, b, c].map((of) => found(of, own, [shared])));
    expect([a, b, c].map((of) => first(result, of))).toEqual([["own"], ["own"], ["own"]]);
  });

  it("count a second mistake alone where the first is made anyway", () => {
    const [one, two] = [fault("one"), fault("two")];
    const single = hit(1.5, [one], new Map([a, b].map((of) => [of, 0])));
    const pair = hit(3.5, [one, two], new Map([[c, 0]]));
    const result = jointly([
      found(a, [], [single]),
      found(b, [], [single]),
      found(c, [["contrived", 3]], [pair]),
    ]);
    expect(first(result, c)).toEqual(["one", "two"]);
  });

  it("are no mistake that spoils a right claim, however many wrong ones it explains", () => {
    const own = [["own", 1]] as const;
    const untrue = { ...shared, contradicted: [a] };
    const result = jointly([a, b, c].map((of) => found(of, own, [untrue])));
    expect([a, b, c].map((of) => first(result, of))).toEqual([["own"], ["own"], ["own"]]);
    // nor is it preferred where each claim has nothing simpler
    const costs = [...jointly([a, b].map((of) => found(of, [], [untrue]))).values()];
    expect(costs.flat().map(({ cost }) => cost)).toEqual([2, 2]);
  });
});

describe("a mistake that would make another wrong claim wrong in another way", () => {
  const own = [["own", 1.5]] as const;
  const alone = (altered: readonly Quantity[]): Hit => ({
    ...hit(1, [fault("upstream")], new Map([[a, 0]])),
    altered,
  });

  it("costs more where that claim is explained without it", () => {
    const upstream = alone([b]);
    const result = jointly([found(a, own, [upstream]), found(b, own, [])]);
    expect(first(result, a)).toEqual(["own"]);
  });

  it("does not where nothing explains that claim, or where it is explained with the mistake", () => {
    const upstream = alone([b]);
    expect(first(jointly([found(a, own, [upstream]), found(b, [], [])]), a)).toEqual(["upstream"]);
    const both = hit(3, [...upstream.faults, fault("second")], new Map([[b, 0]]));
    const result = jointly([found(a, own, [upstream]), found(b, [], [both])]);
    expect(first(result, a)).toEqual(["upstream"]);
  });
});

describe("a derivative that a right claim equals", () => {
  const model = parseModel(`
    x = input(3)
    t = target(2)
    W1 = param(4, 3)
    b1 = param(4)
    W2 = param(3, 4)
    b2 = param(3)
    W3 = param(2, 3)
    b3 = param(2)
    z1 = W1*x + b1
    a1 = tanh(z1)
    z2 = W2*a1 + b2
    a2 = sigmoid(z2)
    y = W3*a2 + b3
    L = sum((y - t).^2)/2`);
  /** Each is the derivative by what its bias is added to. */
  const equals = new Map([
    ["b1", "dz1"],
    ["b2", "dz2"],
    ["b3", "dy"],
  ]);

  const times = (factor: number, entries: unknown): unknown =>
    Array.isArray(entries)
      ? entries.map((one) => times(factor, one))
      : factor * (entries as number);

  it.each<[Record<string, number>]>([
    [{ W1: 2, b1: 2, W2: -2 }],
    [{ W1: 2, b2: 2, W2: -2 }],
    [{ W1: 2, W2: 2, W3: -2 }],
    [{ W1: 3, W2: 3, b2: -3, W3: 3 }],
    [{ W1: 0.5, b1: 0.5, W3: -0.5 }],
    [{ W1: 5, b1: 5, b2: 5, W2: -5 }],
  ])("is not told to be wrong beside %j times the right ones", (factors) => {
    const at = randomPoint(model, { seed: 3 });
    const { gradients } = compile(model).evaluate(at);
    const claims = Object.fromEntries(
      Object.entries(gradients).map(([name, right]) => [name, times(factors[name] ?? 1, right)]),
    ) as Claims;
    const { checks } = check(model, claims, { at });
    expect(checks.filter(({ ok }) => !ok).map(({ name }) => name)).toEqual(
      Object.keys(gradients).filter((name) => name in factors),
    );
    const right = checks.flatMap(({ name, ok }) => (ok ? (equals.get(name) ?? []) : []));
    for (const { text } of checks.flatMap(({ diagnosis }) => diagnosis)) {
      for (const adjoint of right) expect(text).not.toContain(`follows from ${adjoint}`);
    }
  });
});

/** Each gradient is written out as a formula of its own: a slip in one of them is not in the others. */
describe("a mistake in what a right claim is computed from", () => {
  const model = parseModel(`
    x = input(3)
    t = target(2)
    W1 = param(4, 3)
    b1 = param(4)
    W2 = param(2, 4)
    z1 = W1*x + b1
    a1 = sigmoid(z1)
    y = W2*a1
    L = sum((y - t).^2)/2`);
  const at = randomPoint(model, { seed: 3 });
  const right = compile(model).evaluate(at).gradients as Record<string, number[] | number[][]>;
  const numbersAt = (name: string): number[] => at[name] as number[];
  const rowsAt = (name: string): number[][] => at[name] as number[][];
  const dot = (a: number[], b: number[]): number => a.reduce((sum, v, k) => sum + v * b[k]!, 0);
  const a1 = rowsAt("W1").map((row, k) => {
    const z = dot(row, numbersAt("x")) + numbersAt("b1")[k]!;
    return 1 / (1 + Math.exp(-z));
  });
  const dy = rowsAt("W2").map((row, k) => dot(row, a1) - numbersAt("t")[k]!);
  const da1 = a1.map((_, k) => dy.reduce((sum, d, n) => sum + d * rowsAt("W2")[n]![k]!, 0));
  const outer = (d: number[]): number[][] => d.map((v) => numbersAt("x").map((one) => v * one));

  const told = (claims: Claims) =>
    check(model, claims, { at }).checks.flatMap(({ ok, diagnosis }) => (ok ? [] : [diagnosis[0]!]));

  it("is told of the wrong claim, where the right one is right", () => {
    const [first, ...others] = told({ ...right, W1: outer(da1) });
    expect(others).toEqual([]);
    expect(first).toMatchObject({ cause: "missing-factor", factor: "sigmoid'(z1)" });
    expect(first!.text).toMatch(/^in dW1, dz1 is .*; db1 has dz1 right$/);
    expect(first!.arisesIn).toBeUndefined();
  });

  it("is told of the derivative where both have it", () => {
    const [first] = told({ ...right, W1: outer(da1), b1: da1 });
    expect(first).toMatchObject({ cause: "missing-factor", arisesIn: "z1" });
  });

  it("is found with a factor of its own, and told of the wrong claim", () => {
    const dz1 = da1.map((d, k) => d * a1[k]! * (1 - a1[k]!));
    // 0.3 times the path through the second entry of y
    const [second] = rowsAt("W2").slice(1);
    const part = a1.map((a, k) => 0.7 * dy[1]! * second![k]! * a * (1 - a));
    const all = told({ ...right, W1: outer(dz1.map((d, k) => d - part[k]!)) });
    for (const { text, arisesIn } of all) {
      expect(arisesIn === undefined || arisesIn === "W1").toBe(true);
      expect(text).not.toContain("follows from dz1");
    }
  });
});

it("two mistakes are told of every gradient that both reach, also where one is made in two places", () => {
  const model = parseModel(`
    x = input(6)
    t = target(2)
    w = param(6)
    v = param(6)
    D = param(2, 6)
    a1 = tanh(w .* x)
    a2 = tanh(v .* x)
    m1 = maximum(a1[1:2:5], a1[2:2:6])
    m2 = maximum(a2[1:2:5], a2[2:2:6])
    z = D * concat(m1, m2)
    L = 1/2 * sum((z - t).^2)`);
  const at = randomPoint(model, { seed: 4 });
  const { x, t, w, v, D } = at as {
    x: number[];
    t: number[];
    w: number[];
    v: number[];
    D: number[][];
  };
  const activations = (by: number[]) => by.map((one, k) => Math.tanh(one * x[k]!));
  const pooled = (a: number[]) => [0, 2, 4].map((k) => Math.max(a[k]!, a[k + 1]!));
  const [a1, a2] = [activations(w), activations(v)];
  const f = [...pooled(a1), ...pooled(a2)];
  // the wrong sign, and shares in place of the largest
  const dz = D.map((row, i) => t[i]! - row.reduce((sum, one, j) => sum + one * f[j]!, 0));
  const df = f.map((_, j) => D.reduce((sum, row, i) => sum + row[j]! * dz[i]!, 0));
  const through = (a: number[], from: number) =>
    a.map((one, k) => (df[from + Math.floor(k / 2)]! / 2) * (1 - one * one) * x[k]!);
  const claims = {
    w: through(a1, 0),
    v: through(a2, 3),
    D: dz.map((one) => f.map((entry) => one * entry)),
  };
  const { checks } = check(model, claims, { at });
  const causes = checks.map(({ name, diagnosis }) => [
    name,
    diagnosis.flatMap(({ explanation, cause }) => (explanation === 1 ? [cause] : [])).sort(),
  ]);
  expect(Object.fromEntries(causes)).toEqual({
    w: ["sign", "wrong-function"],
    v: ["sign", "wrong-function"],
    D: ["sign"],
  });
});

it("a wrong sign of a derivative that comes in several lines is told of that derivative", () => {
  const model = parseModel(`
    x = input(3)
    t = target(2)
    V = param(3, 3)
    W = param(2, 3)
    b = param(2)
    u = param(2)
    h = tanh(V * x)
    y = W * h + b
    L = sum((y - t).^2) + sum(exp(y)) + dot(u, y)`);
  const at = randomPoint(model, { seed: 4 });
  const { gradients } = compile(model).evaluate(at);
  const turned = (of: unknown): unknown => (Array.isArray(of) ? of.map(turned) : -(of as number));
  const claims = Object.fromEntries(
    Object.entries(gradients).map(([name, one]) => [name, name === "u" ? one : turned(one)]),
  ) as Claims;
  for (const { name, ok, diagnosis } of check(model, claims, { at }).checks) {
    const texts = diagnosis.map(({ text }) => text);
    const what = "follows from dy, which is the right gradient with the wrong sign: multiply by -1";
    expect([ok, texts]).toEqual(name === "u" ? [true, []] : [false, [`d${name} ${what}`]]);
  }
});

it("a factor that came in upstream is told of the derivative that has it, beside a mistake further down, too", () => {
  const model = parseModel(`
    X = input(5, 3)
    T = target(5, 2)
    W = param(3, 4)
    g = param(4)
    be = param(4)
    V = param(4, 2)
    Q = tanh(X * W)
    U = Q .* g' + be'
    Y = tanh(U) * V
    L = sum((Y - T).^2) / 5`);
  const at = randomPoint(model, { seed: 3 });
  const { gradients } = compile(model).evaluate(at);
  const half = (of: unknown): unknown => (Array.isArray(of) ? of.map(half) : (of as number) / 2);
  const g = at.g as number[];
  const dbe = (gradients.be as number[]).map((one, k) => (one / 2) * g[k]!);
  const claims = {
    ...Object.fromEntries(["W", "g", "V"].map((name) => [name, half(gradients[name])])),
    be: dbe,
  } as Claims;
  const { checks } = check(model, claims, { at });
  const first = (of: string) =>
    checks
      .find(({ name }) => name === of)!
      .diagnosis.filter(({ explanation }) => explanation === 1)
      .map(({ cause, arisesIn }) => [cause, arisesIn]);
  expect(first("V")).toEqual([["constant-factor", "Y"]]);
  expect(first("be")).toEqual([
    ["constant-factor", "Y"],
    ["extra-factor", "be"],
  ]);
});
