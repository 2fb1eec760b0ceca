import { describe, expect, it } from "vitest";
import { InputError, parseModel, randomPoint } from "../../src/index.js";
import { compile } from "../../src/numeric/compile.js";
import { kinkReport, kinkText } from "../../src/numeric/kinks.js";
import { random, sample } from "../../src/numeric/prng.js";
import { randomSizes } from "../../src/numeric/random-sizes.js";

const draw = (text: string, seed = 1, sizes?: Record<string, number>) =>
  randomPoint(parseModel(text), { seed, sizes });

describe("the generator", () => {
  it("gives the same numbers for the same seed, others for others, and all of them in range", () => {
    const take = (seed: number) => {
      const generator = random(seed);
      return Array.from({ length: 1000 }, () => generator.next());
    };
    expect(take(5)).toEqual(take(5));
    expect(take(5)).not.toEqual(take(6));
    const numbers = take(0);
    expect(Math.min(...numbers)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...numbers)).toBeLessThan(1);
    const mean = numbers.reduce((sum, one) => sum + one, 0) / numbers.length;
    expect(mean).toBeCloseTo(0.5, 1);
  });

  it("samples different numbers in order, and all where there are no more", () => {
    const chosen = sample(random(3), 1000, 50);
    expect(new Set(chosen).size).toBe(50);
    expect(chosen).toEqual([...chosen].sort((a, b) => a - b));
    expect(sample(random(3), 4, 9)).toEqual([0, 1, 2, 3]);
  });
});

