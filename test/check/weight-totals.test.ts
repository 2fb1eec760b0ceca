/** Losses that are divided by the total of weights, which is data. */
import { backprop, check, checkFormulas, type Diagnosis, parseModel, randomPoint } from "chainrule";
import { describe, expect, it } from "vitest";

const kinds = (all: readonly Diagnosis[]): string[] => all.map(({ cause }) => cause);

describe("a loss that is divided by the total of weights", () => {
  const weighted = "-sum(s .* (y .* log(p) + (1 - y) .* log(1 - p))) / sum(s)";
  const ridge = "0.05 * dot(w, w)";
  const withLoss = (loss: string) =>
    parseModel(`
      N = size()
      X = input(N, 3)
      y = target(N)
      c = input()
      w = param(3)
      b = param()
      z = X * w + b
      p = sigmoid(z)
      s = c * y + 1 - y
      L = ${loss}`);
  const model = withLoss(`${weighted} + ${ridge}`);
  const at = { ...randomPoint(model, { seed: 4, sizes: { N: 6 } }), y: [0, 1, 1, 0, 1, 0], c: 2.4 };
  /** What is said of the gradients of another loss. */
  const told = (loss: string) => {
    const { gradients } = backprop(withLoss(loss), at);
    return check(model, { w: gradients.w!, b: gradients.b! }, { at }).checks;
  };

  it.each(["N", "sum(y)"])("is no quotient by what is derived by: %s for sum(s)", (count) => {
    const checks = told(`${weighted.replace("sum(s)", count)} + ${ridge}`);
    const texts = checks.flatMap(({ diagnosis }) => diagnosis.map(({ text }) => text));
    expect(texts.join()).not.toContain("quotient rule");
  });

  it("has the count in its place, for all that is computed from it", () => {
    for (const { diagnosis } of told(`${weighted.replace("sum(s)", "N")} + ${ridge}`)) {
      const [first, ...others] = diagnosis;
      expect([first!.cause, first!.used, first!.instead]).toEqual([
        "wrong-variable",
        "N",
        "sum(s)",
      ]);
      expect(others).toEqual([]);
    }
  });

  it("has the count in its place, and no penalty", () => {
    const [w, b] = told(weighted.replace("sum(s)", "N"));
    expect(kinds(w!.diagnosis)).toEqual(["wrong-variable", "missing-term"]);
    expect(kinds(b!.diagnosis)).toEqual(["wrong-variable"]);
  });

  it("lacks the weights, not the inverse of a logarithm's slope", () => {
    for (const { diagnosis } of told(`${weighted.replace("s .*", "1 *")} + ${ridge}`)) {
      expect(kinds(diagnosis)).toEqual(["missing-factor"]);
      expect(diagnosis[0]!.factor).toBe("s");
    }
  });
});

it("that is left out with the weights belongs to no other loss than a cross-entropy", () => {
  const model = parseModel(`
    N = size()
    X = input(N, 3)
    Y = target(N, 4)
    c = input(4)
    W = param(3, 4)
    Z = X * W
    P = softmax(Z, 2)
    s = Y * c
    L = -sum(s .* sum(Y .* log(P), 2)) / sum(s)`);
  const { firstWrong } = checkFormulas(model, "dZ = (P - Y) / N\ndW = X' * dZ");
  expect(firstWrong!.diagnosis[0]!.text).toContain(
    "as belongs to a cross-entropy without the weights s ./ sum(s)",
  );
});
