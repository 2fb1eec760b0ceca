/** What is said of a wrong gradient is true of it: nothing is told that could not be the mistake. */
import {
  backprop,
  check,
  checkFormulas,
  compile,
  type Diagnosis,
  parseModel,
  randomPoint,
} from "chainrule";
import { describe, expect, it } from "vitest";
import { doubledTerms } from "../../src/check/mutants/forward/doubled-terms.js";
import { mistakenNorms } from "../../src/check/mutants/forward/norms.js";
import { penaltyValues } from "../../src/check/mutants/adjoints/penalties.js";
import { otherParameters } from "../../src/check/mutants/forward/throughout.js";
import { overwrittenWindows } from "../../src/check/mutants/adjoints/windows.js";
import { Backward } from "../../src/check/pass/backward.js";
import { Bench } from "../../src/check/pass/bench.js";
import { readPoint } from "../../src/language/point.js";

const kinds = (all: readonly Diagnosis[]): string[] => all.map(({ cause }) => cause);

describe("exp'(u) left out beside 1", () => {
  /** What is said of an entry's derivative for z = w·x, computed by a formula of its own. */
  const given = (loss: string, claim: (z: number, x: number) => number): readonly Diagnosis[] => {
    const model = parseModel(`
      x = input(5)
      w = param(5)
      z = w .* x
      L = ${loss}`);
    const at = randomPoint(model, { seed: 7 });
    const [w, x] = [at.w as number[], at.x as number[]];
    const values = w.map((one, k) => claim(one * x[k]!, x[k]!));
    return check(model, { w: values }, { at }).checks[0]!.diagnosis;
  };

  it.each([
    ["sum(1 ./ (1 + exp(-z)))", (z: number, x: number) => x / (1 + Math.exp(-z)) ** 2],
    ["sum((1 + exp(z)).^2)", (z: number, x: number) => 2 * x * (1 + Math.exp(z))],
    ["sum(x .* (1 + exp(z)))", (_: number, x: number) => x * x],
    ["sum(1 ./ (1 - 5*exp(z)))", (z: number, x: number) => (5 * x) / (1 - 5 * Math.exp(z)) ** 2],
    ["sum(log(1 + 3*exp(z)))", (z: number, x: number) => (3 * x) / (1 + 3 * Math.exp(z))],
  ])("is a factor left out in %s", (loss, claim) => {
    const all = given(loss, claim);
    expect(kinds(all)[0]).toBe("missing-factor");
    expect(all.some(({ used }) => used?.startsWith("sigmoid"))).toBe(false);
  });

  it("is the sign of the argument in log(1 + exp(u))", () => {
    const [first] = given("sum(log(1 + exp(-z)))", (z, x) => -x / (1 + Math.exp(-z)));
    expect([first!.cause, first!.used, first!.instead]).toEqual([
      "wrong-function",
      "sigmoid(z)",
      "sigmoid(-z)",
    ]);
  });
});

describe("windows", () => {
  const entries = (point: unknown): number[] => point as number[];

  it("do not overwrite one another where they do not overlap", () => {
    const backward = Backward.of(
      parseModel(`
        w = param(7)
        a = input(2)
        b = input(2)
        L = sum((w[1:2] .* a).^2) + sum((w[6:7] .* b).^2)`),
    );
    const [w] = backward.model.params;
    expect([...overwrittenWindows(backward, w!, new Map())]).toEqual([]);
  });

  it("overwrite their neighbours where some overlap, and stay whole behind a gap", () => {
    const model = parseModel(`
      w = param(9)
      a = input(3)
      b = input(3)
      c = input(3)
      L = sum((w[1:3] .* a).^2) + sum((w[3:5] .* b).^2) + sum((w[7:9] .* c).^2)`);
    const at = randomPoint(model, { seed: 7 });
    const [w, a, b, c] = [at.w, at.a, at.b, at.c].map(entries);
    const given = w!.map((_, k) => {
      const factor = k < 3 ? a![k] : k < 5 ? b![k - 2] : k < 6 ? 0 : c![k - 6];
      return 2 * w![k]! * factor! ** 2;
    });
    const [first] = check(model, { w: given }, { at }).checks[0]!.diagnosis;
    expect([first!.cause, first!.term]).toEqual(["not-summed", "overlapping windows of dw"]);
  });
});

