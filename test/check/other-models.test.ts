/** Right gradients of a model with one thing written otherwise: scales of functions, totals of weights for counts. */
import { check, compile, type Diagnosis, parseModel, type Point } from "chainrule";
import { describe, expect, it } from "vitest";

/** What is told first of the parameters, each once, where `used` is written for `instead`. */
function told(text: string, instead: string, used: string): Partial<Diagnosis>[] {
  expect(text).toContain(instead);
  const [model, other] = [parseModel(text), compile(parseModel(text.replace(instead, used)))];
  const answer = (point: Point) => other.evaluate(point).gradients;
  const { ok, checks } = check(model, answer);
  expect(ok).toBe(false);
  const firsts = checks.flatMap(({ diagnosis }) => diagnosis.slice(0, 1));
  const texts = firsts.map((one) => one.text.replace(/^\w+ /, ""));
  return firsts.filter((_, k) => texts.indexOf(texts[k]!) === k);
}

const DISTILLED = `
  N = size()
  X = input(N, 5)
  G = input(N, 3)
  W = param(5, 3)
  b = param(3)
  T = 4
  Z = X * W + b'
  Q = softmax(G / T, 2)
  P = softmax(Z / T, 2)
  L = -T^2 * sum(Q .* log(P)) / N`;

describe("scales inside functions", () => {
  it.each([
    ["G / T", "G", "Q", "1 ./ T"],
    ["Z / T", "Z", "P", "1 ./ T"],
  ])("%s without the scale: %s", (instead, used, at, factor) => {
    const [first, ...others] = told(DISTILLED, instead, used);
    expect(others).toEqual([]);
    expect(first).toMatchObject({ cause: "missing-factor", factor, arisesIn: at });
  });

  it("may be numbers", () => {
    const text = DISTILLED.replace("softmax(G / T, 2)", "softmax(0.25 * G, 2)");
    const [first, ...others] = told(text, "0.25 * G", "G");
    expect(others).toEqual([]);
    expect(first).toMatchObject({ cause: "missing-factor", factor: "0.25", arisesIn: "Q" });
  });
});

const MASKED = `
  N = size()
  X = input(N, 4)
  Y = target(N, 3)
  M = input(N, 3)
  m = input(N)
  W = param(4, 3)
  P = tanh(X * W)
  L = sum(sum(M .* (P - Y).^2, 2) .* m) / N + 0.1 * sum(W.^2)`;

describe("totals of weights and counts of what they weigh", () => {
  it.each([
    ["/ N", "/ sum(m)", "sum(m)", "N"],
    ["/ N", "/ sum(sum(M))", "sum(M)", "N"],
  ])("%s and %s", (instead, used, total, count) => {
    expect(told(MASKED, instead, used)).toEqual([
      expect.objectContaining({ cause: "wrong-variable", used: total, instead: count }),
    ]);
    const turned = MASKED.replace(instead, used);
    expect(told(turned, used, instead)).toEqual([
      expect.objectContaining({ cause: "wrong-variable", used: count, instead: total }),
    ]);
  });

  it("all entries of a mask", () => {
    const text = MASKED.replace("/ N", "/ (3 * N)");
    expect(told(text, "/ (3 * N)", "/ sum(sum(M))")).toEqual([
      expect.objectContaining({ cause: "wrong-variable", used: "sum(M)" }),
    ]);
  });

  it("totals that have a name", () => {
    const text = MASKED.replace("L =", "n = sum(m)\n  L =").replace("/ N", "/ n");
    expect(told(text, "/ n", "/ N")).toEqual([
      expect.objectContaining({ cause: "wrong-variable", used: "N", instead: "n" }),
    ]);
  });
});
