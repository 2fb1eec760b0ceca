import type { Fraction } from "fraction.js";
import { describe, expect, it } from "vitest";
import { NotRationalError } from "../../src/backprop/field.js";
import { backpropValues, exactBackpropValues } from "../../src/backprop/model.js";
import { parseModel } from "../../src/language/model.js";
import { type Point, readPoint } from "../../src/language/point.js";
import { evaluateExact } from "../../src/numeric/precise.js";
import { randomPoint } from "../../src/numeric/random.js";

/** Every rational function and every shape of the language. */
const RATIONAL: Readonly<Record<string, string>> = {
  arithmetic: "x = param(3)\ny = param(3)\nL = sum((x .* y - 2.5e-1 * x) ./ (1 + y.^2))",
  quotient: "x = param()\ny = param(2, 2)\nL = sum(y / x) + x^-3 + sum(square(y / 3))",
  relu: "x = param(4)\nL = sum(relu(x) .* x) + sum(leakyrelu(x)) + sum(leakyrelu(x, 1/7))",
  signs: "x = param(4)\nL = sum(abs(x) + sign(x) .* x + step(x) .* x.^3)",
  extrema: "x = param(4)\ny = param(4)\nL = sum(maximum(x, y) .* x) + sum(minimum(x, y) .* y)",
  comparisons:
    "x = param(4)\ny = param(4)\nL = sum((x < y) .* x + (x >= 0) .* y + (x != y) .* x + (x == y) + (x <= y) .* y + (y > x) .* x)",
  matrices:
    "A = param(2, 3)\nB = param(3, 2)\nv = param(3)\nL = trace(A * B) + dot(A * v, [1; 2]) + sum((A' + B) .* B)",
  kronecker: "A = param(2, 2)\nB = param(2, 3)\nL = sum(kron(A, B).^2)",
  moves: `A = param(3, 3)
v = param(3)
c = concat(A, diag(v))
L = sum(c[2:4, :].^2) + A[1, 3]^3 + sum(diag(A) .* v) + sum([v[1], A[1, 1]; 1, v[2]].^2)`,
  reductions:
    "A = param(3, 2)\nL = sum(mean(A, 1).^2) + sum(mean(A, 2).^2) + mean(A)^3 + sum(max(A, 1).^2) + sum(min(A, 2)) + max(A) * min(A)",
  broadcasts:
    "A = param(3, 2)\nb = param(3)\nc = param(1, 2)\nL = sum((A + b).^2) + sum((A .* c).^3)",
  constants: "A = param(3, 3)\nL = sum((ones(3, 3) / 3 + identity(3) .* A - zeros(3, 3)).^2)",
};

describe("the backprop in fractions", () => {
  for (const [name, text] of Object.entries(RATIONAL)) {
    it(`equals the symbolic gradient in fractions: ${name}`, () => {
      const model = parseModel(text);
      for (let seed = 1; seed <= 5; seed++) {
        const at = randomPoint(model, { seed });
        const { values, adjoints } = exactBackpropValues(model, readPoint(model, at));
        const symbolic = evaluateExact(model, at);
        expect(values.get("L")![0]!.toFraction()).toBe(symbolic.loss.toFraction());
        for (const { name: parameter } of model.params) {
          const expected = [symbolic.gradients[parameter]!].flat<unknown[], 2>(2) as Fraction[];
          const actual = adjoints.get(parameter)!;
          expect(
            actual.map((one) => one.toFraction()),
            parameter,
          ).toEqual(expected.map((one) => one.toFraction()));
        }
      }
    });

    it(`is what the doubles round: ${name}`, () => {
      const model = parseModel(text);
      const point = readPoint(model, randomPoint(model, { seed: 9 }));
      const exact = exactBackpropValues(model, point);
      const doubles = backpropValues(model, point);
      for (const kind of ["values", "adjoints"] as const) {
        expect([...exact[kind].keys()]).toEqual([...doubles[kind].keys()]);
        for (const [quantity, list] of doubles[kind]) {
          for (const [k, value] of list.entries()) {
            expect(exact[kind].get(quantity)![k]!.valueOf(), quantity).toBeCloseTo(value, 10);
          }
        }
      }
    });
  }

  it("takes the conventions at kinks", () => {
    const cases: [string, Point, string[]][] = [
      ["x = param(2)\nL = sum(relu(x)) + sum(abs(x))", { x: [0, 0] }, ["0", "0"]],
      ["x = param(2)\nL = max(x)", { x: [1, 1] }, ["1/2", "1/2"]],
      [
        "x = param(2)\nL = maximum(x[1], x[2]) + 3 * minimum(x[1], x[2])",
        { x: [1, 1] },
        ["2", "2"],
      ],
      ["x = param(1)\nL = sum(leakyrelu(x, 0.25))", { x: [0] }, ["1/4"]],
      ["x = param(1)\nL = sum(x.^0)", { x: [0] }, ["0"]],
    ];
    for (const [text, at, expected] of cases) {
      const model = parseModel(text);
      const { adjoints } = exactBackpropValues(model, readPoint(model, at));
      expect(
        adjoints.get("x")!.map((one) => one.toFraction()),
        text,
      ).toEqual(expected);
    }
  });

  it("refuses what is not rational", () => {
    for (const body of [
      "exp(x)",
      "pi * x",
      "norm(concat(x, x))",
      "softmax(concat(x, x))[1]",
      "x^0.5",
      "1 / (x - 2)",
    ]) {
      const model = parseModel(`x = param()\nL = ${body}`);
      const point = readPoint(model, { x: 2 });
      expect(() => exactBackpropValues(model, point), body).toThrow(NotRationalError);
    }
  });
});
