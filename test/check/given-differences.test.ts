import { check, compile, parseModel, type Point } from "chainrule";
import { describe, expect, it } from "vitest";
import { systems } from "./corpus/index.js";

type Loss = (theta: Float64Array) => number;
type Quotient = (loss: Loss, theta: Float64Array, k: number, h: number) => number;

function moved(loss: Loss, theta: Float64Array, k: number, h: number): number {
  const there = theta.slice();
  there[k]! += h;
  return loss(there);
}

const central: Quotient = (loss, theta, k, h) =>
  (moved(loss, theta, k, h) - moved(loss, theta, k, -h)) / (2 * h);
const forward: Quotient = (loss, theta, k, h) => (moved(loss, theta, k, h) - loss(theta)) / h;

/** Differences by the parameters of a model, as somebody takes them who has its loss as a function. */
function differences(text: string, point: Point, quotient: Quotient, h: number) {
  const model = parseModel(text);
  const given = [...model.inputs, ...model.targets].map(
    ({ name }) => [name, point[name]!] as const,
  );
  const bound = compile(model).bind(Object.fromEntries(given));
  const flat = model.params.map(({ name }) => [point[name]!].flat(3) as number[]);
  const theta = Float64Array.from(flat.flat());
  const unused = new Float64Array(theta.length);
  const loss: Loss = (at) => bound(at, unused);
  let first = 0;
  return Object.fromEntries(
    model.params.map(({ name }, which) => {
      const start = first;
      first += flat[which]!.length;
      return [name, flat[which]!.map((_, k) => quotient(loss, theta, start + k, h))];
    }),
  );
}

const smooth = systems.filter(({ text }) => !/relu|max|abs/.test(text));

describe.each(smooth)("differences given for gradients of $name", ({ text, point }) => {
  it.each([
    { scheme: "central", quotient: central, h: 1e-3 },
    { scheme: "central", quotient: central, h: 1e-4 },
    { scheme: "central", quotient: central, h: 1e-7 },
    { scheme: "one-sided", quotient: forward, h: 1e-4 },
    { scheme: "one-sided", quotient: forward, h: 3e-6 },
    { scheme: "one-sided", quotient: forward, h: 1e-8 },
  ])("$scheme with the step $h are refused as what they are", ({ quotient, h }) => {
    const result = check(parseModel(text), differences(text, point, quotient, h), { at: point });
    const wrong = result.checks.filter(({ ok }) => !ok);
    expect(wrong).not.toEqual([]);
    for (const { diagnosis } of wrong) {
      expect(diagnosis.map(({ cause }) => cause)).toEqual(["unknown"]);
      const step = /differences .*with a step of about (\S+): /.exec(diagnosis[0]!.text)?.[1];
      // where rounding is all of the error, it tells the step roughly
      expect(Math.abs(Math.log10(Number(step) / h))).toBeLessThan(1.3);
    }
  });
});

it("numbers that are near for another reason are no differences", () => {
  const { text, point, right } = systems[0]!;
  const off = Object.entries(right).map(([name, value]) => [
    name,
    JSON.parse(JSON.stringify(value), (_, one: unknown) =>
      typeof one === "number" ? one * (1 + 1e-5) : one,
    ) as number[],
  ]);
  const result = check(parseModel(text), Object.fromEntries(off) as never, { at: point });
  for (const { diagnosis } of result.checks) {
    expect(diagnosis[0]).toMatchObject({ cause: "constant-factor", factor: 1.00001 });
  }
});

it("errors that rounding alone could make are no differences beside a gradient without them", () => {
  const { text, point, right } = systems[0]!;
  let sign = 1;
  // 3e-4 of each entry, now this way, now that way
  const disturbed = (value: unknown): unknown =>
    JSON.parse(JSON.stringify(value), (_, one: unknown) =>
      typeof one === "number" ? Math.fround(one * (1 + 3e-4 * (sign *= -1))) : one,
    );
  const single = (value: unknown): unknown =>
    JSON.parse(JSON.stringify(value), (_, one: unknown) =>
      typeof one === "number" ? Math.fround(one) : one,
    );
  const [first, ...others] = Object.entries(right);
  const texts = (claims: readonly (readonly [string, unknown])[]): string[] =>
    check(parseModel(text), Object.fromEntries(claims) as never, { at: point }).checks.flatMap(
      (one) => one.diagnosis.map((told) => told.text),
    );
  const rest = others.map(([name, value]) => [name, single(value)] as const);
  const all = Object.entries(right).map(([name, value]) => [name, disturbed(value)] as const);
  expect(texts([[first![0], disturbed(first![1])], ...rest]).join()).not.toContain("differences");
  expect(texts(all).join()).toContain("differences");
});
