/** What is said of another forward pass is true: of the derivatives of one, and of lines with values of one. */
import { check, compile, type Diagnosis, type Model, parseModel, randomPoint } from "chainrule";
import { describe, expect, it } from "vitest";
import { families } from "../../src/check/mutants/index.js";
import { Workshop } from "../../src/check/mutants/family.js";
import { Backward } from "../../src/check/pass/backward.js";
import { Bench } from "../../src/check/pass/bench.js";
import { readPoint } from "../../src/language/point.js";
import { matrix, mv, numbers, outer, sigmoid, T, type Vector, vminus } from "./corpus/matrices.js";

const DERIVATIVE = "is the derivative of another forward pass: ";
const LINES = "is computed by the right lines with the values of another forward pass: ";

const isTold = (told: string): boolean =>
  [DERIVATIVE, LINES].some((start) => told.startsWith(`it ${start}`));

const GATE = `
  x = input(3)
  p = input(3)
  t = target(3)
  Wz = param(3, 3)
  Wg = param(3, 3)
  V = param(3, 3)
  z = sigmoid(Wz * x)
  g = tanh(Wg * x)
  h = (1 - z) .* p + z .* g
  y = tanh(V * h)
  L = sum((y - t).^2) / 2`;

describe("a gate changed over", () => {
  const [x, p, t] = [1, 2, 3].map((k) => numbers(3, 500 + k)) as [Vector, Vector, Vector];
  const [Wz, Wg, V] = [matrix(3, 3, 504), matrix(3, 3, 505), matrix(3, 3, 506)];
  const at = { x, p, t, Wz, Wg, V };
  const model = parseModel(GATE);
  const other = parseModel(GATE.replace("(1 - z) .* p + z .* g", "z .* p + (1 - z) .* g"));

  /** The gradients by hand, with the gate changed over in the passes that are said. */
  function gradients({ forward, backward }: Readonly<Record<"forward" | "backward", boolean>>) {
    const [z, g] = [mv(Wz, x).map(sigmoid), mv(Wg, x).map(Math.tanh)];
    const share = (k: number, isOther: boolean): number => (isOther ? 1 - z[k]! : z[k]!);
    const h = z.map((_, k) => p[k]! + share(k, forward) * (g[k]! - p[k]!));
    const y = mv(V, h).map(Math.tanh);
    const da = vminus(y, t).map((one, k) => one * (1 - y[k]! ** 2));
    const dh = mv(T(V), da);
    const sign = backward ? -1 : 1;
    const dz = dh.map((one, k) => sign * one * (g[k]! - p[k]!) * z[k]! * (1 - z[k]!));
    const dg = dh.map((one, k) => one * share(k, backward) * (1 - g[k]! ** 2));
    return { Wz: outer(dz, x), Wg: outer(dg, x), V: outer(da, h) };
  }

  const told = (claims: Record<string, number[][]>): Diagnosis[] =>
    check(model, claims, { at }).checks.flatMap(({ diagnosis }) => diagnosis.slice(0, 1));
  const distance = (claims: Record<string, number[][]>): number => {
    const right = compile(other).evaluate(at).gradients as typeof claims;
    return Math.max(
      ...Object.keys(claims).flatMap((name) =>
        claims[name]!.flat().map((one, k) => Math.abs(one - right[name]!.flat()[k]!)),
      ),
    );
  };

  it("in both passes gives the derivative of another forward pass", () => {
    const claims = gradients({ forward: true, backward: true });
    expect(distance(claims)).toBeLessThan(1e-14);
    const all = told(claims);
    expect(all).toHaveLength(3);
    for (const { text } of all) expect(text).toContain(`${DERIVATIVE}h is computed with 1 - z`);
  });

  it("in the forward pass alone gives the derivative of none", () => {
    const claims = gradients({ forward: true, backward: false });
    expect(distance(claims)).toBeGreaterThan(1e-3);
    const all = told(claims);
    expect(all).toHaveLength(3);
    for (const { text } of all) expect(text).toContain(`${LINES}h is computed with 1 - z`);
  });
});

/** Gates, factors beside products, layers alike and norms: places in which a forward pass goes wrong. */
const MODELS: readonly (readonly [name: string, text: string])[] = [
  ["a gate", GATE],
  [
    "a product with a factor inside",
    `
  x = input(3)
  t = target(3)
  U = param(3, 3)
  W = param(3, 3)
  b = param(3)
  c = param(3)
  r = sigmoid(W * x + b)
  h = tanh(U * (r .* x) / sqrt(3) + c)
  s = exp(h)
  q = s / sum(s)
  L = -sum(t .* log(q)) + 0.1 * sum(U.^2)`,
  ],
  [
    "two layers and a normalisation",
    `
  X = input(4, 3)
  T = target(4, 2)
  W1 = param(3, 2)
  W2 = param(2, 2)
  A = tanh(X * W1)
  B = tanh(A * W2)
  v = mean(B.^2, 1)
  Q = B ./ sqrt(v + 0.1)'
  d = sqrt(sum(W2.^2))
  L = 1/2 * mean((Q - T).^2) + 0.3 * d^2`,
  ],
];

describe.each(MODELS)("each mistake of the forward pass of %s", (_, text) => {
  const model = parseModel(text);
  const at = randomPoint(model, { seed: 3 });
  const point = readPoint(model, at);
  const backward = Backward.of(model);
  const bench = new Bench(backward, point, new Set(model.params));
  const all = families(Workshop.of(backward, point.sizes, false), () => true)
    .flatMap(({ mutants }) => mutants())
    .filter(({ fault }) => fault.isForward);

  /** The derivatives of the model with the definitions of a mistake, by the sweep that users call. */
  function derivatives(redefined: Model["definitions"]): number[] {
    const others = new Map(redefined.map((one) => [one.quantity, one]));
    const definitions = model.definitions.map((one) => others.get(one.quantity) ?? one);
    const { gradients } = compile({ ...model, definitions }).evaluate(at);
    return model.params.flatMap(({ name }) => [gradients[name]!].flat(2));
  }

  /** The derivatives that the mistake is said to give, beside those of the other forward pass. */
  const compared = all.flatMap(({ fault, change }) => {
    const { redefined = [] } = change();
    const found = bench.evaluate(change());
    if (!found) return [];
    const given = model.params.flatMap((one) => [...(found.get(one) ?? bench.adjoints.get(one)!)]);
    const other = derivatives(redefined);
    if ([...given, ...other].some((one) => !Number.isFinite(one))) return [];
    const far = Math.max(...given.map((one, k) => Math.abs(one - other[k]!) / (1 + Math.abs(one))));
    return [{ told: fault.say("it"), far }];
  });

  it("is the derivative of that pass where it is said to be", () => {
    const derived = compared.filter(({ told }) => told.startsWith(`it ${DERIVATIVE}`));
    expect(derived.length).toBeGreaterThan(20);
    expect(derived.filter(({ far }) => far > 1e-9)).toEqual([]);
  });

  it("is told as lines with other values where it is of no pass", () => {
    const lines = compared.filter(({ told }) => told.startsWith(`it ${LINES}`));
    expect(lines.filter(({ far }) => far > 1e-9).length).toBeGreaterThan(10);
    const others = all.map(({ fault }) => fault.say("it")).filter((told) => !isTold(told));
    expect(others).toEqual([]);
  });
});
