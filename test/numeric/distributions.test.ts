/** Labels of a cross-entropy: functions and programs are asked where these sum to 1. */
import { describe, expect, it } from "vitest";
import { check } from "../../src/check/check.js";
import { withDistributions } from "../../src/numeric/distributions.js";
import { askedPoints } from "../../src/check/power/points.js";
import { parseModel } from "../../src/language/model.js";
import type { Point } from "../../src/language/point.js";

const classifier = (loss: string): ReturnType<typeof parseModel> =>
  parseModel(`N = size()
X = input(2, N)
Y = target(3, N)
W = param(3, 2)
Z = W * X
${loss}`);

const WRITINGS = [
  "P = softmax(Z, 1)\nL = -sum(Y .* log(P)) / N",
  "L = -1/N * sum(Y .* logsoftmax(Z, 1))",
  "E = exp(Z)\nP = E ./ sum(E, 1)'\nL = -sum(Y .* log(P))",
];

/** (softmax(Z) − Y) Xᵀ, the way it is learnt by heart. */
function byHeart(point: Point, { divides }: { divides: boolean }): { W: number[][] } {
  const { X, Y, W } = point as Record<string, number[][]>;
  const count = X![0]!.length;
  const gradient = [0, 1, 2].map(() => [0, 0]);
  for (let n = 0; n < count; n++) {
    const powers = W!.map((row) => Math.exp(row[0]! * X![0]![n]! + row[1]! * X![1]![n]!));
    const total = powers.reduce((sum, one) => sum + one, 0);
    for (const [i, power] of powers.entries()) {
      const slope = (power / total - Y![i]![n]!) / (divides ? count : 1);
      for (const j of [0, 1]) gradient[i]![j]! += slope * X![j]![n]!;
    }
  }
  return { W: gradient };
}

describe("labels of a cross-entropy", () => {
  it.each(WRITINGS)("sum to 1 at the points that are asked: %s", (loss) => {
    const model = classifier(loss);
    const points = askedPoints(model, 1);
    for (const point of points) {
      const { Y } = point as Record<string, number[][]>;
      const sums = Y![0]!.map((_, n) => Y!.reduce((sum, row) => sum + row[n]!, 0));
      for (const sum of sums) expect(sum).toBeCloseTo(1, 12);
    }
    const divides = loss.includes("N");
    expect(check(model, (point) => byHeart(point, { divides })).ok).toBe(true);
    const { ok, checks } = check(model, (point) => byHeart(point, { divides: !divides }));
    expect(ok).toBe(false);
    expect(checks[0]!.diagnosis[0]).toMatchObject({ cause: "constant-factor" });
  });

  it.each([
    "P = softmax(Z, 1)\nL = -0.7 * sum(Y .* log(P)) / N",
    "P = softmax(Z / 2, 1)\nl = -sum(Y .* log(P), 1)\nL = 3 * mean(l) + sum(W.^2)",
    "P = softmax(Z, 1)\nS = 0.9 * Y + 0.1 / 3\nL = -sum(S .* log(P)) / N",
    "P = softmax(Z, 1)\nS = target(3, N)\nL = -sum((0.3 * Y + 0.7 * S) .* log(P))",
    "P = softmax(Z, 1)\nL = 4 * sum(Y .* (log(Y) - log(P))) / N",
    "k = input()\nP = softmax(Z, 1)\nL = -k^2 * sum(Y .* log(P))",
    "k = input(N)\nP = softmax(Z, 1)\nL = -mean(k .* sum(Y .* log(P), 1))",
    "k = input(N)\nL = sum(sum(Y .* logsoftmax(Z, 1), 1) ./ k) + 0.1 * sum(W.^2)",
  ])("sum to 1 however the cross-entropy is scaled, smoothed and mixed: %s", (loss) => {
    const model = classifier(loss);
    const like = withDistributions(model, 1)!;
    for (const target of model.targets) {
      const Y = like.entries.get(target)!;
      const count = Y.length / 3;
      for (let n = 0; n < count; n++) {
        expect(Y[n]! + Y[count + n]! + Y[2 * count + n]!).toBeCloseTo(1, 12);
      }
    }
  });

  it("of one example sum to 1 where two points have the same scale", () => {
    const single = (loss: string): ReturnType<typeof parseModel> =>
      parseModel(`x = input(2)\ny = target(3)\nW = param(3, 2)\nz = W * x\n${loss}`);
    const labels = (model: ReturnType<typeof parseModel>) =>
      withDistributions(model, 1)?.entries.get(model.targets[0]!);
    expect(labels(single("L = -2.5 * dot(y, log(softmax(z)))"))).toEqual(
      new Float64Array([1, 2, 3].map((k) => k / 6)),
    );
    expect(labels(single("L = -dot(y, log(sigmoid(z)))"))).toBeUndefined();
  });

  it.each([
    "L = sum((Z - Y).^2)",
    "L = -sum(Y .* log(sigmoid(Z)))",
    "k = input(N)\nL = -sum(k .* sum(Y .* log(sigmoid(Z)), 1))",
    "k = input(N)\nL = sum(k .* sum(Y .* exp(Z), 1))",
    // alike for all lines where all labels are alike
    "L = sum(sum(Y .* sum(W, 2), 1).^2) / 2 + sum(Z)",
    // no probabilities that parameters change: any line of one sign would do
    "k = input(3, N)\nL = sum(Y .* exp(k)) + sum(Z)",
    // weights that parameters change have no scale of their own
    "P = softmax(Z, 1)\nL = -sum(exp(Z[1, :]) .* sum(Y .* log(P), 1))",
  ])("are ordinary numbers elsewhere: %s", (loss) => {
    expect(withDistributions(classifier(loss), 1)).toBeUndefined();
  });
});
