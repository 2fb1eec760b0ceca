import { checkFormulas, parseModel } from "chainrule";
import { expect, it } from "vitest";
import { formulaReport } from "../../src/render/terminal/formula-report.js";

// Formulas in which large terms cancel: their rounding errors must not pass for agreement.

const sine = parseModel("x = param()\nL = sum(sin(x))");

it.each([
  ["3*cos(x) + (exp(x+200) - exp(200)*exp(x))"],
  ["0*x + 1e60*(sin(x+1) - sin(x)*cos(1) - cos(x)*sin(1))"],
])("dx = %s is wrong", (formula) => {
  const { ok, checks } = checkFormulas(sine, `dx = ${formula}`);
  expect(ok).toBe(false);
  expect(checks[0]!.undecided).toBeUndefined();
  expect(checks[0]!.diagnosis.length).toBeGreaterThan(0);
});

it("a right formula in which large terms cancel is decided with more digits", () => {
  const text = "dx = cos(x) + (exp(x+200) - exp(200)*exp(x))";
  const { ok, checks } = checkFormulas(sine, text);
  expect(ok).toBe(true);
  expect(checks[0]).toMatchObject({ digitsExpected: 28, digitsAgreed: 28, holds: "∂L/∂x" });
});

it("what no number of digits decides is told and not judged", () => {
  const text = "dy = 1\ndx = 3*cos(x) + (exp(x+2000) - exp(2000)*exp(x))";
  const model = parseModel("x = param()\ny = sin(x)\nL = y");
  const result = checkFormulas(model, text);
  expect(result.ok).toBe(false);
  expect(result.firstWrong).toBeUndefined();
  expect(result.checks.map(({ ok, undecided }) => [ok, undecided])).toEqual([
    [true, undefined],
    [false, true],
  ]);
  expect(formulaReport(result)).toMatchInlineSnapshot(`
    "line 1  right  dy  holds ∂L/∂y
    line 2  UNDECIDED  dx
            dx = 3*cos(x) + (exp(x+2000) - exp(2000)*exp(x))
            unknown: dx cannot be decided: computed with 360 digits, it is not known well
              enough to be compared, because large terms cancel in it; write it without them
    1 of 2 formulas is undecided"
  `);
});

it("no more digits are told than the bounds prove at every point", () => {
  const large = parseModel("N = size()\nX = input(N)\nw = param()\nL = sum(sin(X * w))");
  const at = { X: Array.from({ length: 3000 }, (_, k) => k / 3000), w: 0.7 };
  const { ok, checks, notes } = checkFormulas(large, "dw = sum(X .* cos(X * w))", { at });
  expect(ok).toBe(true);
  const [check] = checks;
  expect(check!.precision).toBe("double precision");
  expect(check!.digitsExpected).toBeLessThanOrEqual(15);
  expect(check!.digitsExpected).toBeGreaterThan(10);
  expect(check!.digitsAgreed).toBe(check!.digitsExpected);
  expect(notes).toEqual([
    "the point is large: the formulas were compared there in double precision",
  ]);
});

it("no two faults are told that undo each other", () => {
  const { ok, checks } = checkFormulas(sine, "dx = 1.0000000000001*cos(x)");
  expect(ok).toBe(false);
  const texts = checks[0]!.diagnosis.map(({ text }) => text);
  expect(texts.length).toBeGreaterThan(0);
  expect(texts.join()).not.toContain("multiply by -1");
});

it("numbers that differ late are printed with the digits that differ", () => {
  const report = formulaReport(checkFormulas(sine, "dx = 1.0000000000001*cos(x)"));
  const [, given, expected] = /given (\S+), expected (\S+)/.exec(report)!;
  expect(given).not.toBe(expected);
});
