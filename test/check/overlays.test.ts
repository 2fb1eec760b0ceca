/** What is made of a gradient with a mistake: only factors that reproduce the numbers as they are told. */
import { check, type Claims, type Diagnosis, parseModel, type Point } from "chainrule";
import { describe, expect, it } from "vitest";
import { each, type Matrix, matrix, minus, mm, plus, scale, T, times } from "./corpus/matrices.js";

const model = parseModel(`
  N = size()
  X = input(N, 3)
  Y = target(N, 3)
  W = param(3, 3)
  Z = X * W
  A = tanh(Z)
  L = sum((A - Y).^2) / 2`);

/** The gradient in which tanh' is lost. */
function mistaken(point: Point): Matrix {
  const { X, Y, W } = point as Record<string, Matrix>;
  const A = each(mm(X!, W!), Math.tanh);
  return mm(T(X!), minus(A, Y!));
}

const valuesAt = (point: Point): Matrix => (point as Record<string, Matrix>)["W"]!;

const at = { X: matrix(5, 3, 1), Y: matrix(5, 3, 2), W: matrix(3, 3, 3) };

function told(claims: Matrix | ((point: Point) => Matrix)): readonly Diagnosis[] {
  const asked = (point: Point): Claims => ({ W: (claims as (point: Point) => Matrix)(point) });
  const result =
    typeof claims === "function" ? check(model, asked) : check(model, { W: claims }, { at });
  return result.checks[0]!.diagnosis.filter(({ explanation }) => explanation === 1);
}

const textsOf = (all: readonly Diagnosis[]): string => all.map(({ text }) => text).join("\n");

describe("a gradient with a mistake", () => {
  const decayed = (factor: number): Matrix => plus(scale(factor, mistaken(at)), scale(0.01, at.W));

  it("is told with a decay that was added to it, and a factor that people write", () => {
    for (const factor of [1, 2, 1.75]) {
      expect(textsOf(told(decayed(factor)))).toContain("the gradient plus 0.01 * W");
    }
  });

  it("is told with no factor that is none as it is told", () => {
    expect(told(decayed(1.37821934511)).map(({ cause }) => cause)).toEqual(["unknown"]);
  });

  const updated = (point: Point, rate: number): Matrix =>
    minus(valuesAt(point), scale(rate, mistaken(point)));

  it("is told with its update step, also at a rate of several digits", () => {
    for (const rate of [0.1, 0.00125]) {
      expect(textsOf(told(updated(at, rate)))).toContain(`W - ${rate} * dW`);
    }
    expect(textsOf(told(updated(at, 0.001234567891)))).not.toContain("update step");
  });

  it("is told with no rate that is another one at other sizes", () => {
    const rateAt = (point: Point): number => 1 / (point as Record<string, Matrix>)["X"]!.length;
    const all = told((point) => updated(point, rateAt(point)));
    expect(textsOf(all)).not.toContain("update step");
  });
});

it("the gradient with tanh', which is lost above, is right", () => {
  const { X, Y, W } = at;
  const A = each(mm(X, W), Math.tanh);
  const right = mm(
    T(X),
    times(
      minus(A, Y),
      each(A, (one) => 1 - one ** 2),
    ),
  );
  expect(check(model, { W: right }, { at }).ok).toBe(true);
});