describe("norms and their squares", () => {
  const told = (text: string): string[] =>
    [...mistakenNorms(Backward.of(parseModel(text)))].map(({ fault }) => fault.say("du"));
  const another = "du is the derivative of another forward pass:";

  it("are not confused under a root, nor told twice where a function is left out", () => {
    expect(told("u = param(3)\nd = norm(u)\nL = d^2")).toEqual([]);
    expect(told("U = param(3, 2)\nd = sqrt(sum(U.^2) + 0.1)\nL = d^2")).toEqual([]);
  });

  it("are told of all definitions, in the order of the forward pass", () => {
    const model = (f: string): string => `
      u = param(3)
      v = param(3)
      r1 = ${f}
      r2 = ${f.replaceAll("u", "v")}
      L = r1 * r2`;
    expect(told(model("norm(u)"))).toEqual([
      `${another} r1 and r2 are computed with sum(u.^2) in place of sqrt(sum(u.^2))`,
    ]);
    expect(told(model("dot(u, u)"))).toEqual([
      `${another} r1 is computed with sqrt(sum(u.^2)) in place of sum(u.^2)`,
      `${another} r2 is computed with sqrt(sum(v.^2)) in place of sum(v.^2)`,
      `${another} r1 and r2 are computed with sqrt(sum(u.^2)) in place of sum(u.^2)`,
      `${another} r1 is computed with 2 * sqrt(sum(u.^2)) in place of sum(u.^2)`,
      `${another} r2 is computed with 2 * sqrt(sum(v.^2)) in place of sum(v.^2)`,
      `${another} r1 and r2 are computed with 2 * sqrt(sum(u.^2)) in place of sum(u.^2)`,
    ]);
  });
});

it("counts a quantity among the summands along an axis that is summed", () => {
  const model = parseModel(`
    a = param(3)
    B = param(3, 3)
    p = exp(a)
    S = exp(B)
    q = log(p) + sum(S.^2, 2)
    L = sum(q)`);
  const backward = Backward.of(model);
  const definition = backward.definitions.find(({ quantity }) => quantity.name === "q")!;
  const [mutant, ...others] = doubledTerms(backward, definition);
  expect(others).toEqual([]);
  const at = randomPoint(model, { seed: 7 });
  const bench = new Bench(backward, readPoint(model, at), new Set(model.params));
  const a = at.a as number[];
  const [given] = model.params.map((one) => bench.evaluate(mutant!.change())?.get(one));
  // dL/da of Σ_i (a_i + p_i²)
  const expected = a.map((one) => 1 + 2 * Math.exp(2 * one));
  expect([...given!]).toEqual(expected.map((one) => expect.closeTo(one, 10) as number));
});

it("names all definitions that have another parameter, the earliest first", () => {
  const backward = Backward.of(
    parseModel(`
      x = input(3)
      b1 = param(3)
      b2 = param(3)
      r1 = tanh(x + b1)
      s1 = tanh(r1 + b2)
      s2 = tanh(s1 + b2)
      L = sum(s2)`),
  );
  const faults = [...otherParameters(backward)].map(({ fault }) => fault);
  expect(faults.map(({ arisesIn }) => arisesIn)).toEqual(["s1", "s1"]);
  expect(faults[0]!.say("db1")).toMatch(/s1 and s2 are computed with b1 in place of b2$/);
});

describe("a penalty", () => {
  const values = (text: string): string[] => {
    const backward = Backward.of(parseModel(text));
    const w = backward.model.params.find(({ name }) => name === "w")!;
    return [...penaltyValues(backward, w)].flatMap(({ fault }) => fault.details?.().used ?? []);
  };

  it("is of a parameter and given numbers alone", () => {
    const given = "w = param()\nc = input()\nt = target()\n";
    expect(values(`${given}L = (t - w * c)^2`)).toEqual([]);
    expect(values(`${given}v = param()\nz = v * c\nL = (c - t)^2 + z * w`)).toEqual([]);
    expect(values(`${given}L = (t - c)^2 + c * w^2`)).toEqual(["c .* w.^2"]);
  });

  const addedTo = (loss: string): readonly (string | undefined)[] => {
    const model = parseModel(`
      N = size()
      X = input(N, 3)
      t = target(N)
      w = param(3)
      R = 0.3 * sum(w.^2)
      L = ${loss}`);
    const at = randomPoint(model, { seed: 7 });
    const { gradients } = backprop(model, at);
    const w = at.w as number[];
    const given = (gradients.w as number[]).map((one, k) => one + 0.4 * w[k]!);
    const [first] = check(model, { w: given }, { at }).checks[0]!.diagnosis;
    return [first!.cause, first!.term];
  };

  it("is one too many where the loss has none, though the parameter is in its derivative", () => {
    expect(addedTo("mean((X * w - t).^2)")).toEqual(["extra-term", "0.4 * w"]);
    expect(addedTo("mean((X * w - t).^2) + R")[0]).not.toBe("extra-term");
  });
});

