import { Fraction } from "fraction.js";
import { describe, expect, it } from "vitest";
import { Checker } from "../../src/derivation/checker.js";
import { deriveSteps } from "../../src/derivation/derive.js";
import { forwardPass } from "../../src/derivation/forward.js";
import type { Claim, Side } from "../../src/derivation/step.js";
import { Workbench } from "../../src/derivation/workbench.js";
import type { Expression } from "../../src/expression/expression.js";
import { Index } from "../../src/expression/indices.js";
import { less } from "../../src/expression/operations/comparisons.js";
import { Size } from "../../src/expression/size.js";
import {
  hadamard,
  ones,
  quantityMatrix,
  sum,
  transpose,
  unit,
} from "../../src/forms/matrix/build.js";
import type { MatrixExpression } from "../../src/forms/matrix/expression.js";
import { parseModel } from "../../src/language/model.js";
import { MODELS } from "../support/models.js";
import { claimOf, expectRefused, expressionOf, matrixOf, setUp, slightlyOff } from "./support.js";

const BOTH_VALUES = /the left side of .* is [-\d./e]+, the right side [-\d./e]+$/;

/** The third entry of the gradient is 10⁻⁹ of the others, and nothing is rational. */
const SMALL_ENTRY = `x = param(3)
c = [1; 2; 1e-9]
L = sum(c .* sigmoid(x))`;

/** The gradient by A is u vᵀ, a square matrix that is not symmetric. */
const SQUARE = (wrap: string): string => `u = input(3)
v = input(3)
A = param(3, 3)
L = ${wrap}(dot(u, A * v))`;

describe("a scalar side", () => {
  const { graph, steps, checker } = setUp(SMALL_ENTRY, "x", "index");
  const claim = claimOf(steps.at(-1)!);
  const [letter] = claim.letters;
  const times = (factor: Expression): Claim => ({
    ...claim,
    right: { kind: "scalar", expression: graph.multiply(factor, expressionOf(claim.right)) },
  });

  it("holds as it is derived", () => {
    expect(checker.check(claim)).toMatchObject({ check: { points: 3 } });
    expect(steps.every(({ check }) => check.exact === undefined)).toBe(true);
  });

  it("is refused where everything is wrong by 10⁻⁷", () => {
    expectRefused(checker, times(graph.number("1.0000001")), "∂L/∂x[", "random point", BOTH_VALUES);
  });

  it("is refused where one small entry is wrong by 10⁻⁷", () => {
    const third = graph.delta(Index.of(letter!), Index.number(2));
    const factor = graph.add(graph.one, graph.multiply(graph.number("0.0000001"), third));
    expectRefused(checker, times(factor), "∂L/∂x[3]", BOTH_VALUES);
  });

  it("is refused where the rows and columns of a square matrix are mixed up", () => {
    const square = setUp(SQUARE("tanh"), "A", "index");
    const step = square.steps.at(-1)!;
    const [i, j] = step.letters;
    const swapped = square.graph.substitute(
      expressionOf(step.right),
      new Map([
        [i!.key, Index.of(j!)],
        [j!.key, Index.of(i!)],
      ]),
    );
    const wrong: Claim = { ...claimOf(step), right: { kind: "scalar", expression: swapped } };
    expectRefused(square.checker, wrong, /∂L\/∂A\[\d,\d\]/, BOTH_VALUES);
  });

  it("is refused in a sample of many entries, small ones too", () => {
    // the second half of the gradient is 10⁻⁹ of the first, and only that half is wrong
    const wide = setUp(
      `x = param(600)
c = concat(ones(300), 1e-9 * ones(300))
L = sum(c .* sigmoid(x))`,
      "x",
      "index",
    );
    const { graph, model, steps, checker } = wide;
    const last = steps.at(-1)!;
    const c = model.scope.get("c")!.quantity!;
    const factor = graph.reference(c, [Index.of(last.letters[0]!)]);
    const isSmall = graph.apply(less, factor, graph.number("1/2"));
    const off = graph.add(graph.one, graph.multiply(graph.number("0.0000001"), isSmall));
    const expression = graph.multiply(off, expressionOf(last.right));
    expect(checker.check(claimOf(last))).toBeDefined();
    const wrong: Claim = { ...claimOf(last), right: { kind: "scalar", expression } };
    expectRefused(checker, wrong, /∂L\/∂x\[\d+\]/, BOTH_VALUES);
  });
});

