/** Wide layers are checked at narrow ones: what that sees, and where the model's own sizes decide. */
import { Fraction } from "fraction.js";
import { describe, expect, it } from "vitest";
import { standIn } from "../../src/derivation/stand-in.js";
import { type Claim, scalar, type Side } from "../../src/derivation/step.js";
import type { Graph } from "../../src/expression/graph.js";
import { Index } from "../../src/expression/indices.js";
import { sum, transpose } from "../../src/forms/matrix/build.js";
import { parseModel } from "../../src/language/model.js";
import { claimOf, expectRefused, expressionOf, matrixOf, setUp, slightlyOff } from "./support.js";

const CLASSIFIER = `x = input(300)
t = target(10)
W1 = param(40, 300)
b1 = param(40)
W2 = param(10, 40)
z1 = W1 * x + b1
a1 = tanh(z1)
z2 = W2 * a1
p = softmax(z2, 1)
L = -sum(t .* log(p))`;

/** Square, so that no shape tells rows from columns. */
const SQUARE = `u = input(40)
v = input(40)
A = param(40, 40)
L = tanh(dot(u, A * v))`;

/** The derivative by b holds a size as a number, in the second model only because b is stretched. */
const MEAN = `x = input(40)
w = param(40)
b = param()
L = mean((w .* x + b).^2)`;
const STRETCHED = `x = input(40)
w = param(40)
b = param()
L = sum(w .* x + b)^2`;

function times(graph: Graph, side: Side, coefficient: Fraction): Side {
  if (side.kind === "matrix")
    return { kind: "matrix", matrix: sum([{ coefficient, term: side.matrix }]) };
  return scalar(graph.scale(coefficient, expressionOf(side)));
}

function widthsOf(text: string): number[] {
  return [...(standIn(parseModel(text))?.widths.values() ?? [])];
}

describe("the general model", () => {
  it("has names for the wide sizes", () => {
    expect(widthsOf(CLASSIFIER)).toEqual([300, 40]);
  });

  it("is not made for models of narrow layers", () => {
    expect(standIn(parseModel("x = param(16)\nL = sum(x.^2)"))).toBeUndefined();
  });

  it("keeps the sizes that a statement is true for alone, or uses as numbers", () => {
    expect(widthsOf("x = param(40)\nL = mean(x.^2)")).toEqual([]);
    expect(widthsOf("x = param(40)\nc = ones(40)\nL = sum(c .* x)")).toEqual([]);
    expect(widthsOf("x = param(40)\nW = param(30, 40)\nL = mean((W * x).^2)")).toEqual([40]);
    const joined =
      "a = param(20)\nb = param(30)\nW = param(25, 50)\nL = sum((W * concat(a, b)).^2)";
    expect(widthsOf(joined).includes(25)).toBe(true);
    expect(widthsOf(joined).includes(50)).toBe(false);
  });
});

describe("steps of wide models", () => {
  for (const form of ["index", "matrix", "jacobian"] as const) {
    it(`are checked at other widths, and say so: ${form}`, () => {
      const { steps } = setUp(CLASSIFIER, "W1", form);
      for (const { check } of steps) {
        expect(check.points).toBe(3);
        expect(check.notes).toEqual([
          expect.stringMatching(/^at narrower sizes: 300 as \d+, \d+, \d+; 40 as \d+, \d+, \d+$/),
        ]);
      }
    });
  }

  for (const form of ["index", "matrix"] as const) {
    it(`are refused where they are wrong by 10⁻⁷: ${form}`, () => {
      const { graph, steps, checker } = setUp(CLASSIFIER, "W1", form);
      const wrong = steps.flatMap((step) => slightlyOff(graph, claimOf(step)) ?? []);
      expect(wrong.length).toBeGreaterThan(5);
      for (const claim of wrong) expectRefused(checker, claim, "random point");
    });
  }

  it("are refused where rows and columns are mixed up", () => {
    const index = setUp(SQUARE, "A", "index");
    const step = index.steps.at(-1)!;
    const [i, j] = step.letters;
    const swapped = index.graph.substitute(
      expressionOf(step.right),
      new Map([
        [i!.key, Index.of(j!)],
        [j!.key, Index.of(i!)],
      ]),
    );
    const wrong: Claim = { ...claimOf(step), right: { kind: "scalar", expression: swapped } };
    expectRefused(index.checker, wrong, /∂L\/∂A\[\d+,\d+\]/);
    const matrix = setUp(SQUARE, "A", "matrix");
    const line = matrix.steps.findLast(({ right }) => right.kind === "matrix")!;
    const right = { kind: "matrix", matrix: transpose(matrixOf(line.right)) } as const;
    expectRefused(matrix.checker, { ...claimOf(line), right }, "∂L/∂A");
  });

  for (const text of [MEAN, STRETCHED]) {
    it(`are checked at the model's own sizes where they hold one: ${text.split("\n").at(-1)!}`, () => {
      const { graph, steps, checker } = setUp(text, "b", "matrix");
      const line = steps.findLast(
        ({ right }) => right.kind === "matrix" || right.kind === "scalar",
      )!;
      expect(line.check.notes).toBeUndefined();
      const wrong = { ...claimOf(line), right: times(graph, line.right, new Fraction(40, 41)) };
      expectRefused(checker, wrong, "∂L/∂b");
    });
  }

  it("are checked at the model's own sizes for entries far out", () => {
    const { graph, steps, checker } = setUp(CLASSIFIER, "W1[40,300]", "scalar");
    const claims = steps.map(claimOf);
    expect(steps.some(({ check }) => check.notes === undefined)).toBe(true);
    const wrong = claims.flatMap((claim) => slightlyOff(graph, claim) ?? []);
    for (const claim of wrong) expectRefused(checker, claim);
  });

  it("takes no entry of a narrow layer for one far out", () => {
    const batch = `N = size()
X = input(N, 20)
W = param(20, 30)
b = param(30)
A = sigmoid(X * W + b')
L = sum(A.^2) / N`;
    for (let unit = 1; unit <= 12; unit++) {
      const { steps } = setUp(batch, `W[2,${unit}]`, "paths");
      expect(steps.length).toBeGreaterThan(2);
    }
  });

  it("are checked at the user's point with all its numbers", () => {
    const model = parseModel(SQUARE);
    expect(model.loss.name).toBe("L");
    const ones = (n: number): number[] => Array.from({ length: n }, (_, k) => 0.01 * (k + 1));
    const at = { u: ones(40), v: ones(40), A: ones(40).map(() => ones(40)) };
    const { steps } = setUp(SQUARE, "A[39,40]", "index", at);
    expect(steps.at(-1)!.check.points).toBe(1);
    expect(steps.some(({ check }) => check.points === 4)).toBe(true);
  });
});
