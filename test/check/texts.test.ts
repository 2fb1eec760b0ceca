/** Texts of expressions in sentences: parsed again, they are what they were made of. */
import { check, compile, parseModel, randomPoint } from "chainrule";
import { describe, expect, it } from "vitest";
import { modelText } from "../../src/check/explanations/words.js";
import { fullBody } from "../../src/expression/definition.js";

describe("parts of arrays", () => {
  const declared = `
    a = input(6)
    A = input(4, 6)
    u = input(3)
    p = param(3)`;

  it.each([
    "a[1:2:5]",
    "a[2:2:6]",
    "a[2:4]",
    "a[1:3]",
    "A[2:4, 5]",
    "A[3, 1:2:5]",
    "maximum(a[1:2:5], a[2:2:6])",
    "a[2:4] .* u",
    "a[1:2:5] > a[2:2:6]",
    "a[4]",
  ])("are written with their positions: %s", (written) => {
    const modelOf = (text: string) =>
      parseModel(`${declared}\n    part = ${text}\n    L = sum(p .* part)`);
    const model = modelOf(written);
    const { clauses } = model.definitions.find(({ quantity }) => quantity.name === "part")!;
    const again = modelOf(modelText(clauses[0]!.body));
    const at = randomPoint(model, { seed: 5 });
    expect(compile(again).evaluate(at).loss).toBe(compile(model).evaluate(at).loss);
    expect(modelText(clauses[0]!.body)).toContain("[");
  });

  it("of whole arrays is the name alone", () => {
    const model = parseModel(`${declared}\n    part = A[1:3, 1:6] * a\n    L = sum(p .* part)`);
    const { clauses } = model.definitions[0]!;
    expect(modelText(clauses[0]!.body)).toContain("A[1:3, :]");
    expect(modelText(clauses[0]!.body)).not.toContain("a[");
  });
});

/** The larger of two neighbours each, as pooling by slices takes it. */
describe("max pooling by slices", () => {
  const model = parseModel(`
    x = input(6)
    w = param(6)
    V = param(3)
    t = target()
    a = w .* x
    m = maximum(a[1:2:5], a[2:2:6])
    L = 1/2 * (dot(V, m) - t)^2`);
  const at = randomPoint(model, { seed: 2 });

  it("is told by its slices where both entries get everything", () => {
    const { x, w, V, t } = at as { x: number[]; w: number[]; V: number[]; t: number };
    const a = w.map((one, k) => one * x[k]!);
    const m = V.map((_, k) => Math.max(a[2 * k]!, a[2 * k + 1]!));
    const error = V.reduce((sum, one, k) => sum + one * m[k]!, 0) - t;
    const dw = w.map((_, k) => error * V[Math.floor(k / 2)]! * x[k]!);
    const { checks } = check(model, { w: dw }, { at });
    const texts = checks.flatMap(({ diagnosis }) => diagnosis.map(({ text }) => text)).join("\n");
    expect(texts).toMatch(/a\[1:2:5\]/);
    expect(texts).toMatch(/a\[2:2:6\]/);
    expect(texts).not.toMatch(/\ba ==|maximum\(a, a\)/);
  });
});

it.each(["(X * Q) * (X * K)'", "X * (Q * K) * X'", "(X * Q') * (K * X')", "(X * Q * K) * Y"])(
  "products of products keep their sides: %s",
  (written) => {
    const modelOf = (text: string) =>
      parseModel(`
      X = input(5, 4)
      Y = input(4, 5)
      Q = param(4, 4)
      K = param(4, 4)
      P = input(5, 5)
      S = ${text}
      L = sum(P .* S)`);
    const model = modelOf(written);
    const { quantity, clauses } = model.definitions.find((one) => one.quantity.name === "S")!;
    const text = modelText(fullBody(quantity.shape, clauses)!);
    const at = randomPoint(model, { seed: 5 });
    expect(compile(modelOf(text)).evaluate(at).loss, text).toBeCloseTo(
      compile(model).evaluate(at).loss,
      12,
    );
  },
);

describe("products", () => {
  const declared = `
    q = param(4)
    u = input(3)
    B = input(3, 4)
    C = input(3, 4)`;

  it.each([
    "q' .* (u .* B)",
    "q' .* (u .* (C .* B))",
    "(u .* B) .* q'",
    "q' .* (B ./ u)",
    "q' .* (u .* tanh(B)) + C",
    "sum(q' .* (u .* B), 2)",
    "12345678901234567 * sum(q' .* B, 1)",
    "12345678901234 * q",
  ])("are read again: %s", (written) => {
    const modelOf = (text: string) =>
      parseModel(`${declared}\n    part = ${text}\n    L = sum(part)`);
    const model = modelOf(written);
    const { clauses } = model.definitions.find(({ quantity }) => quantity.name === "part")!;
    const again = modelOf(modelText(clauses[0]!.body));
    const at = randomPoint(model, { seed: 5 });
    const [first, second] = [model, again].map((one) => compile(one).evaluate(at).loss);
    expect(Math.abs(second! / first! - 1)).toBeLessThan(1e-15);
  });
});
