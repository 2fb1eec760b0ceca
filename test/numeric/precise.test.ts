import { Decimal } from "decimal.js";
import { describe, expect, it } from "vitest";
import { evaluateDecimal, evaluateExact, parseModel } from "../../src/index.js";

const RELU = [
  "x = input(2)",
  "t = target(1)",
  "W1 = param(3, 2)",
  "b1 = param(3)",
  "W2 = param(1, 3)",
  "z1 = W1 * x + b1",
  "a1 = relu(z1)",
  "y = W2 * a1",
  "MSE = 1/2 * sum((t - y).^2)",
].join("\n");

const POINT = {
  x: [0.1, 0.2],
  t: [0.3],
  W1: [
    [1, -1],
    [0.5, 0.25],
    [0.7, 0.7],
  ],
  b1: [0, 0.1, -0.3],
  W2: [[2, 3, 1 / 8]],
};

describe("decimals", () => {
  it("have as many digits as are asked for", () => {
    const model = parseModel("a = param()\nL = exp(a)");
    const expected = new Map([
      [1, "3"],
      [5, "2.7183"],
      [16, "2.718281828459045"],
      [50, "2.7182818284590452353602874713526624977572470937"],
      [70, "2.718281828459045235360287471352662497757247093699959574966967627724077"],
    ]);
    for (const [digits, text] of expected) {
      const { loss, gradients } = evaluateDecimal(model, { a: 1 }, digits);
      expect(loss.toString()).toBe(text);
      expect(String(gradients["a"])).toBe(text);
    }
  });

  it("take the decimals of a point as they are written", () => {
    const model = parseModel("a = param()\nb = param()\nL = a + b");
    expect(evaluateDecimal(model, { a: 0.1, b: 0.2 }, 40).loss.toString()).toBe("0.3");
  });

  it("give values of all definitions, in the shapes of the quantities", () => {
    const { values, gradients } = evaluateDecimal(parseModel(RELU), POINT, 30);
    expect((values["z1"] as unknown[]).map(String)).toEqual(["-0.1", "0.2", "-0.09"]);
    expect(String(values["MSE"])).toBe("0.045");
    expect((gradients["W2"] as unknown[][])[0]!.map(String)).toEqual(["0", "0.06", "0"]);
  });

  it("hold numbers far beyond doubles on the way", () => {
    const model = parseModel("a = param()\nL = log(log(exp(exp(a))))");
    const { loss, gradients } = evaluateDecimal(model, { a: 9 }, 30);
    expect([String(loss), String(gradients["a"])]).toEqual(["9", "1"]);
    const raw = parseModel("a = param()\np = exp(a) - 1\nL = p / (p + 2)");
    expect(evaluateDecimal(raw, { a: 5000 }, 20).loss.toNumber()).toBeCloseTo(1, 15);
  });

  it("have the digits that are asked for where almost all cancel", () => {
    // the same with far more digits than cancel here
    const sure = Decimal.clone({ precision: 900 });
    for (const a of [1e-7, 3e-30, 1e-60, 7e-200, 5e-320]) {
      const model = parseModel("a = param()\np = exp(a)\nd = p - 1\nL = d^2 + sin(pi) * d");
      const { values, gradients } = evaluateDecimal(model, { a }, 30);
      const p = sure.exp(a);
      expect(String(values["d"]), `${a}`).toBe(p.minus(1).toSignificantDigits(30).toString());
      const slope = p.minus(1).times(p).times(2).toSignificantDigits(30);
      expect(String(gradients["a"]), `${a}`).toBe(slope.toString());
    }
  });

  it("are 0 where everything cancels", () => {
    const model = parseModel("a = param()\nd = (a + 1/3) - a - 1/3\nL = d + (sqrt(a) - sqrt(a))^2");
    const { loss, gradients } = evaluateDecimal(model, { a: 2 }, 30);
    expect([String(loss), String(gradients["a"])]).toEqual(["0", "0"]);
    const turn = parseModel("a = param()\nL = sin(a * pi)");
    expect(String(evaluateDecimal(turn, { a: 1 }, 30).loss)).toBe("0");
    expect(String(evaluateDecimal(turn, { a: 1 }, 30).gradients["a"])).toMatch(/^-3\.14159265/);
  });

  it.each([0, -1, 1.5, 1001, NaN, Infinity])("are not computed with %d digits", (digits) => {
    const model = parseModel("a = param()\nL = a^2");
    expect(() => evaluateDecimal(model, { a: 1 }, digits)).toThrow("must be a whole number from 1");
  });
});

describe("fractions", () => {
  it("are exact for ReLU networks", () => {
    const { loss, values, gradients } = evaluateExact(parseModel(RELU), POINT);
    expect(loss.toFraction()).toBe("9/200");
    expect((values["z1"] as { toFraction(): string }[]).map((one) => one.toFraction())).toEqual([
      "-1/10",
      "1/5",
      "-9/100",
    ]);
    // ∂MSE/∂W1 = (y − t) W2ᵀ ⊙ 1[z1 > 0] xᵀ = 3/10 · 3 · (1/10, 1/5) in row 2
    const rows = gradients["W1"] as { toFraction(): string }[][];
    expect(rows.map((row) => row.map((one) => one.toFraction()))).toEqual([
      ["0", "0"],
      ["9/100", "9/50"],
      ["0", "0"],
    ]);
  });

  it("are exact for rational losses, means and powers", () => {
    const text = "N = size()\nx = input(N)\nw = param()\nL = mean((w * x - 1).^2) + 1 / w";
    const { loss, gradients } = evaluateExact(parseModel(text), { x: [1, 2, 4], w: 0.5 });
    // ((−1/2)² + 0 + 1)/3 + 2, and 2(−1/2·1 + 0 + 1·4)/3 − 4
    expect(loss.toFraction()).toBe("29/12");
    expect((gradients["w"] as { toFraction(): string }).toFraction()).toBe("-5/3");
  });

  it("end where the model is not rational", () => {
    const model = parseModel("a = param()\nL = sigmoid(a)");
    expect(() => evaluateExact(model, { a: 1 })).toThrow("not rational here");
    expect(evaluateExact(model, { a: 0 }).loss.toFraction()).toBe("1/2");
  });
});
