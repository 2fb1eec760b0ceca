import { check, type Claims, compile, parseModel, type Point, randomPoint } from "chainrule";
import { describe, expect, it } from "vitest";
import { inferPrecision } from "../../src/check/claims/company.js";
import { systems } from "./corpus/index.js";

type Nested = Claims[string];
const map = (value: Nested, f: (entry: number) => number): Nested =>
  typeof value === "number" ? f(value) : Array.from(value, (one) => map(one, f));
const mapAll = (claims: Claims, f: (entry: number) => number): Claims =>
  Object.fromEntries(Object.entries(claims).map(([name, value]) => [name, map(value, f)]));

function isRight(text: string, claims: Claims, at: Point): boolean {
  return check(parseModel(text), claims, { at }).ok;
}

describe.each(systems)("right gradients of $name are accepted", ({ text, point, right }) => {
  it.each([
    ["in single precision", Math.fround],
    ["with 4 significant digits", (v: number) => Number(v.toPrecision(4))],
    ["with 3 significant digits", (v: number) => Number(v.toPrecision(3))],
    ["with 13 significant digits", (v: number) => Number(v.toPrecision(13))],
    ["with 15 significant digits", (v: number) => Number(v.toPrecision(15))],
    ["with 4 decimals", (v: number) => Number(v.toFixed(4))],
    ["with 8 decimals", (v: number) => Number(v.toFixed(8))],
    ["rounded to 4 decimals in single precision", (v: number) => Math.fround(Number(v.toFixed(4)))],
    [
      "rounded to 3 digits in single precision",
      (v: number) => Math.fround(Number(v.toPrecision(3))),
    ],
    ["with singles printed in short", (v: number) => Number(Math.fround(v).toPrecision(7))],
    ["cut off after 6 digits", (v: number) => Math.trunc(v * 1e6) / 1e6],
  ])("%s", (_, round) => {
    const result = check(parseModel(text), mapAll(right, round), { at: point });
    const refused = result.checks.filter(({ ok }) => !ok);
    expect(refused).toEqual([]);
  });

  it("but not where one entry is off in the fourth digit", () => {
    const [[name, value]] = Object.entries(right) as [[string, Nested]];
    let count = 0;
    const off = map(value, (v) => (count++ === 0 ? v * 1.0004 : v));
    expect(isRight(text, { ...right, [name]: off }, point)).toBe(false);
  });
});

describe("shapes that mean the same", () => {
  const text = `
    x = input(2)
    t = target(3)
    W = param(3, 2)
    b = param(3)
    r = param(1, 3)
    s = param()
    y = W * x + s * b + r'
    L = 1/2 * sum((y - t).^2)`;
  const model = parseModel(text);
  const point = randomPoint(model, { seed: 5 });
  const { gradients } = compile(model).evaluate(point);
  const W = gradients["W"] as number[][];
  const b = gradients["b"] as number[];
  const r = gradients["r"] as number[][];
  const s = gradients["s"] as number;

  it.each<[string, Claims]>([
    ["as declared", { W, b, r, s }],
    ["a vector as a column", { b: b.map((v) => [v]) }],
    ["a vector as a row", { b: [b] }],
    ["a row as a flat list", { r: r[0]! }],
    ["a row as a column", { r: r[0]!.map((v) => [v]) }],
    ["a scalar in a list", { s: [s] }],
    ["a scalar in a 1×1 matrix", { s: [[s]] }],
    ["a matrix as a flat list", { W: W.flat() }],
    ["typed arrays", { b: Float64Array.from(b), r: Float32Array.from(r[0]!) }],
    ["dNAME", { dW: W, db: b }],
    ["dLOSS_dNAME", { dL_dW: W, dL_db: b }],
    ["grad_NAME", { grad_W: W, grad_s: s }],
    ["an intermediate quantity", { dy: b.map((v) => v / (point["s"] as number)) }],
  ])("%s", (_, claims) => {
    expect(check(model, claims, { at: point })).toMatchObject({ ok: true, notes: [] });
  });

  it.each<[string, Claims]>([
    ["a longer vector", { b: [...b, 0] }],
    ["a number for a vector", { b: 1.5 }],
    ["a vector for a scalar", { s: [1.5, 2.5] }],
    [
      "the bare transpose of something else",
      {
        W: [
          [1, 2.5, 3],
          [4, 5, 6],
        ],
      },
    ],
    ["three axes", { W: [W, W] }],
  ])("%s is wrong, with status and shapes", (_, claims) => {
    const [one] = check(model, claims, { at: point }).checks;
    expect(one!.ok).toBe(false);
    expect(one!.worst).toEqual({ entry: [], given: null, expected: null });
    expect(one!.diagnosis.length).toBeGreaterThan(0);
  });
});