describe("a matrix side", () => {
  const { steps, checker } = setUp(SMALL_ENTRY, "x", "matrix");
  const claim = claimOf(steps.findLast(({ right }) => right.kind === "matrix")!);
  const matrix = matrixOf(claim.right);
  const with_ = (right: MatrixExpression): Claim => ({
    ...claim,
    right: { kind: "matrix", matrix: right },
  });
  const scaled = (factor: string, term: MatrixExpression): MatrixExpression =>
    sum([{ coefficient: new Fraction(factor), term }]);

  it("is refused where everything is wrong by 10⁻⁷", () => {
    expectRefused(checker, with_(scaled("1.0000001", matrix)), "∂L/∂x", BOTH_VALUES);
  });

  it("is refused where one small entry is wrong by 10⁻⁷", () => {
    const terms = [
      { coefficient: new Fraction(1), term: ones(Size.of(3), Size.one) },
      { coefficient: new Fraction("0.0000001"), term: unit(Size.of(3), Size.of(2)) },
    ];
    const wrong = hadamard([
      { base: matrix, exponent: 1 },
      { base: sum(terms), exponent: 1 },
    ]);
    expectRefused(checker, with_(wrong), "∂L/∂x, entry [3,1]", BOTH_VALUES);
  });

  it("is refused where a square matrix is transposed", () => {
    const square = setUp(SQUARE("tanh"), "A", "matrix");
    const step = square.steps.findLast(({ right }) => right.kind === "matrix")!;
    const right: Side = { kind: "matrix", matrix: transpose(matrixOf(step.right)) };
    expectRefused(square.checker, { ...claimOf(step), right }, /∂L\/∂A, entry \[\d,\d\]/);
  });

  it("is refused where its shape is another", () => {
    expectRefused(checker, with_(transpose(matrix)), "the sides are 3×1 and 1×3");
  });
});

describe("in fractions", () => {
  const text = SQUARE("1/3 * square");
  it("every step of a rational model is evaluated", () => {
    for (const form of ["index", "matrix", "jacobian", "paths", "scalar"] as const) {
      const wrt = form === "paths" || form === "scalar" ? "A[1,2]" : "A";
      const { steps } = setUp(text, wrt, form);
      expect(
        steps.every(({ check }) => check.exact === true),
        form,
      ).toBe(true);
    }
  });

  it("a scalar side that is wrong in the last digit of a fraction is refused", () => {
    const { graph, steps, checker } = setUp(text, "A", "index");
    const claim = claimOf(steps.at(-1)!);
    const nearlyOne = graph.number(new Fraction(1).add(new Fraction(1n, 10n ** 40n)));
    const expression = graph.multiply(nearlyOne, expressionOf(claim.right));
    const wrong: Claim = { ...claim, right: { kind: "scalar", expression } };
    expectRefused(checker, wrong, "∂L/∂A[1,1]", BOTH_VALUES);
  });

  it("a matrix side that is wrong in the last digit of a fraction is refused", () => {
    const { steps, checker } = setUp(text, "A", "matrix");
    const claim = claimOf(steps.findLast(({ right }) => right.kind === "matrix")!);
    const term = matrixOf(claim.right);
    const coefficient = new Fraction(1).add(new Fraction(1n, 10n ** 40n));
    const right: Side = { kind: "matrix", matrix: sum([{ coefficient, term }]) };
    expectRefused(checker, { ...claim, right }, "∂L/∂A, entry [1,1]", BOTH_VALUES);
  });
});

describe("numbers at the user's point", () => {
  const at = { x: [0.3, -0.7, 1.1] };
  const { graph, steps, checker } = setUp(SMALL_ENTRY, "x[3]", "scalar", at);
  const byRule = (rule: string): Claim => claimOf(steps.find((step) => step.rule === rule)!);

  it("hold as they are printed", () => {
    for (const rule of ["numbers", "result"]) expect(checker.check(byRule(rule))).toBeDefined();
  });

  it("are refused where a number is wrong by 10⁻⁷", () => {
    const claim = byRule("numbers");
    const factor = graph.number("1.0000001");
    const expression = graph.multiply(factor, expressionOf(claim.right));
    const wrong: Claim = { ...claim, right: { kind: "numbers", expression } };
    expectRefused(checker, wrong, "at the given point", "∂L/∂x[3]", BOTH_VALUES);
  });

  it("are refused where the result is wrong by 10⁻⁷", () => {
    const claim = byRule("result");
    if (claim.right.kind !== "value") throw new Error(claim.right.kind);
    const wrong: Claim = {
      ...claim,
      right: { kind: "value", value: { value: claim.right.value.value * (1 + 1e-7) } },
    };
    expectRefused(checker, wrong, "at the given point", "∂L/∂x[3]", BOTH_VALUES);
  });
});

