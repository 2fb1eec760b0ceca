import {
  type Claims,
  check,
  checkAsync,
  checkFormulas,
  compile,
  type Model,
  parseModel,
  type Point,
} from "chainrule";
import { describe, expect, it } from "vitest";

/** Cross-entropy where each example has the weight of its class: labels stand in the weights too. */
const WEIGHTED = parseModel(`
  N = size()
  X = input(N, 3)
  Y = target(N, 4)
  c = input(4)
  W = param(3, 4)
  b = param(4)
  P = softmax(X * W + b', 2)
  k = Y * c
  L = -sum(k .* sum(Y .* log(P), 2)) / sum(k)`);

const LABELS = "right where each row of Y sums to 1, as one-hot labels do";

type Rows = number[][];

/** k (P − Y) / Σ k, as people write it for one-hot labels. */
function written(at: Point, factor = 1): Claims {
  const { values } = compile(WEIGHTED).evaluate(at);
  const [P, Y, X, k] = [values.P, at.Y, at.X, values.k] as unknown as [Rows, Rows, Rows, number[]];
  const total = k.reduce((sum, one) => sum + one, 0);
  const dZ = P.map((row, n) => row.map((p, j) => (k[n]! * (p - Y[n]![j]!)) / total));
  const dW = X[0]!.map((_, i) =>
    dZ[0]!.map((__, j) => dZ.reduce((sum, row, n) => sum + X[n]![i]! * row[j]!, 0)),
  );
  const db = dZ[0]!.map((_, j) => dZ.reduce((sum, row) => sum + row[j]!, 0));
  return { dW: dW.map((row) => row.map((one) => factor * one)), db };
}

describe("labels that a function counts on", () => {
  it("make it right, with a note", async () => {
    const { ok, notes } = check(WEIGHTED, (at) => written(at));
    expect([ok, notes.join()]).toEqual([true, expect.stringContaining(`W, b are ${LABELS}`)]);
    const later = await checkAsync(WEIGHTED, (at) => Promise.resolve(written(at)));
    expect([later.ok, later.notes]).toEqual([true, notes]);
  });

  it("leave other mistakes wrong", () => {
    const { ok, checks, notes } = check(WEIGHTED, (at) => written(at, 2));
    expect([ok, checks.map((one) => one.ok)]).toEqual([false, [false, true]]);
    expect(checks[0]!.diagnosis[0]).toMatchObject({ cause: "constant-factor", factor: 2 });
    expect(notes.join()).toContain(`b is ${LABELS}`);
  });

  it("let a mistake be told that arbitrary ones do not show", () => {
    const columns = parseModel(`
      N = size()
      Z = param(N, 3)
      Y = target(N, 3)
      c = input(3)
      P = softmax(Z, 2)
      L = -sum(Y .* log(P) .* c') / N`);
    const { firstWrong, notes } = checkFormulas(columns, "dZ = (P - Y) .* c' / N");
    expect(firstWrong!.diagnosis.map(({ text }) => text)).toEqual([
      "dZ is computed with c at the entry's own place where the sum of Y .* c has it at each place: multiply by c first, then add up",
    ]);
    // nobody's labels sum to 1 over examples
    expect(notes.join()).not.toContain("column");
  });

  it("decide where arbitrary ones never show a mistake", () => {
    const chosen = parseModel(`
      x = input(3)
      Y = target(4)
      W = param(4, 3)
      p = softmax(W * x)
      L = -sum((Y == 1) .* log(p))`);
    const right = "s = p - Y\ndW = s * x'";
    expect(checkFormulas(chosen, right).ok).toBe(true);
    expect(checkFormulas(chosen, "dp = -(Y == 1) ./ p").ok).toBe(true);
    expect(checkFormulas(chosen, "dp = (Y == 1) .* (p + 7)").ok).toBe(false);
    const asked = (factor: number) => (at: Point) => {
      const { values } = compile(chosen).evaluate(at);
      const p = values.p as number[];
      return { p: p.map((one, k) => ((at.Y as number[])[k] === 1 ? -factor / one : 0)) };
    };
    expect(check(chosen, asked(1)).ok).toBe(true);
    expect(check(chosen, asked(2)).ok).toBe(false);
  });

  it("are left out where the loss has no value for them", () => {
    const divergence = parseModel(`
      N = size()
      X = input(N, 3)
      Y = target(N, 4)
      W = param(3, 4)
      Z = X * W
      P = softmax(Z, 2)
      L = sum(Y .* (log(Y) - log(P))) / N`);
    const { ok, firstWrong } = checkFormulas(divergence, "dZ = 2 * (P - Y)\ndW = X' * dZ");
    expect([ok, firstWrong?.line]).toEqual([false, 1]);
    expect(checkFormulas(divergence, "dZ = (P - Y) / N\ndW = X' * dZ").ok).toBe(true);
  });

  it("that no data decide make masks of padding right", () => {
    const padded = parseModel(`
      X = input(5, 3)
      Y = target(5, 4)
      W = param(3, 4)
      S = X * W
      P = softmax(S, 2)
      m = sum(Y, 2) > 0
      L = -sum(m .* sum(Y .* log(P), 2)) / 5`);
    expect(checkFormulas(padded, "dS = m .* (P - Y) / 5\ndW = X' * dS").ok).toBe(true);
  });

  it("make nothing right that fails where they have no effect", () => {
    // the mask of the hinge is left out: with labels 0 and 1 it fails where an example of label 0 is far away
    const pairs = parseModel(`
      N = size()
      A = input(N, 3)
      s = target(N)
      W = param(3, 2)
      U = tanh(A * W)
      d = sqrt(sum(U.^2, 2) + 0.01)
      h = maximum(0, 1 - d)
      L = sum(s .* d.^2 + (1 - s) .* h.^2) / 2`);
    const gradient = (isMasked: boolean) => (at: Point) => {
      const { values } = compile(pairs).evaluate(at);
      const [d, s] = [values.d, at.s] as unknown as [number[], number[]];
      return {
        dd: d.map((one, n) => {
          const open = isMasked ? Math.max(0, 1 - one) : 1 - one;
          return s[n]! * one - (1 - s[n]!) * open;
        }),
      };
    };
    for (let seed = 1; seed <= 6; seed++) {
      expect(check(pairs, gradient(true), { seed }).ok).toBe(true);
      expect(check(pairs, gradient(false), { seed }).ok).toBe(false);
    }
  });
});

