import { describe, expect, it, onTestFinished, vi } from "vitest";
import { compile, InputError, network, parseModel } from "../../src/index.js";
import { BoundCode } from "../../src/numeric/bound.js";

const TEXT = [
  "N = size()",
  "X = input(3, N)",
  "T = target(2, N)",
  "W1 = param(4, 3)",
  "b1 = param(4)",
  "s = param()",
  "W2 = param(2, 4)",
  "A = tanh(W1 * X + b1)",
  "Y = s * (W2 * A)",
  "L = sum((Y - T).^2) / N",
].join("\n");

const wave = (rows: number, columns: number, phase: number) =>
  Array.from({ length: rows }, (_, i) =>
    Array.from({ length: columns }, (_, j) => Math.sin(1 + phase + 3 * i + 7 * j)),
  );
const data = (count: number) => ({ X: wave(3, count, 0), T: wave(2, count, 1) });
const parameters = { W1: wave(4, 3, 2), b1: wave(1, 4, 3)[0]!, s: 0.7, W2: wave(2, 4, 4) };
const theta = Float64Array.from([
  ...parameters.W1.flat(),
  ...parameters.b1,
  parameters.s,
  ...parameters.W2.flat(),
]);

/** TypeScript declares it only together with the DOM. */
interface Host {
  readonly WebAssembly: Readonly<Record<"Memory" | "Module", new () => object>>;
}

describe("evaluate", () => {
  it("gives loss, values and gradients in the declared shapes", () => {
    const { loss, values, gradients } = compile(parseModel(TEXT)).evaluate({
      ...data(5),
      ...parameters,
    });
    expect(Object.keys(values)).toEqual(["A", "Y", "L"]);
    expect(values["L"]).toBe(loss);
    expect(Object.keys(gradients)).toEqual(["W1", "b1", "s", "W2"]);
    expect((gradients["W1"] as number[][]).map((row) => row.length)).toEqual([3, 3, 3, 3]);
    expect(gradients["b1"]).toHaveLength(4);
    expect(typeof gradients["s"]).toBe("number");
  });

  it("reads sizes from each point", () => {
    const gradient = compile(parseModel(TEXT));
    const means = [1, 2, 7].map((count) => {
      const point = { ...data(count), ...parameters };
      const { values, loss } = gradient.evaluate(point);
      const Y = values["Y"] as number[][];
      expect(Y[0]).toHaveLength(count);
      const squares = Y.flatMap((row, i) => row.map((y, k) => (y - point.T[i]![k]!) ** 2));
      expect(loss).toBeCloseTo(squares.reduce((a, b) => a + b, 0) / count, 12);
      return loss;
    });
    // and the first size again, after others
    expect(gradient.evaluate({ ...data(1), ...parameters }).loss).toBe(means[0]);
  });

  it("gives the gradient of a parameter that the loss does not use: zeros", () => {
    const model = parseModel("a = param(2)\nb = param(2, 2)\nL = sum(a)");
    const point = {
      a: [1, 2],
      b: [
        [1, 2],
        [3, 4],
      ],
    };
    expect(compile(model).evaluate(point).gradients["b"]).toEqual([
      [0, 0],
      [0, 0],
    ]);
  });
});

