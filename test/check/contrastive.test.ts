/** Losses over all pairs of a batch, whose matrix is square: its axes, and its diagonal. */
import { backprop, check, compile, type Diagnosis, parseModel, randomPoint } from "chainrule";
import { describe, expect, it } from "vitest";
import { each, type Matrix, minus, mm, T } from "./corpus/matrices.js";

const withLoss = (loss: string) =>
  parseModel(`
    N = size()
    X = input(N, 5)
    Q = input(N, 4)
    W = param(5, 3)
    K = param(4, 3)
    S = X * W * (Q * K)'
    L = ${loss}`);
const [rows, columns] = ["sum(diag(logsoftmax(S, 2)))", "sum(diag(logsoftmax(S, 1)))"];
const model = withLoss(`-(${rows} + ${columns}) / (2 * N)`);
const at = randomPoint(model, { seed: 3, sizes: { N: 6 } });

describe("a symmetric contrastive loss", () => {
  it("has both softmaxes along one axis", () => {
    const { gradients } = backprop(withLoss(`-(${rows} + ${rows}) / (2 * N)`), at);
    const { checks } = check(model, { W: gradients.W!, K: gradients.K! }, { at });
    for (const { diagnosis } of checks) {
      const [first, ...others] = diagnosis as [Diagnosis, ...Diagnosis[]];
      expect(first.text).toContain("logsumexp(S, 2) in place of logsumexp(S, 1)");
      expect(others).toEqual([]);
    }
  });

  it("lacks the identity of one of them, which is no number", () => {
    const { S } = compile(model).evaluate(at).values as { S: Matrix };
    const softmax = (A: Matrix): Matrix =>
      A.map((row) => {
        const total = row.reduce((sum, one) => sum + Math.exp(one), 0);
        return row.map((one) => Math.exp(one) / total);
      });
    const both = softmax(S).map((row, i) => row.map((one, j) => one + softmax(T(S))[j]![i]!));
    const identity = S.map((row, i) => row.map((_, j) => (i === j ? 1 : 0)));
    const dS = each(minus(both, identity), (one) => one / 12);
    const [X, Q, W, K] = [at.X, at.Q, at.W, at.K] as [Matrix, Matrix, Matrix, Matrix];
    const claims = { W: mm(T(X), mm(dS, mm(Q, K))), K: mm(T(Q), mm(T(dS), mm(X, W))) };
    const { checks } = check(model, claims, { at });
    expect(checks[0]!.diagnosis.map(({ cause }) => cause)).toEqual(["missing-term"]);
    expect(checks[0]!.diagnosis[0]!.text).toContain("add -(identity(N) / 2 / N)");
  });
});
