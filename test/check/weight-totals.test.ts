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
  /** What is said of the gradients of another loss, printed with so many digits, and with a factor. */
  const told = (loss: string, { digits = 17, times = 1 } = {}) => {
    const { w, b } = backprop(withLoss(loss), at).gradients;
    const printed = (one: number): number => Number((times * one).toPrecision(digits));
    const claims = { w: (w as number[]).map(printed), b: printed(b as number) };
    return check(model, claims, { at }).checks;
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

  it.each([17, 4])("is left out: %d digits", (digits) => {
    for (const { diagnosis } of told(`${weighted.replace(" / sum(s)", "")} + ${ridge}`, {
      digits,
    })) {
      const all = diagnosis.map(({ cause, factor }) => [cause, factor]);
      expect(all).toEqual([["missing-factor", "1/sum(s)"]]);
    }
  });

  it("has the count in its place, and a wrong sign beside that", () => {
    const options = { digits: 4, times: -1 };
    for (const { diagnosis } of told(`${weighted.replace("sum(s)", "N")} + ${ridge}`, options)) {
      expect(diagnosis.map(({ cause, used }) => [cause, used])).toEqual([
        ["wrong-variable", "N"],
        ["sign", undefined],
      ]);
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

const CLASSES = parseModel(`
  N = size()
  X = input(N, 3)
  Y = target(N, 4)
  c = input(4)
  W = param(3, 4)
  b = param(4)
  Z = X * W + b'
  P = softmax(Z, 2)
  s = Y * c
  L = -sum(s .* sum(Y .* log(P), 2)) / sum(s)`);

it("that is left out with the weights belongs to no other loss than a cross-entropy", () => {
  const { firstWrong } = checkFormulas(CLASSES, "dZ = (P - Y) / N\ndW = X' * dZ");
  expect(firstWrong!.diagnosis[0]!.text).toContain(
    "as belongs to a cross-entropy without the weights s ./ sum(s)",
  );
});

describe("weights of the classes for those of the examples", () => {
  const columns = "dZ = (P - Y) .* c' / sum(s)";

  it("in a line", () => {
    const { firstWrong } = checkFormulas(CLASSES, `${columns}\ndW = X' * dZ\ndb = sum(dZ, 1)`);
    expect(firstWrong!.diagnosis.map(({ text }) => text)).toEqual(["dZ uses c' where s belongs"]);
    expect(firstWrong!.repair).toBe("dZ = (P - Y) .* s / sum(s)");
  });

  it.each([16, 4])("in numbers with %d digits", (digits) => {
    const Y = [0, 2, 1, 3, 2].map((label) => [0, 1, 2, 3].map((k) => Number(k === label)));
    const { X, W, b } = randomPoint(CLASSES, { seed: 3, sizes: { N: 5 } }) as {
      X: number[][];
      W: number[][];
      b: number[];
    };
    const c = [0.5, 1.7, 2.3, 0.9];
    const total = Y.flat().reduce((sum, one, k) => sum + one * c[k % 4]!, 0);
    const dZ = X.map((x, n) => {
      const exps = b.map((own, k) => Math.exp(x.reduce((z, one, j) => z + one * W[j]![k]!, own)));
      const norm = exps.reduce((sum, one) => sum + one, 0);
      return exps.map((one, k) => ((one / norm - Y[n]![k]!) * c[k]!) / total);
    });
    const printed = (one: number): number => Number(one.toPrecision(digits));
    const dW = W.map((row, j) =>
      row.map((_, k) => printed(dZ.reduce((sum, own, n) => sum + X[n]![j]! * own[k]!, 0))),
    );
    const db = b.map((_, k) => printed(dZ.reduce((sum, own) => sum + own[k]!, 0)));
    const { checks } = check(CLASSES, { W: dW, b: db }, { at: { X, Y, W, b, c } });
    for (const { diagnosis } of checks) {
      expect(diagnosis.map(({ cause, used, instead }) => [cause, used, instead])).toEqual([
        ["wrong-variable", "c'", "s"],
      ]);
    }
  });
});
