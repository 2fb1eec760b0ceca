/** The names in sentences: those that the model gives, and what stands for the parts that have none. */
import { check, checkFormulas, parseModel, randomPoint, compile } from "chainrule";
import { describe, expect, it } from "vitest";
import { partProbes } from "../../src/check/mutants/lines/parts.js";
import type { Matrix } from "./corpus/matrices.js";
import { Backward } from "../../src/check/pass/backward.js";

describe("a part of what defines a quantity", () => {
  const model = parseModel(`
    X = input(4, 5)
    T = target(4, 5)
    W = param(5, 5)
    g = param(5)
    R = X * W
    mu = mean(R, 2)
    var = mean((R - mu).^2, 2)
    Xh = (R - mu) ./ sqrt(var + 1e-5)
    Y = Xh .* g'
    L = mean((Y - T).^2)`);

  it("in the quantity's place is told as that", () => {
    const { firstWrong } = checkFormulas(
      model,
      `dY = 1/10 * (Y - T)
       dg = sum((R - mu) .* dY, 1)`,
    );
    expect(firstWrong!.diagnosis).toMatchObject([
      {
        cause: "wrong-variable",
        used: "R - mu",
        instead: "Xh",
        text: "dg uses R - mu where Xh belongs",
      },
    ]);
    expect(firstWrong!.repair).toBe("dg = sum(Xh .* dY, 1)");
  });
});

describe("a number and a vector", () => {
  const model = parseModel(`
    mu = param(3)
    lv = param(3)
    e = input(3)
    x = target(3)
    W = param(3, 3)
    z = mu + exp(lv/2) .* e
    r = W*z
    R = sum((r - x).^2)/2
    K = -1/2*sum(1 + lv - mu.^2 - exp(lv))
    L = R + K`);
  const RIGHT = {
    dr: "r - x",
    dz: "W' * dr",
    dmu: "mu + dz",
    dlv: "(exp(lv) + dz .* e .* exp(lv / 2) - 1) / 2",
  };

  it.each([
    [{ dlv: "(exp(lv) + dz .* K .* exp(lv / 2) - 1) / 2" }, "dlv uses K where e belongs"],
    [{ dlv: "(exp(lv) + R .* e .* exp(lv / 2) - 1) / 2" }, "dlv uses R where dz belongs"],
    [{ dmu: "K + dz" }, "dmu uses K where mu belongs"],
  ])("may be taken for each other where shapes tell nothing: %j", (slip, text) => {
    const lines = Object.entries({ ...RIGHT, ...slip }).map(([name, by]) => `${name} = ${by}`);
    const { firstWrong } = checkFormulas(model, lines.join("\n"));
    expect(firstWrong!.name).toBe(Object.keys(slip)[0]);
    expect(firstWrong!.diagnosis[0]).toMatchObject({ cause: "wrong-variable", text });
  });
});

describe("a part of a statement that has no name", () => {
  const model = parseModel(`
    X = input(5, 3)
    T = target(5, 2)
    U = param(3, 2)
    G = softmax(X * U, 2)
    L = sum((G - T).^2)`);

  it("is said to be what it is", () => {
    const at = randomPoint(model, { seed: 4 });
    const { values } = compile(model).evaluate(at);
    const [X, T, G] = [at.X, at.T, values.G] as number[][][];
    // the derivative by the softmax, taken for that by what it is a softmax of
    const dG = G!.map((row, n) => row.map((entry, k) => 2 * (entry - T![n]![k]!)));
    const U = [0, 1, 2].map((i) =>
      [0, 1].map((k) => X!.reduce((total, row, n) => total + row[i]! * dG[n]![k]!, 0)),
    );
    const [first] = check(model, { U }, { at }).checks[0]!.diagnosis;
    const { text } = first!;
    expect(text).toContain("dG");
    expect(text).toMatch(/u_1.*, where u_1 is X \* U$/);
  });
});

describe("a factor of one path", () => {
  it("is not told of a term", () => {
    const model = parseModel(`
      r = param(4)
      a = input(4)
      s = sin(r .* a)
      u = cos(r)
      L = sum(s .* u)`);
    const backward = Backward.of(model);
    const half = { value: 0.5, name: 0.5, cost: 1, isStep: false };
    const sentences = backward
      .into(model.params[0]!)
      .flatMap((edge) => [...partProbes(backward, edge)])
      .map((probe) => probe.faults(half)[0]?.say("dr"));
    expect(sentences).toContain(
      "dr is computed with 0.5 times the path through s: multiply by 2, in that path only",
    );
  });
});

describe("the scores of attention, which have no name", () => {
  const model = parseModel(`
    X = input(5, 4)
    T = target(5, 3)
    Q = param(4, 3)
    K = param(4, 3)
    V = param(4, 3)
    A = softmax((X * Q) * (X * K)' / sqrt(3), 2)
    L = sum((A * X * V - T).^2)`);
  const at = randomPoint(model, { seed: 3 });
  const mm = (a: Matrix, b: Matrix): Matrix =>
    a.map((row) => b[0]!.map((_, k) => row.reduce((sum, v, j) => sum + v * b[j]![k]!, 0)));
  const T = (a: Matrix): Matrix => a[0]!.map((_, k) => a.map((row) => row[k]!));
  const [X, Q, K, V, targets] = [at["X"], at["Q"], at["K"], at["V"], at["T"]] as Matrix[];
  const A = compile(model).evaluate(at).values["A"] as Matrix;
  const dY = mm(A, mm(X!, V!)).map((row, n) => row.map((y, k) => 2 * (y - targets![n]![k]!)));
  const dA = mm(dY, T(mm(X!, V!)));
  const dS = dA.map((row, n) => {
    const mean = row.reduce((sum, v, k) => sum + v * A[n]![k]!, 0);
    return row.map((v, k) => (A[n]![k]! * (v - mean)) / Math.sqrt(3));
  });
  // dS for its transpose
  const wrong = mm(T(X!), mm(dS, mm(X!, Q!)));
  const { diagnosis } = check(model, { K: wrong }, { at }).checks[0]!;

  it("are said to be a matrix that they are the numbers of", () => {
    const [, meaning] = /where u_1 is (.*)$/.exec(diagnosis[0]!.text)!;
    const text = `
      X = input(5, 4)
      Q = param(4, 3)
      K = param(4, 3)
      S = ${meaning!}
      A = softmax(S, 2)
      L = sum(A.^2)`;
    const { values } = compile(parseModel(text)).evaluate({ X: X!, Q: Q!, K: K! });
    (values["A"] as Matrix).forEach((row, n) =>
      row.forEach((v, k) => expect(v).toBeCloseTo(A[n]![k]!, 12)),
    );
  });

  it("are transposed in one place, which is one mistake", () => {
    expect(diagnosis.map(({ cause }) => cause)).toEqual(["transposed"]);
    expect(diagnosis[0]!.text).toMatch(/du_1 the wrong way round: transpose it, as in X' \* du_1'/);
  });
});
