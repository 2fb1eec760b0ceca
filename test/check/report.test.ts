import { check, type Claims, compile, parseModel, randomPoint } from "chainrule";
import { expect, it } from "vitest";
import { checkReport } from "../../src/render/terminal/report.js";
import { systems } from "./corpus/index.js";

const [net] = systems;
const model = parseModel(net!.text);
/** How many mistakes are known is no part of the form. */
const report = (claims: Claims) =>
  checkReport(check(model, claims, { at: net!.point })).replace(/\d+ of \d+ known/, "… of … known");
const wrong = (name: string): Claims => net!.cases.find((one) => one.name === name)!.claims;

it("all right", () => {
  expect(report(net!.right)).toMatchInlineSnapshot(`
    "right  W1  15 digits agree, 14 may be expected (double precision)
    right  W2  15 digits agree, 14 may be expected (double precision)
    right  z1  15 digits agree, 14 may be expected (double precision)
    right  a1  15 digits agree, 14 may be expected (double precision)
    these numbers would show … of … known mistakes (usual slips, one at a time)
    all 4 gradients are right"
  `);
});

it("numbers without a digit that could tell are not called right in full voice", () => {
  const small = parseModel("x = input()\nw = param(2)\nL = x * sum(w.^2)");
  const at = { x: 1e-5, w: [0.5, 4] };
  const lost = checkReport(check(small, { w: [0, 0.0001] }, { at }));
  expect(lost).toContain("not refuted, but too small for the digits given to tell (4 decimals)");
});

it.each([
  "t - y",
  "no slope",
  "slope at a",
  "one output",
  "transposed",
  "da1 holds dz1",
  "an update step",
  "minus, no slope",
  "weights already updated",
  "noise",
  "another shape",
])("%s", (name) => {
  const text = report(wrong(name));
  expect(text).toMatchSnapshot();
  expect(text.split("\n").length).toBeLessThanOrEqual(24);
  for (const line of text.split("\n")) expect(line.length).toBeLessThanOrEqual(120);
});