describe("random points", () => {
  it("are the same for the same seed", () => {
    const text = "N = size()\nX = input(3, N)\nW = param(2, 3)\nL = sum((W*X).^2)";
    expect(draw(text, 7)).toEqual(draw(text, 7));
    expect(draw(text, 7)).not.toEqual(draw(text, 8));
  });

  it.each([
    ["log", "a = param(3)\nL = sum(log(a))"],
    ["log of a difference", "a = param()\nb = param()\nL = log(a - b)"],
    ["sqrt", "a = param(3)\nx = input(3)\nL = sqrt(dot(a, x))"],
    ["a bounded square root", "a = param()\nL = sqrt(1 - a^2)"],
    ["a negative operand", "a = param(2)\nL = sum(log(-a))"],
    ["far from 0", "a = param()\nL = log(a - 5)"],
    ["a whole power", "a = param(2)\nL = sum(a.^(-2))"],
    ["a power", "a = param(2)\nL = sum(a.^1.5)"],
    ["layers", "x = input(3)\nW = param(4, 3)\nL = sum(log(softmax(W*x)))"],
    ["exponentials of exponentials", "a = param(2)\nL = sum(exp(exp(exp(3*a))))"],
  ])("stay inside domains: %s", (_, text) => {
    const model = parseModel(text);
    for (let seed = 0; seed < 20; seed++) {
      const { loss, gradients } = compile(model).evaluate(randomPoint(model, { seed }));
      const numbers = [loss, ...Object.values(gradients).flat(2)];
      expect(numbers.every(Number.isFinite), `seed ${seed}`).toBe(true);
    }
  });

  it.each([
    "x = input(6)\nW = param(20, 6)\nL = sum(relu(W*x))",
    "a = param(8)\nL = max(a) + min(a) + sum(abs(a - mean(a)))",
    "A = param(3, 5)\nL = sum(max(A, 1) .* step(min(A, 1)))",
    "a = param(4)\nb = param(4)\nL = sum(maximum(a, b) + (a > 2 * b) .* a)",
  ])("keep away from kinks: %s", (text) => {
    const model = parseModel(text);
    for (let seed = 0; seed < 20; seed++) {
      const point = randomPoint(model, { seed });
      expect(kinkReport(model, point, { within: 1e-4 }).kinks, `seed ${seed}`).toEqual([]);
    }
  });

  it("do not mind kinks that no entry can leave", () => {
    const text = "v = param(3)\nw = param(2)\nL = sum(relu(diag(v)) * v) + max(relu(w - 100))";
    const model = parseModel(text);
    expect(kinkReport(model, randomPoint(model)).count).toBe(0);
  });

  it("give named sizes small numbers that differ from each other and from the model's", () => {
    for (let seed = 0; seed < 20; seed++) {
      const text = "N = size()\nM = size()\nX = input(N, 3)\nY = input(M, N)\nw = param(3)";
      const point = draw(`${text}\nL = sum(Y * (X * w))`, seed);
      const [X, Y] = [point["X"] as number[][], point["Y"] as number[][]];
      expect(new Set([X.length, Y.length, 3]).size).toBe(3);
      expect(Math.max(X.length, Y.length)).toBeLessThan(10);
    }
  });

  it("give named sizes what indices and other sizes ask of them", () => {
    const text = "N = size()\nM = size()\nx = input(N)\ny = input(M)\nu = param(N - M)";
    const point = draw(`${text}\nL = sum(x[7:end]) + y[2] + sum(u)`);
    expect((point["x"] as number[]).length).toBeGreaterThan((point["y"] as number[]).length);
    expect((point["u"] as number[]).length).toBe(
      (point["x"] as number[]).length - (point["y"] as number[]).length,
    );
  });

  it("give named sizes no less than is asked for, where the model allows it", () => {
    const sizeOf = (statement: string, seed: number): number => {
      const model = parseModel(`N = size()\nx = param(N)\nq = input(2)\nL = ${statement}`);
      return (randomPoint(model, { seed, leastSize: 3 })["x"] as number[]).length;
    };
    for (let seed = 1; seed < 20; seed++) {
      expect(sizeOf("sum(x.^2)", seed)).toBeGreaterThan(2);
      expect(sizeOf("sum(x.^2) * q[N]", seed)).toBeLessThan(3);
    }
  });

  it.each([
    "sum(r.^2) / (N - 2)",
    "sum(r.^2) / sqrt(N - 30)",
    "N * log(sum(r.^2)) - log(N - 2)",
    "sum(r.^2) / M",
  ])("have sizes at which %s has a value", (loss) => {
    const residuals = parseModel(`N = size()
        M = N - 2
        x = input(N)
        y = target(N)
        a = param()
        b = param()
        r = a + b * x - y
        L = ${loss}`);
    for (let seed = 1; seed <= 12; seed++) {
      const point = randomPoint(residuals, { seed });
      expect(Number.isFinite(compile(residuals).evaluate(point).loss)).toBe(true);
      expect(randomSizes(residuals, seed).get("N")).toBe((point["x"] as number[]).length);
    }
    expect(() => randomPoint(residuals, { sizes: { N: 2 } })).toThrow(/no random point/);
  });

  it("take sizes that are given", () => {
    const text = "N = size()\nX = input(2, N)\nw = param(2)\nL = sum(w' * X)";
    expect((draw(text, 1, { N: 7 })["X"] as number[][])[0]).toHaveLength(7);
    expect(() => draw(text, 1, { M: 7 })).toThrow("the model has no size M");
    expect(() => draw(text, 1, { N: 0 })).toThrow("the size N is 0; it must be a positive");
    expect(() => draw(text, 1, { N: 1e9 })).toThrow("numbers; at most");
  });

  it.each([
    ["a = param()\nL = log(-1 - a^2)", "log in L needs its operand positive"],
    ["v = param(3)\nL = sum(sqrt(diag(v)))", "sqrt in L needs its operand positive"],
    ["a = param(2)\nL = 1 / sum(a - a .* 1)", "division by zero"],
  ])("are not found where there are none: %s", (text, message) => {
    expect(() => draw(text)).toThrow(InputError);
    expect(() => draw(text)).toThrow(message);
  });
});

describe("kinks at a point", () => {
  it("are named with the quantity, the entry, the distance and the convention", () => {
    const text = "x = input(2)\nW = param(3, 2)\nz = W*x\na = relu(z)\nL = sum(a)";
    const W = [
      [1, 1],
      [1, -1],
      [2, -2.0000001],
    ];
    const { kinks, count } = kinkReport(parseModel(text), { x: [1, 1], W });
    expect(count).toBe(2);
    expect(kinks[0]).toEqual({
      statement: "a",
      operation: "relu",
      quantity: "z",
      entry: [2],
      distance: 0,
      convention: "relu′(0) = 0",
    });
    expect(kinks.map(kinkText)).toEqual(["relu at z[2]", "relu at z[3]"]);
  });

  it("are ties of reductions, too", () => {
    const model = parseModel("A = param(2, 3)\nm = max(A, 2)\nL = sum(m)");
    const A = [
      [1, 5, 5],
      [1, 2, 3],
    ];
    const { kinks } = kinkReport(model, { A });
    expect(kinks).toMatchObject([{ operation: "max", statement: "m", entry: [1], distance: 0 }]);
    expect(kinks[0]!.convention).toContain("share its derivative equally");
  });

  it("are only those that parameters reach", () => {
    const model = parseModel("x = input(2)\nw = param()\nL = w * sum(abs(x))");
    expect(kinkReport(model, { x: [0, 1], w: 2 }).count).toBe(0);
  });
});
