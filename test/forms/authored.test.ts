import { describe, expect, it } from "vitest";
import { forwardPass } from "../../src/derivation/forward.js";
import { Workbench } from "../../src/derivation/workbench.js";
import { parseModel } from "../../src/language/model.js";
import { Notation } from "../../src/render/notation/notation.js";
import { WritingOrder } from "../../src/render/notation/order.js";
import { MatrixPrinter } from "../../src/render/formula/matrix.js";

const GIVEN = `
  N = size()
  A = input(3, N)
  B = input(3, N)
  C = param(3, 3)
  U = param(3, 2)
  u = input(3)
  v = input(N)
  s = input()
`;

/** The line between matrices of y = `statement`; every line is checked before it is given. */
function lineOf(statement: string): string {
  const model = parseModel(`${GIVEN}\n  y = ${statement}\n  L = sum(y.^2)`);
  const y = model.scope.get("y")!.quantity!;
  const { steps } = forwardPass(new Workbench(model, undefined));
  const [right] = steps.flatMap(({ left, right: one }) =>
    left.kind === "matrix" && left.matrix.kind === "quantity" && left.matrix.quantity === y
      ? [one]
      : [],
  );
  if (right?.kind !== "matrix") throw new Error("no line between matrices");
  return new MatrixPrinter(new Notation(), new WritingOrder(model).of(y)).print(right.matrix);
}

describe("a statement between matrices", () => {
  it.each([
    [
      "U' * (diag(u) - C) * U",
      "U^{\\top} \\left(\\operatorname{diag}\\left(u\\right) - C\\right) U",
    ],
    ["(C * A - B)'", "\\left(C A - B\\right)^{\\top}"],
    ["A' * C' - B'", "A^{\\top} C^{\\top} - B^{\\top}"],
    [
      "v * u' - ones(N) * exp(u)' + s * ones(N, 3)",
      "v u^{\\top} - \\mathbf{1} \\exp\\left(u\\right)^{\\top} + s \\mathbf{1} \\mathbf{1}^{\\top}",
    ],
    ["tanh(C * A + u)", "\\tanh\\left(C A + u \\mathbf{1}^{\\top}\\right)"],
    ["A' * C + u'", "A^{\\top} C + \\mathbf{1} u^{\\top}"],
    ["(C + C') * A .* B", "\\left(\\left(C + C^{\\top}\\right) A\\right) \\odot B"],
    ["-(C * A) / 2", "-\\frac{1}{2} C A"],
    ["C * C - identity(3)", "C C - I_{3}"],
  ])("%s is as its author wrote it", (statement, line) => {
    expect(lineOf(statement)).toBe(line);
  });

  it.each(["A .* u", "A[1:2, :]", "A.^2", "softmax(A, 1)", "C .^ 2 * A"])(
    "%s, which is not made of these alone, is found among its sums",
    (statement) => {
      expect(lineOf(statement)).not.toBe("");
    },
  );
});
