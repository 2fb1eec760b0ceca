/** An outer product of which one side alone is given. */
import { check, parseModel } from "chainrule";
import { expect, it } from "vitest";
import { columnSums, matrix, minus, mm, mv, numbers, scale, T } from "./corpus/matrices.js";

it.each([1, 2, 3])("lacks the input of its layer, %i", (seed) => {
  const model = parseModel(`
    x = input(3)
    t = target(2)
    W = param(4, 3)
    V = param(2, 4)
    h = tanh(W * x)
    L = sum((V * h - t).^2) / 2`);
  const [x, t] = [numbers(3, seed), numbers(2, seed + 10)];
  const [W, V] = [matrix(4, 3, seed + 20), matrix(2, 4, seed + 30)];
  const h = mv(W, x).map(Math.tanh);
  const dy = mv(V, h).map((one, k) => one - t[k]!);
  const dz = mv(T(V), dy).map((one, k) => one * (1 - h[k]! ** 2));
  const { checks } = check(model, { W: dz, V: dy }, { at: { x, t, W, V } });
  for (const [name, factor] of [
    ["W", "x"],
    ["V", "h"],
  ] as const) {
    const { diagnosis } = checks.find((one) => one.name === name)!;
    expect(diagnosis).toHaveLength(1);
    expect(diagnosis[0]).toMatchObject({ cause: "missing-factor", factor });
  }
});

it("lacks the inputs of all examples, over which the rest is summed", () => {
  const model = parseModel(`
    N = size()
    X = input(N, 3)
    Y = target(N, 2)
    W = param(3, 2)
    L = sum((X * W - Y).^2) / (2 * N)`);
  const [X, Y, W] = [matrix(5, 3, 1), matrix(5, 2, 2), matrix(3, 2, 3)];
  const dP = scale(1 / 5, minus(mm(X, W), Y));
  const [claim] = check(model, { W: columnSums(dP) }, { at: { X, Y, W } }).checks;
  expect(claim!.diagnosis).toHaveLength(1);
  expect(claim!.diagnosis[0]).toMatchObject({ cause: "missing-factor", factor: "X" });
});

it("that is summed besides takes no number that nobody writes", () => {
  const model = parseModel(`
    x = input(3)
    W = param(2, 3)
    L = sum((W * x).^2) / 2`);
  const [x, W] = [numbers(3, 1), matrix(2, 3, 2)];
  const given = mv(W, x).map((one) => 1.40154 * one);
  const [claim] = check(model, { W: given }, { at: { x, W } }).checks;
  expect(claim!.ok).toBe(false);
  expect(claim!.diagnosis.map(({ cause }) => cause)).not.toContain("constant-factor");
});