describe("few digits", () => {
  const text = `
    x = input(2)
    W = param(3, 2)
    b = param(3)
    L = sum((W * x + b).^3)`;
  const at = {
    x: [0.37, -1.21],
    W: [
      [0.3, 0.2],
      [0.5, -0.7],
      [1.1, 0.9],
    ],
    b: [0.1, 0.2, 0.3],
  };
  const { W, b } = compile(parseModel(text)).evaluate(at).gradients as Claims;
  const round = (value: Nested, digits: number) => map(value, (v) => Number(v.toFixed(digits)));

  it.each([1, 2, 3, 5])("%d decimals are accepted, and one of them wrong is not", (digits) => {
    expect(isRight(text, { W: round(W!, digits), b: round(b!, digits) }, at)).toBe(true);
    let count = 0;
    const off = map(round(W!, digits), (v) => (count++ === 3 ? v + 2 * 10 ** -digits : v));
    expect(isRight(text, { W: off }, at)).toBe(false);
  });

  it("are judged with their company", () => {
    const short = round(b!, 1);
    expect(isRight(text, { b: short }, at)).toBe(true);
    // one program prints all alike: 0.1 is 0.1000 here, and 0.1 in full there
    expect(isRight(text, { W: W!, b: short }, at)).toBe(false);
    const alike = (v: number) => ({ W: round(W!, 4), b: map(b!, (one) => Number(one.toFixed(v))) });
    expect(isRight(text, alike(4), at)).toBe(true);
    const [first, ...rest] = round(b!, 4) as number[];
    expect(isRight(text, { ...alike(4), b: [Number(first!.toFixed(1)), ...rest] }, at)).toBe(false);
  });

  it("whole numbers are exact", () => {
    expect(isRight("w = param()\nL = 2 * w^2", { w: 3 }, { w: 0.75 })).toBe(true);
    expect(isRight("w = param()\nL = 2 * w^2", { w: 3 }, { w: 0.7 })).toBe(false);
  });
});

describe("at a kink", () => {
  const text = `
    x = input(2)
    W = param(3, 2)
    v = param(3)
    z = W * x
    h = relu(z)
    L = (dot(v, h) - 1)^2`;
  const at = {
    x: [1, 2],
    W: [
      [1, 0.5],
      [2, -1],
      [-1, 0.25],
    ],
    v: [0.7, 0.6, -0.4],
  };
  const gradient = (slope: number) => ({
    W: [1, slope, 0].map((one, i) => at.x.map((x) => 0.8 * one * at.v[i]! * x)),
  });

  it.each([
    [1, "taken from above"],
    [0.5, "taken as the mean of both sides"],
  ])("a derivative of %d is told to be another convention", (slope, text_) => {
    const { ok, checks, notes } = check(parseModel(text), gradient(slope), { at });
    expect(ok).toBe(false);
    expect(notes).toEqual(["the point is at a kink, relu at z[2]: here relu′(0) = 0"]);
    expect(checks[0]!.diagnosis[0]!.cause).toBe("wrong-function");
    expect(checks[0]!.diagnosis[0]!.text).toContain(
      `relu'(z) ${text_} at its kink, which is another convention than the one here: relu′(0) = 0`,
    );
  });

  it("the convention is right", () => {
    expect(check(parseModel(text), gradient(0), { at }).ok).toBe(true);
  });
});

describe("gradients of extreme size", () => {
  const text = `
    x = input(3)
    w = param(3)
    v = param(2)
    L = 1/2 * sum((x .* w).^2) + 0 * sum(v)`;
  const at = { x: [1e-150, 1, 1e120], w: [0.3, 0.7, 1.1], v: [2, 3] };
  const right = [3e-301, 0.7, 1.1e240];

  it("tiny, ordinary and huge ones together are accepted", () => {
    expect(isRight(text, { w: right, v: [0, 0] }, at)).toBe(true);
  });

  it("each entry counts at its own scale", () => {
    expect(isRight(text, { w: [0, 0.7, 1.1e240] }, at)).toBe(false);
    expect(isRight(text, { w: [3.1e-301, 0.7, 1.1e240] }, at)).toBe(false);
    expect(isRight(text, { w: [3e-301, 0.700001234567891, 1.1e240] }, at)).toBe(false);
  });

  it("what is truly zero is zero", () => {
    expect(isRight(text, { v: [0, 0] }, at)).toBe(true);
    expect(isRight(text, { v: [0, 1e-9] }, at)).toBe(false);
  });

  it("rounding errors where terms cancel are not faults", () => {
    // a bias before softmax: shifts of all logits cancel
    const model = `
      z = input(4)
      t = target(4)
      c = param()
      u = z + c
      L = -sum(t .* log(softmax(u)))`;
    const point = { z: [0.3, -1.2, 2.2, 0.9], t: [0.1, 0.2, 0.3, 0.4], c: 0.5 };
    expect(isRight(model, { c: 0 }, point)).toBe(true);
    expect(isRight(model, { c: -5.551115123125783e-17 }, point)).toBe(true);
    expect(isRight(model, { c: 1.2345678901234567e-12 }, point)).toBe(false);
  });

  it("saturated units may lose digits, and only these", () => {
    const model = `
      x = input()
      w = param()
      a = sigmoid(w * x)
      L = 1/2 * (a - 1)^2`;
    const z = 25;
    const a = 1 / (1 + Math.exp(-z));
    const naive = (a - 1) * a * (1 - a);
    expect(isRight(model, { w: naive }, { x: 1, w: z })).toBe(true);
    expect(isRight(model, { w: naive * 1.001 }, { x: 1, w: z })).toBe(false);
  });
});