describe("bind", () => {
  it("takes parameters in order of declaration, rows first, and fills in the gradient", () => {
    const gradient = compile(parseModel(TEXT));
    const f = gradient.bind(data(5));
    expect(f.parameterCount).toBe(25);
    const out = new Float64Array(25);
    const loss = f(theta, out);
    const expected = gradient.evaluate({ ...data(5), ...parameters });
    // exponentials are rounded otherwise
    expect(loss).toBeCloseTo(expected.loss, 14);
    const { W1, b1, s, W2 } = expected.gradients;
    for (const [k, value] of [W1!, b1!, s!, W2!].flat(2).entries()) {
      expect(out[k]).toBeCloseTo(value, 13);
    }
  });

  it("overwrites what is in out, and leaves theta as it is", () => {
    const f = compile(parseModel(TEXT)).bind(data(5));
    const [fresh, dirty] = [new Float64Array(25), new Float64Array(25).fill(1e9)];
    const before = theta.slice();
    f(theta, fresh);
    f(theta, dirty);
    expect(dirty).toEqual(fresh);
    expect(theta).toEqual(before);
  });

  it("copies its data, and functions bound to other data do not meet", () => {
    const gradient = compile(parseModel(TEXT));
    const first = data(5);
    const [f, g] = [gradient.bind(first), gradient.bind(data(3))];
    const out = new Float64Array(25);
    const losses = [f(theta, out), g(theta, out)];
    first.X[0]![0] = 1e6;
    expect([f(theta, out), g(theta, out)]).toEqual(losses);
    expect(losses[0]).not.toBe(losses[1]);
  });

  it("gives each bound function its own data, called in any order, in every style of code", () => {
    const batch = (count: number, phase: number) => ({
      X: wave(12, count, phase),
      T: wave(8, count, phase + 1),
    });
    for (const sizes of [
      [12, 9, 8],
      [12, 8],
    ]) {
      const model = network({ sizes, batch: true });
      const gradient = compile(model);
      const parameters = model.params.map(({ name, shape }) => {
        const [rows, columns] = shape.map((size) => size.constant!);
        const entries = wave(rows!, columns ?? 1, 5);
        return [name, columns === undefined ? entries.flat() : entries] as const;
      });
      const given = Float64Array.from(parameters.flatMap(([, entries]) => entries.flat()));
      const out = new Float64Array(given.length);
      const bound = [batch(16, 0), batch(16, 2), batch(5, 4), batch(16, 0.5)].map((data) => ({
        f: gradient.bind(data),
        expected: gradient.evaluate({ ...data, ...Object.fromEntries(parameters) }),
      }));
      for (const which of [0, 1, 2, 3, 1, 0, 0, 3, 2, 1]) {
        const { f, expected } = bound[which]!;
        expect(f(given, out)).toBeCloseTo(expected.loss, 12);
        const flat = Object.values(expected.gradients).flat(2);
        for (const [k, value] of flat.entries()) expect(out[k]).toBeCloseTo(value, 12);
      }
    }
  });

  it("makes code once for each set of sizes, and keeps the last eight", () => {
    const model = parseModel(TEXT);
    const code = new BoundCode(model);
    const at = (count: number) => code.at(new Map([["N", count]]));
    const first = at(1);
    expect(at(1)).toBe(first);
    for (let count = 2; count <= 8; count++) at(count);
    expect(at(1)).toBe(first);
    for (let count = 9; count <= 17; count++) at(count);
    expect(at(1)).not.toBe(first);
  });

  // straight-line code, and WebAssembly
  it.each([2, 20])("allocates nothing, with %i examples", (count) => {
    const f = compile(parseModel(TEXT)).bind(data(count));
    const out = new Float64Array(25);
    const calls = 2000;
    const grown = (): number => {
      const before = process.memoryUsage().heapUsed;
      for (let k = 0; k < calls; k++) f(theta, out);
      return (process.memoryUsage().heapUsed - before) / calls;
    };
    // the median, since a collection makes the heap smaller
    const usual = (): number => Array.from({ length: 11 }, grown).toSorted((a, b) => a - b)[5]!;
    // V8 may box the loss, 16 bytes; an array of the parameters would be 200. Until code is optimised, numbers are boxed too
    expect(Array.from({ length: 40 }).some(() => usual() < 40)).toBe(true);
  });

  it.each(["Memory", "Module"] as const)(
    "does without WebAssembly's %s if it is refused",
    (what) => {
      const out = [new Float64Array(25), new Float64Array(25)] as const;
      const loss = compile(parseModel(TEXT)).bind(data(20))(theta, out[0]);
      const { WebAssembly: api } = globalThis as unknown as Host;
      const refused = vi.spyOn(api, what).mockImplementation(function refuse() {
        throw new RangeError("refused");
      });
      onTestFinished(() => refused.mockRestore());
      expect(compile(parseModel(TEXT)).bind(data(20))(theta, out[1])).toBeCloseTo(loss, 12);
      expect(refused).toHaveBeenCalled();
      for (const [k, entry] of out[0].entries()) expect(out[1][k]).toBeCloseTo(entry, 12);
    },
  );

  it("refuses arrays of other lengths", () => {
    const f = compile(parseModel(TEXT)).bind(data(2));
    const wrong = () => f(new Float64Array(24), new Float64Array(25));
    expect(wrong).toThrow("theta and out need 25 numbers each; they have 24 and 25");
  });

  it("refuses one array for both", () => {
    const f = compile(parseModel(TEXT)).bind(data(2));
    const both = new Float64Array(25);
    expect(() => f(both, both)).toThrow("theta and out need 25 numbers each; they are one array");
  });

  it("refuses data that do not fix the parameters' sizes, and parameters among the data", () => {
    const open = parseModel("n = size()\nw = param(n)\nx = input()\nL = x * sum(w)");
    expect(() => compile(open).bind({ x: 1 })).toThrow(InputError);
    expect(() => compile(open).bind({ x: 1 })).toThrow("the size n of w is not fixed");
    expect(() => compile(parseModel(TEXT)).bind({ ...data(2), s: 1 })).toThrow(
      "a value for s, which is not asked for",
    );
  });

  it("refuses what is beyond memory before it allocates", () => {
    const text = "n = size()\nx = input(n)\nA = x * x'\nB = A * A\nw = param()\nL = w * sum(B)";
    const x = Array.from({ length: 30_000 }, () => 1);
    expect(() => compile(parseModel(text)).bind({ x })).toThrow(/numbers at these sizes; at most/);
  });
});

describe("the code", () => {
  it("has names that cannot meet JavaScript's or each other", () => {
    const text = [
      "constructor = param(2)",
      "__proto__ = input(2)",
      "Math = param()",
      "theta = param()",
      "out = param()",
      "f0 = constructor .* __proto__",
      "run = sum(f0) * Math",
      "v_x = run + theta",
      "L = v_x * out",
    ].join("\n");
    const point = JSON.parse(
      '{"constructor": [1, 2], "__proto__": [3, 4], "Math": 5, "theta": 6, "out": 7}',
    ) as Record<string, number>;
    const { loss, gradients } = compile(parseModel(text)).evaluate(point);
    expect(loss).toBe((11 * 5 + 6) * 7);
    expect(gradients).toEqual({ constructor: [105, 140], Math: 77, theta: 7, out: 61 });
  });
});