describe("an array at the user's point", () => {
  const model = parseModel(`A = param(2, 2)
B = param(2, 3)
y = sigmoid([1, 1e-9; 2, 3] .* A)
z = y .* [1, 1e-9; 2, 3]
w = tanh(B)
L = sum(z) + sum(w)`);
  const at = {
    A: [
      [0.3, -0.7],
      [1.1, 0.2],
    ],
    B: [
      [1, 2, 3],
      [4, 5, 6],
    ],
  };
  const bench = new Workbench(model, at);
  const { steps } = forwardPass(bench);
  const checker = new Checker(model.graph, bench.sites(false));
  const arrayOf = (name: string) => {
    const { quantity } = model.scope.get(name)!;
    const step = steps.find(
      ({ left, right }) =>
        left.kind === "matrix" &&
        left.matrix.key === quantityMatrix(quantity!).key &&
        right.kind === "array",
    )!;
    if (step.right.kind !== "array") throw new Error(step.right.kind);
    return { claim: claimOf(step), array: step.right };
  };

  it("is refused where one small entry is wrong by 10⁻⁷", () => {
    const { claim, array } = arrayOf("z");
    const entries = array.entries.map((one, k) =>
      k === 1 ? { value: one.value * (1 + 1e-7) } : one,
    );
    expect(array.entries[1]!.value).toBeLessThan(1e-8);
    const wrong: Claim = { ...claim, right: { ...array, entries } };
    expectRefused(checker, wrong, "at the given point", "z, entry [1,2]", BOTH_VALUES);
  });

  it("is refused where a square one is transposed", () => {
    const { claim, array } = arrayOf("z");
    const [a, b, c, d] = array.entries;
    const wrong: Claim = { ...claim, right: { ...array, entries: [a!, c!, b!, d!] } };
    expectRefused(checker, wrong, /z, entry \[(1,2|2,1)\]/, BOTH_VALUES);
  });

  it("is refused where its shape is another", () => {
    const { claim, array } = arrayOf("w");
    const wrong: Claim = { ...claim, right: { ...array, rows: 3, columns: 2 } };
    expectRefused(checker, wrong, "the sides are 2×3 and 3×2");
  });
});

/** The statements have lost what cancels in them; the backprop adds it up and rounds. */
describe("what cancels as the statements are read", () => {
  const models = {
    "a quotient on the diagonal": "P = param(3, 3)\nv = input(3)\nL = sum(diag(v) .* P ./ P')",
    "the same behind a multiple":
      "P = param(3, 3)\nv = input(3)\nZ = 2*P\nL = sum(diag(v) .* Z ./ Z')",
    "a difference": "P = param(3)\nb = param(3)\nc = input(3)\nL = sum((b .* P ./ b - P) .* c)",
  };
  it.each(Object.entries(models))("is 0: %s", (_, text) => {
    for (const form of ["index", "matrix"] as const) {
      for (const seed of [1, 2, 3, 4, 5, 6]) {
        const { steps } = deriveSteps(new Workbench(parseModel(text), undefined, seed), {
          wrt: "P",
          form,
        });
        expect(steps.every(({ check }) => check.points > 0)).toBe(true);
      }
    }
  });

  it.each(Object.entries(models))("is nothing but 0: %s", (_, text) => {
    const { graph, steps, checker } = setUp(text, "P", "index");
    const claim = claimOf(steps.at(-1)!);
    for (const wrong of ["0.0000000001", "-0.0000001"]) {
      const right: Side = { kind: "scalar", expression: graph.number(wrong) };
      expectRefused(checker, { ...claim, right }, "∂L/∂P", BOTH_VALUES);
    }
  });
});

describe("every step of a model", () => {
  const names = [
    "tied weights",
    "attention",
    "slices",
    "many functions",
    "batch of columns",
  ] as const;
  for (const name of names) {
    it(`is refused where its right side is wrong by 10⁻⁷: ${name}`, () => {
      const text = MODELS[name]!;
      const { name: wrt } = parseModel(text).params[0]!;
      for (const form of ["index", "matrix"] as const) {
        const { graph, steps, checker } = setUp(text, wrt, form);
        const wrong = steps.flatMap((step) => slightlyOff(graph, claimOf(step)) ?? []);
        expect(wrong.length).toBeGreaterThan(2);
        for (const claim of wrong) expectRefused(checker, claim);
      }
    });
  }
});
