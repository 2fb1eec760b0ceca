/** Numbers that were meant as gradients, and are steps, or quotients for which too much was moved. */
import { backprop, check, type Claims, compile, parseModel, type Point } from "chainrule";
import { describe, expect, it } from "vitest";

const TEXT = `
  x  = input(1, 4)
  t  = target(1, 3)
  W1 = param(4, 5)
  b1 = param(1, 5)
  W2 = param(5, 3)
  b2 = param(1, 3)
  h  = sigmoid(x * W1 + b1)
  y  = sigmoid(h * W2 + b2)
  L  = sum((y - t).^2)`;
const model = parseModel(TEXT);

let seed = 7;
const next = (): number => ((seed = (seed * 1103515245 + 12345) % 2 ** 31) / 2 ** 30 - 1) * 2;
const matrix = (rows: number, columns: number): number[][] =>
  Array.from({ length: rows }, () => Array.from({ length: columns }, next));
const point = {
  ...{ x: matrix(1, 4), t: matrix(1, 3) },
  ...{ W1: matrix(4, 5), b1: matrix(1, 5), W2: matrix(5, 3), b2: matrix(1, 3) },
} satisfies Point;
const right = backprop(model, point).gradients as Record<keyof typeof point, number[][]>;

const lossAt = ({ W1, W2 }: { W1: number[][]; W2: number[][] }): number => {
  const { x, t, b1, b2 } = point;
  const theta = [W1, b1, W2, b2].flat(2);
  return compile(model).bind({ x, t })(Float64Array.from(theta), new Float64Array(theta.length));
};

/** ∂L/∂W1[i,j] as somebody takes it who moves the entry of both matrices. */
function quotients(of: "W1" | "W2", h: number): number[][] {
  const moved = (i: number, j: number, by: number): number => {
    const move = (matrix: number[][]): number[][] =>
      matrix.map((row, k) => row.map((one, n) => (k === i && n === j ? one + by : one)));
    return lossAt({ W1: move(point.W1), W2: move(point.W2) });
  };
  return point[of].map((row, i) => row.map((_, j) => (moved(i, j, h) - moved(i, j, -h)) / (2 * h)));
}

function told(claims: Claims): Record<string, string> {
  const wrong = check(model, claims, { at: point }).checks.filter(({ ok }) => !ok);
  return Object.fromEntries(
    wrong.map(({ name, diagnosis: [first] }) => [name, `${first!.cause}: ${first!.text}`]),
  );
}

describe("quotients for which the entries of two matrices were moved", () => {
  it.each([1e-3, 1e-4, 1e-5])("are told as that, with the step %d", (h) => {
    const found = told({ W1: quotients("W1", h), W2: quotients("W2", h) });
    expect(Object.keys(found).sort()).toEqual(["W1", "W2"]);
    expect(found["W1"]).toContain("extra-term: dW1 is the right gradient plus dW2, at the entries");
    expect(found["W2"]).toContain("extra-term: dW2 is the right gradient plus dW1, at the entries");
  });

  it("are told as that where they are exact", () => {
    const sum = right.W1.map((row, i) => row.map((one, j) => one + (right.W2[i]?.[j] ?? 0)));
    expect(told({ W1: sum, W2: right.W2 })).toEqual({
      W1: "extra-term: dW1 is the right gradient plus dW2, at the entries that both have: a difference quotient that moves W1 and W2 at once has both; move one parameter at a time",
    });
  });

  it("are no quotients where the sum is farther away than these come", () => {
    const sum = right.W1.map((row, i) => row.map((one, j) => one + 1.01 * (right.W2[i]?.[j] ?? 0)));
    expect(told({ W1: sum, W2: right.W2 })["W1"]).not.toContain("moves W1");
  });
});

describe("an update step of which one matrix goes the wrong way", () => {
  const times = (factor: number, matrix: number[][]): number[][] =>
    matrix.map((row) => row.map((one) => factor * one));

  it("is told of the one that goes uphill", () => {
    expect(told({ W1: times(0.1, right.W1), W2: times(-0.1, right.W2) })).toEqual({
      W1: "constant-factor: dW1 is 0.1 times the right gradient: an update step with its sign turned round, which goes uphill (dW2 is -0.1 times the right one)",
      W2: "constant-factor: dW2 is -0.1 times the right gradient: an update step, -rate * gradient, was given for the gradient",
    });
  });

  it("is a factor where no other claim is a step of that rate", () => {
    const uphill = { W1: times(0.1, right.W1) };
    for (const other of [{}, { W2: right.W2 }, { W2: times(-0.2, right.W2) }]) {
      expect(told({ ...uphill, ...other })["W1"]).toBe(
        "constant-factor: dW1 is 0.1 times the right gradient: multiply by 10",
      );
    }
  });
});