it("P - Y where the labels do not sum to 1 is told of that, not of another loss alone", () => {
  const model = parseModel(`
    N = size()
    X = input(N, 2)
    Y = target(N, 3)
    W = param(2, 3)
    S = X * W
    P = softmax(S, 2)
    L = -sum(Y .* log(P)) / N`);
  const at = {
    X: [
      [0.3, -1.2],
      [0.8, 0.4],
    ],
    Y: [
      [0.2, 0.9, 0.4],
      [0.7, 0.1, 0.6],
    ],
    W: [
      [0.5, -0.3, 0.8],
      [0.1, 0.9, -0.4],
    ],
  };
  const { P } = compile(model).evaluate(at).values as { P: number[][] };
  const S = P.map((row, n) => row.map((one, k) => (one - at.Y[n]![k]!) / 2));
  const [dS] = check(model, { S }, { at }).checks;
  expect(dS!.ok).toBe(false);
  expect(dS!.diagnosis[0]!.text).toContain("labels that sum to 1 (see whether yours are such)");
});

describe("the factor of one term", () => {
  const model = parseModel(`
    x = input(6)
    w = param(6)
    L = sum(sin(w .* x)) + 0.3 * sum(w.^4)`);
  const at = { x: [0.3, -1.2, 0.7, 1.9, -0.4, 1.1], w: [0.5, -0.8, 1.3, 0.2, -0.9, 0.6] };
  const times = (factor: number): readonly Diagnosis[] => {
    const w = at.w.map((v, k) => at.x[k]! * Math.cos(v * at.x[k]!) + factor * 1.2 * v ** 3);
    return check(model, { w }, { at }).checks[0]!.diagnosis;
  };

  it("is a ratio of numbers that people write: 0.7 for 0.3", () => {
    const [first] = times(7 / 3);
    expect([first!.cause, first!.factor]).toEqual(["constant-factor", 7 / 3]);
    expect(first!.text).toContain("7/3 times the term");
    expect(first!.text).toContain("multiply by 3/7");
  });

  it("is no number that fits and nobody writes", () => {
    expect(kinds(times(3.14379))).toEqual(["unknown"]);
  });
});

describe("what stands beside the truth", () => {
  it("ones for slopes of 1 and -1 are no clipping: the sign is lost", () => {
    const model = parseModel(`
      z = param(4)
      t = target(4)
      L = sum(abs(z - t))`);
    const at = { z: [0.1, 0.4, -0.3, 0.8], t: [0.5, -0.2, 0.9, 0.3] };
    const [dz] = check(model, { z: [1, 1, 1, 1] }, { at }).checks;
    expect(kinds(dz!.diagnosis)).not.toContain("clipped");
  });

  it("a mistake in which labels have no part does not keep them from being tried", () => {
    const model = parseModel(`
      N = size()
      X = input(N, 3)
      T = target(N, 4)
      W = param(3, 4)
      S = X * W
      P = softmax(S, 2)
      Q = sum(W.^3)
      L = -mean(sum(T .* log(P), 2)) + Q`);
    const { checks } = checkFormulas(model, "dQ = 2\ndS = (T - P) / N");
    expect(checks.map(({ diagnosis: [first] }) => first?.cause)).toEqual([
      "constant-factor",
      "sign",
    ]);
  });

  it("a slope of the operand and the output is not named by the output of another function", () => {
    const model = parseModel(`
      x = input(3)
      t = target(3)
      W = param(3, 3)
      b = param(3)
      h = tanh(W * x + b) + 0.1 * sigmoid(W * x)
      L = sum((h - t).^2)`);
    // 2 - v for 1 - v
    const { checks } = checkFormulas(
      model,
      `g = 2 * (h - t)
      v = sigmoid(W * x)
      q = g .* (1 - tanh(W * x + b).^2)
      r = 0.1 * g .* v .* (1 - v + 1)
      dW = (q + r) * x'`,
    );
    const texts = checks.flatMap(({ diagnosis }) => diagnosis.map(({ text }) => text));
    expect(texts.length).toBeGreaterThan(0);
    expect(texts.join()).not.toContain("silu");
  });
});