describe("labels with weights of their own", () => {
  /** A policy's loss: the actions that were taken are labels, of whatever role. */
  const policy = (role: string, log = "log(softmax(Z, 2))"): Model =>
    parseModel(`
      N = size()
      X = input(N, 4)
      A = ${role}(N, 3)
      adv = input(N)
      W = param(4, 3)
      Z = X * W
      l = ${log}
      L = -mean(adv .* sum(A .* l, 2))`);
  type Slip = (p: number, a: number, weight: number, count: number) => number;
  /** ∂L/∂Z as people write it for one-hot actions. */
  const written =
    (model: Model, entry: Slip = (p, a, weight, count) => (weight * (p - a)) / count) =>
    (at: Point): Claims => {
      const { values } = compile(model).evaluate(at);
      const [l, A, adv] = [values.l, at.A, at.adv] as unknown as [Rows, Rows, number[]];
      const Z = l.map((row, n) =>
        row.map((one, j) => entry(Math.exp(one), A[n]![j]!, adv[n]!, l.length)),
      );
      return { Z };
    };
  const CONDITION = "each row of A sums to 1, as one-hot labels do";

  it.each([
    ["target", "log(softmax(Z, 2))", []],
    [
      "input",
      "log(softmax(Z, 2))",
      [`labels are taken to be usual ones: ${CONDITION}; give a point, and its data decide`],
    ],
    [
      "input",
      "logsoftmax(Z, 2)",
      [`labels are taken to be usual ones: ${CONDITION}; give a point, and its data decide`],
    ],
  ])("suit who counts on them: %s, %s", (role, log, notes) => {
    const model = policy(role, log);
    expect(check(model, written(model))).toMatchObject({ ok: true, notes });
  });

  it.each(["target", "input"])("let slips be named: %s", (role) => {
    const model = policy(role);
    const causeOf = (entry: Slip): string | undefined => {
      const { ok, checks } = check(model, written(model, entry));
      expect(ok).toBe(false);
      return checks[0]!.diagnosis[0]?.cause;
    };
    expect(causeOf((p, a, weight, count) => (weight * (a - p)) / count)).toBe("sign");
    expect(causeOf((p, a, weight) => weight * (p - a))).toBe("constant-factor");
    expect(causeOf((p, a, _, count) => (p - a) / count)).toBe("missing-factor");
  });

  it("are tried in formulas, inputs after targets", () => {
    for (const role of ["target", "input"]) {
      const { ok, notes } = checkFormulas(policy(role), "dZ = adv .* (softmax(Z, 2) - A) / N");
      expect([ok, notes.join()]).toEqual([
        true,
        expect.stringContaining(`right where ${CONDITION}`),
      ]);
      const slip = checkFormulas(policy(role), "dZ = adv .* (A - softmax(Z, 2)) / N");
      expect([slip.ok, slip.firstWrong?.diagnosis[0]?.cause]).toEqual([false, "sign"]);
    }
  });

  it("make nothing right of inputs that are no labels", () => {
    const plain = parseModel(`
      N = size()
      X = input(N, 3)
      W = param(N, 3)
      L = sum(X.^2 .* exp(W))`);
    expect(checkFormulas(plain, "dW = X.^2 .* exp(W)").ok).toBe(true);
    // it would be right for one-hot X
    expect(checkFormulas(plain, "dW = X .* exp(W)").ok).toBe(false);
  });
});
