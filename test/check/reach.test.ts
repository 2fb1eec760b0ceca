/** Which claims a mistake can change is told before it is tried: too few, and the true one is never tried. */
import { check, compile, parseModel, type Point } from "chainrule";
import { describe, expect, it } from "vitest";
import { catalogueOf } from "../../src/check/mutants/catalogue.js";
import { Backward } from "../../src/check/pass/backward.js";
import { Bench } from "../../src/check/pass/bench.js";
import { Reach } from "../../src/check/search/reach.js";
import type { Quantity } from "../../src/expression/quantity.js";
import { readPoint } from "../../src/language/point.js";
import { systems } from "./corpus/index.js";

describe("a right claim that is computed from a wrong derivative and is 0 for all that", () => {
  const model = parseModel(`
    x = input(3)
    h = input(2)
    t = target(2)
    W = param(2, 3)
    U = param(2, 2)
    b = param(2)
    V = param(2, 2)
    z = W*x + U*h + b
    a = sigmoid(z)
    y = V*a
    L = sum((y - t).^2)/2`);
  // the first step of a recurrent network: its state is 0
  const x = [0.42, -0.53, 0.91];
  const at = {
    x,
    h: [0, 0],
    t: [0.31, -0.72],
    W: [
      [0.6, -0.2, 0.75],
      [-0.41, 0.84, 0.13],
    ],
    U: [
      [0.37, -0.66],
      [0.52, 0.28],
    ],
    b: [0.19, -0.35],
    V: [
      [0.71, -0.44],
      [0.26, 0.93],
    ],
  };
  const { gradients, values } = compile(model).evaluate(at);
  const a = values.a as number[];
  const dz = gradients.b as number[];
  const da = dz.map((one, i) => one / (a[i]! * (1 - a[i]!)));

  /** What is said first of W and b, where dz has a mistake in it. */
  const told = (wrong: readonly number[]) => {
    const claims = { ...gradients, W: wrong.map((one) => x.map((r) => one * r)), b: [...wrong] };
    const { checks } = check(model, claims, { at });
    expect(checks.filter(({ ok }) => ok).map(({ name }) => name)).toEqual(["U", "V"]);
    return checks.filter(({ ok }) => !ok).map(({ diagnosis }) => diagnosis[0]!);
  };

  it.each([
    ["a lost slope", "missing-factor", "sigmoid'(z)", (_: number, i: number) => da[i]!],
    [
      "the function for its slope",
      "wrong-function",
      undefined,
      (_: number, i: number) => da[i]! * a[i]!,
    ],
    [
      "the slope twice",
      "extra-factor",
      "sigmoid'(z)",
      (one: number, i: number) => one * a[i]! * (1 - a[i]!),
    ],
  ])("leaves %s one mistake of the others", (_, cause, factor, wrong) => {
    const [W, b] = told(dz.map(wrong));
    for (const one of [W!, b!]) expect([one.cause, one.factor]).toEqual([cause, factor]);
    expect(W!.text).toContain("follows from dz");
    expect(b!.text).toBe(W!.text.replace("dW", "db"));
  });
});

/** A point at which every other input is all zeros. */
function withZeros(point: Point, inputs: readonly string[]): Point {
  const zeros = (value: unknown): unknown => (Array.isArray(value) ? value.map(zeros) : 0);
  const gone = new Set(inputs.filter((_, k) => k % 2 === 0));
  const entries = Object.entries(point).map(([name, value]) => [
    name,
    gone.has(name) ? zeros(value) : value,
  ]);
  return Object.fromEntries(entries) as Point;
}

describe.each(systems)("what a mistake changes in $name", ({ text, point }) => {
  const backward = Backward.of(parseModel(text));
  const { model } = backward;
  const inputs = model.inputs.map(({ name }) => name);

  it.each([
    ["", point],
    [", where inputs are 0", withZeros(point, inputs)],
  ])("is within what is told of it%s", (_, at) => {
    const reach = new Reach(backward, model.params, model.params.length);
    const bench = new Bench(backward, readPoint(model, at), new Set(model.params));
    const mutants = [...catalogueOf(backward, bench, true).mutants((cost) => cost > 2.5)];
    let changed = 0;
    for (const { fault, change } of mutants) {
      const results = bench.evaluate(change());
      const reached = new Set(reach.of(change()).claims);
      for (const [quantity, entries] of results ?? []) {
        const right = bench.adjoints.get(quantity)!;
        if (entries.every((one, k) => Object.is(one, right[k]))) continue;
        changed++;
        const said = `${quantity.name}: ${fault.arisesIn} ${fault.say("it")}`;
        if (!reached.has(quantity)) expect.fail(said);
      }
    }
    expect(changed).toBeGreaterThan(0);
  });
});

it("is more than the derivative that the sentence begins with", () => {
  // the path through L is added to dv where it belongs to dh: u is computed from dv, and not from dh
  const backward = Backward.of(
    parseModel(`
      x = input(3)
      u = param(3)
      w = param(3)
      h = w .* x
      v = h + u
      L = sum(v.^2) + sum(h.^2)`),
  );
  const { params } = backward.model;
  const h = backward.order.find(({ name }) => name === "h")!;
  const v = backward.order.find(({ name }) => name === "v")!;
  const late = backward.into(h).filter(({ from }) => from !== v);
  const change = { removed: new Set(late), added: late.map((edge) => ({ ...edge, to: v })) };
  const reach = new Reach(backward, params, params.length);
  expect(reach.of(change).claims.map(({ name }) => name)).toEqual(["u", "w"]);
  expect(reach.of({ removed: new Set(late), added: [] }).claims.map(({ name }) => name)).toEqual([
    "w",
  ]);
});

it("ends at derivatives that are given", () => {
  const backward = Backward.of(
    parseModel(`
      x = input(3)
      W = param(2, 3)
      v = param(2)
      z = W * x
      a = tanh(z)
      y = dot(v, a)
      L = exp(y)
    `),
  );
  const named = (name: string): Quantity => backward.order.find((one) => one.name === name)!;
  const known = new Set([named("a")]);
  const leading = backward.leadingTo(new Set([named("W")]), known);
  expect([...leading].map(({ name }) => name)).toEqual(["W", "z", "a"]);
  const W = [
    [0.1, 0.2, 0.3],
    [0.4, -0.5, 0.1],
  ];
  const at = readPoint(backward.model, { x: [1, 2, 3], W, v: [2, 3] });
  const wanted = new Set([named("W")]);
  const count = (one: Bench): number =>
    [...catalogueOf(backward, one, false).mutants((cost) => cost > 2.5)].length;
  const bench = new Bench(backward, at, wanted, { known });
  expect(count(bench)).toBeLessThan(count(new Bench(backward, at, wanted)));
  // dy is not what a line is computed from that has da
  const reach = new Reach(backward, [named("W")], 1, known);
  const change = (to: Quantity) => ({ removed: new Set(backward.into(to)), added: [] });
  expect(["W", "z", "a", "y"].map((name) => reach.of(change(named(name))).claims.length)).toEqual([
    1, 1, 1, 0,
  ]);
  expect(bench.evaluate(change(named("y")))).toEqual(new Map());
});