describe("a function of the point", () => {
  const text = `
    N = size()
    X = input(N, 2)
    t = target(N)
    w = param(2)
    p = X * w
    L = 1/N * sum((p - t).^2)`;
  const model = parseModel(text);
  const gradient = (factor: (n: number) => number) => (point: Point) => {
    const [X, t, w] = [point["X"] as number[][], point["t"] as number[], point["w"] as number[]];
    const e = X.map((row, n) => row[0]! * w[0]! + row[1]! * w[1]! - t[n]!);
    const sum = [0, 1].map((j) => X.reduce((total, row, n) => total + row[j]! * e[n]!, 0));
    return { w: sum.map((v) => factor(X.length) * v) };
  };

  it("is asked at several points", () => {
    let asked = 0;
    const right = gradient((n) => 2 / n);
    const result = check(model, (point) => (asked++, right(point)));
    expect(result.ok).toBe(true);
    expect(asked).toBeGreaterThan(1);
  });

  it("is told which size a factor is", () => {
    const result = check(
      model,
      gradient(() => 2),
    );
    expect(result.checks[0]!.diagnosis).toMatchObject([{ cause: "constant-factor", factor: "N" }]);
  });

  it("may not change the point", () => {
    const result = check(model, (point) => {
      const answer = gradient((n) => 2 / n)(point);
      (point["w"] as number[]).fill(0);
      return answer;
    });
    expect(result.ok).toBe(true);
  });
});

describe("the precision that a few short numbers tell", () => {
  const model = parseModel("x = input(2)\nw = param(2)\nb = param()\nL = dot(w, x) + b / 3");
  const at = { x: [0.5, -1], w: [1, 2], b: 0 };
  const third = 1 / 3;
  const precisionOf = (claims: Claims) =>
    check(model, claims, { at }).checks.map(({ ok, precision }) => [ok, precision]);

  it("none alone, and that of the numbers beside them", () => {
    const untold = [true, "in digits that do not tell the precision"];
    expect(precisionOf({ w: [0.5, -1] })).toEqual([untold]);
    const double = [true, "double precision"];
    expect(precisionOf({ w: [0.5, -1], b: third })).toEqual([double, double]);
    const single = [true, "single precision"];
    expect(precisionOf({ w: [0.5, -1], b: Math.fround(third) })).toEqual([single, single]);
    expect(precisionOf({ w: new Float32Array([0.5, -1]) })).toEqual([single]);
  });
});

describe("gradients in single precision", () => {
  it("are known by their shortest digits, whichever is taken half-way", () => {
    // the loss is of a million, and the derivative small: only singles may be so far off
    const at = { x: [1271794.7, -1000000.2, -0.5], b: 0 };
    const big = "x = input(3)\nb = param()\nL = sum((x + b).^2) / 4";
    const right = compile(parseModel(big)).evaluate(at).gradients["b"] as number;
    // the single between is 135897.125, which NumPy prints as …12 and JavaScript as …13
    expect(Math.abs(right - 135897.125)).toBeGreaterThan(0.006);
    expect(isRight(big, { b: 135897.12 }, at)).toBe(true);
    expect(isRight(big, { b: 135897.13 }, at)).toBe(true);
    expect(isRight(big, { b: 135897.1301 }, at)).toBe(false);
  });

  const text = `
    X = input(4, 6)
    T = target(3, 6)
    W = param(3, 4)
    P = softmax(W * X, 1)
    L = -sum(T .* log(P)) / 6`;
  const model = parseModel(text);
  const point = randomPoint(model, { seed: 9 });
  const { gradients } = compile(model).evaluate(point);

  it.each([
    [1, true],
    [1.0003, false],
    [1 - 1e-4, false],
  ])("times %d: %j", (factor, isAccepted) => {
    const W = map(gradients["W"]!, (one) => Math.fround(one * factor));
    expect(isRight(text, { W }, point)).toBe(isAccepted);
  });

  it.each([
    [4, 1, true],
    [5, 1, true],
    [4, 1.01, false],
    [5, 1.001, false],
  ])("rounded to %d decimals, times %d: %j", (decimals, factor, isAccepted) => {
    const rounded = (one: number): number =>
      Math.fround(Number(Math.fround(one * factor).toFixed(decimals)));
    const W = map(gradients["W"]!, rounded);
    const [first] = check(model, { W }, { at: point }).checks;
    expect(first).toMatchObject({ ok: isAccepted, precision: `${decimals} decimals` });
  });

  it("that have all their digits are no rounded ones, however many", () => {
    const singles = Float64Array.from({ length: 4000 }, (_, k) => Math.fround(Math.sin(k + 1)));
    const claim = { entries: singles, isSingle: false };
    expect(inferPrecision(claim).text).toBe("single precision");
  });
});
