/** Derivatives that are 0 because terms cancel: what rounding leaves of them is no right number. */
import { check, checkFormulas, parseModel } from "chainrule";
import { describe, expect, it } from "vitest";
import { matrix, numbers } from "./corpus/matrices.js";

// a bias before a normalisation moves all entries alike, which its mean takes away
const model = parseModel(`
  X = input(6, 3)
  Y = target(6, 2)
  W = param(3, 2)
  c = param(2)
  Z = X * W + c'
  C = Z - mean(Z, 1)'
  H = C ./ sqrt(mean(C.^2, 1) + 0.01)'
  L = sum((H - Y).^2) / 12`);
const at = { X: matrix(6, 3, 1), Y: matrix(6, 2, 2), W: matrix(3, 2, 3), c: numbers(2, 4) };

it("are told as 0, beside numbers and in lines", () => {
  const [values] = check(model, { c: [0.25, -0.5] }, { at }).checks;
  expect(values!.worst).toMatchObject({ given: -0.5, expected: 0 });
  const [line] = checkFormulas(model, "dc = sum((H - Y) / 6, 1)", { at }).checks;
  expect(line!.ok).toBe(false);
  expect(line!.worst.expected).toBe(0);
});

it("are right in formulas that add up to 0, and wrong in others", () => {
  const lines = (last: string) => `
    dH = (H - Y) / 6
    s = sqrt(mean(C.^2, 1) + 0.01)'
    dZ = (dH - mean(dH, 1)' - H .* mean(dH .* H, 1)') ./ s
    ${last}`;
  expect(checkFormulas(model, lines("dc = sum(dZ, 1)")).checks.map(({ ok }) => ok)).toEqual([
    true,
    true,
    true,
  ]);
  const { checks } = checkFormulas(model, lines("dc = sum(dZ .* H, 1)"));
  expect(checks.at(-1)).toMatchObject({ name: "c", ok: false });
});

it("are right as 0, and as what rounding leaves", () => {
  expect(check(model, { c: [0, 0] }, { at }).ok).toBe(true);
  expect(check(model, { c: [1e-17, -3e-17] }, { at }).ok).toBe(true);
});

it("have no more digits than other numbers where they are 0 without rounding", () => {
  // the second unit is off
  const dead = parseModel("x = input(2)\nw = param(2)\nL = sum(relu(w .* x))");
  const given = { x: [1, -1], w: [0.3, 0.4] };
  const [told] = check(dead, { w: [1, 0.1234567890123456] }, { at: given }).checks;
  expect(told).toMatchObject({ ok: false, worst: { entry: [2], expected: 0 } });
  expect(told!.digitsExpected).toBeCloseTo(15, 0);
});

it("are not taken for derivatives that are left out, where the terms are added up over a softmax's classes", () => {
  const softmax = parseModel(`
    N = size()
    X = input(N, 2)
    T = target(N, 3)
    W = param(3, 2)
    b = param(3)
    P = softmax(X * W' + b', 2)
    L = -sum(T .* log(P))`);
  const { checks } = checkFormulas(softmax, "db = -sum(T - P) * ones(3, 1)");
  expect(checks[0]!.diagnosis[0]!.cause).toBe("over-summed");
});

describe("are no flat functions", () => {
  const flat = (statement: string) =>
    parseModel(`
    x = param(4)
    t = target(4)
    p = ${statement}
    L = sum((p - t).^2)`);
  const tanh = flat("tanh(500 * x)");
  const sigmoid = flat("sigmoid(2000 * x)");
  // 1 - p^2 is 0 in doubles at ordinary points, and beyond 50 digits and 360 digits where x is large
  const at = { x: [1, 2, -1, 0.5], t: [1, 0, 1, 0] };

  it("which are right as they are", () => {
    for (const point of [undefined, at]) {
      const options = { at: point };
      expect(checkFormulas(tanh, "dx = 1000 * (p - t) .* (1 - p.^2)", options).ok).toBe(true);
      expect(checkFormulas(sigmoid, "dx = 4000*(p - t).*p.*(1 - p)", options).ok).toBe(true);
    }
  });

  it("whose factors are missed", () => {
    for (const point of [undefined, at]) {
      const options = { at: point };
      const short = checkFormulas(tanh, "dx = 2 * (p - t) .* (1 - p.^2)", options);
      expect(short.checks[0]!.diagnosis[0]).toMatchObject({ cause: "constant-factor" });
      expect(short.checks[0]!.diagnosis[0]!.text).toContain("500");
      const other = checkFormulas(sigmoid, "dx = 2 * (p - t) .* p .* (1 - p)", options);
      expect(other.checks[0]!.diagnosis[0]).toMatchObject({ cause: "constant-factor" });
      expect(other.checks[0]!.diagnosis[0]!.text).toContain("2000");
    }
  });

  it("and not 0", () => {
    for (const model of [tanh, sigmoid])
      expect(checkFormulas(model, "dx = zeros(4)").ok).toBe(false);
    // beside an entry that is large
    const beside = parseModel("x = param(2)\nL = tanh(500 * x[1]) + x[2]^2");
    expect(checkFormulas(beside, "dx = [0; 2 * x[2]]").ok).toBe(false);
    expect(checkFormulas(beside, "dx = [500 * (1 - tanh(500 * x[1])^2); 2 * x[2]]").ok).toBe(true);
  });

  it("where they are flat at all points, but for more digits", () => {
    const far = flat("sigmoid(x + 200)");
    expect(checkFormulas(far, "dx = 2 * (p - t) .* p .* (1 - p)").ok).toBe(true);
    const { checks } = checkFormulas(far, "dx = (p - t) .* p .* (1 - p)");
    expect(checks[0]!.diagnosis[0]!.text).toBe("dx is 0.5 times the right gradient: multiply by 2");
  });

  it("nor are they said to be 0, or nearly right, where doubles hold neither", () => {
    const dark = flat("sigmoid(x + 750)");
    const dx = "dx = (p - t) .* p .* (1 - p)";
    const [near] = checkFormulas(dark, dx).checks;
    expect(near!.diagnosis[0]!.text).toBe("dx is 0.5 times the right gradient: multiply by 2");
    const scalar = parseModel("x = param()\nt = target()\np = sigmoid(x^2 + 750)\nL = (p - t)^2");
    const [other] = checkFormulas(scalar, "dx = 0.731 * (1 - p)").checks;
    expect(other!.diagnosis[0]!.text).toContain("such numbers tell no cause");
  });
});