it("tells one mistake once, whatever parameter its sentence quotes", () => {
  const layer = parseModel(`
    x = input(2)
    s = input(3)
    t = target(3)
    W = param(3, 2)
    U = param(3, 3)
    b = param(3)
    h = tanh(W * x + U * s + b)
    L = 1/2 * sum((h - t).^2)`);
  const at = randomPoint(layer, { seed: 4 });
  const x = at.x as number[];
  const s = at.s as number[];
  const { values } = compile(layer).evaluate(at);
  const dh = (values.h as number[]).map((h, k) => h - (at.t as number[])[k]!);
  const claims = {
    W: dh.map((d) => x.map((one) => d * one)),
    U: dh.map((d) => s.map((one) => d * one)),
    b: dh,
  };
  const text = checkReport(check(layer, claims, { at }));
  expect(text.match(/tanh'/g)).toHaveLength(1);
  expect(text).toContain("the same mistake spoils U and b:");
});

it("tells what a mistake spoils in fewer words where it would fill more than a screen", () => {
  const layers = (count: number) => {
    const all = Array.from({ length: count }, (_, k) => k + 1);
    const deep = parseModel(
      [
        "x = input(2)",
        "t = target(2)",
        ...all.map((k) => `W${k} = param(2, 2)\nb${k} = param(2)`),
        "h0 = x",
        ...all.map((k) => `h${k} = tanh(W${k} * h${k - 1} + b${k})`),
        `L = sum((h${count} - t).^2)`,
      ].join("\n"),
    );
    const at = randomPoint(deep, { seed: 4 });
    const { gradients } = compile(deep).evaluate(at);
    const halved = (value: unknown): unknown =>
      Array.isArray(value) ? value.map(halved) : (value as number) / 2;
    const claims = Object.fromEntries(
      Object.entries(gradients).map(([name, value]) => [name, halved(value)]),
    ) as Claims;
    return checkReport(check(deep, claims, { at })).split("\n");
  };
  const count = (lines: readonly string[], start: string) =>
    lines.filter((line) => line.startsWith(start)).length;
  const [few, more, many] = [2, 4, 12].map(layers);
  for (const lines of [few!, more!, many!]) expect(lines.length).toBeLessThanOrEqual(24);
  expect([count(few!, "WRONG"), count(few!, "       right")]).toEqual([4, 4]);
  expect([count(more!, "WRONG"), count(more!, "       right")]).toEqual([8, 1]);
  expect(count(many!, "WRONG")).toBe(1);
  expect(many!.join(" ").replace(/\s+/g, " ")).toMatch(/the same mistake spoils .*, W1 and b1 /);
});

it("tells first what is explained, from the loss back, then what is not, and what is right last", () => {
  const chain = parseModel(`
    x = input(2)
    t = target(2)
    W1 = param(3, 2)
    b1 = param(3)
    W2 = param(2, 3)
    b2 = param(2)
    h = tanh(W1 * x + b1)
    y = W2 * h + b2
    L = 1/2 * sum((y - t).^2)`);
  const at = randomPoint(chain, { seed: 5 });
  const { gradients } = compile(chain).evaluate(at);
  const { W1, b1, W2, b2 } = gradients as {
    W1: number[][];
    b1: number[];
    W2: number[][];
    b2: number[];
  };
  const claims = {
    W1: W1.map((row, i) => row.map((one, j) => one + Math.sin(3 * i + j + 1))),
    b1: b1.map((one, i) => one * Math.cos(i + 1)),
    W2: W2.map((row) => row.map((one) => 7 * one)),
    b2,
  };
  const lines = checkReport(check(chain, claims, { at })).split("\n");
  const verdicts = lines.filter((line) => /^(WRONG|right) /.test(line));
  expect(verdicts.map((line) => line.slice(0, 9))).toEqual([
    "WRONG  W2",
    "WRONG  W1",
    "WRONG  b1",
    "right  b2",
  ]);
  expect(lines).toContain("       nothing that is known explains b1 either:");
});

it("differences of the loss keep their sentence beside what nothing explains", () => {
  const net = parseModel(`
    x = input(3)
    t = target(2)
    W1 = param(4, 3)
    W2 = param(2, 4)
    a = tanh(W1 * x)
    L = 1/2 * sum((W2 * a - t).^2)`);
  const at = randomPoint(net, { seed: 4 });
  const compiled = compile(net);
  const { loss, gradients } = compiled.evaluate(at);
  const step = 1e-7;
  const W1 = (at["W1"] as number[][]).map((row, i) =>
    row.map((_, j) => {
      const moved = structuredClone(at);
      (moved["W1"] as number[][])[i]![j]! += step;
      return (compiled.evaluate(moved).loss - loss) / step;
    }),
  );
  const W2 = (gradients["W2"] as number[][]).map((row, i) =>
    row.map((one, j) => one + Math.sin(3 * i + j + 1)),
  );
  const text = checkReport(check(net, { W1, W2 }, { at }));
  expect(text).toMatch(/dW1 looks like one-sided differences with a step of about 1e-7/);
  expect(text).toContain("no known mistake reproduces these numbers");
  expect(text).not.toContain("either");
});

it("names are data: nothing in a report acts on a terminal", () => {
  const text = report(net!.right);
  // eslint-disable-next-line no-control-regex
  expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f]/);
});

it("what nothing explains names the mistake of others that it may follow from", () => {
  const chain = parseModel(`
    x = input(4)
    t = target(2)
    W1 = param(3, 4)
    b1 = param(3)
    W2 = param(2, 3)
    z = W1 * x + b1
    h = tanh(z)
    y = W2 * h
    L = 1/2 * sum((y - t).^2)`);
  const at = randomPoint(chain, { seed: 5 });
  const { gradients } = compile(chain).evaluate(at);
  const { W1, b1, W2 } = gradients as { W1: number[][]; b1: number[]; W2: number[][] };
  const z = (at["W1"] as number[][]).map((row, i) =>
    row.reduce((sum, one, j) => sum + one * (at["x"] as number[])[j]!, (at["b1"] as number[])[i]!),
  );
  const noise = (rows: number[][]) =>
    rows.map((row, i) => row.map((one, j) => one + Math.sin(3 * i + j + 1)));
  const claims = {
    W1: noise(W1),
    // without the slope of tanh
    b1: b1.map((one, i) => one / (1 - Math.tanh(z[i]!) ** 2)),
    W2: noise(W2),
  };
  const { checks } = check(chain, claims, { at });
  const [ofW1, ofW2] = ["W1", "W2"].map(
    (of) => checks.find(({ name }) => name === of)!.diagnosis[0]!.text,
  );
  expect(ofW1).toBe(
    "dW1 is wrong in 12 of 12 entries, perhaps by the mistake in dz, which it is computed from; no known mistake reproduces these numbers",
  );
  // it does not come from dz
  expect(ofW2).toBe("dW2 is wrong in 6 of 6 entries; no known mistake reproduces these numbers");
});
