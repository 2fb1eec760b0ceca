/** Which claims a mistake can change is told before it is tried: too few, and the true one is never tried. */
import { check, compile, parseModel } from "chainrule";
import { describe, expect, it } from "vitest";

describe("a right claim that is computed from a wrong derivative and is 0 for all that", () => {
  const model = parseModel(`
    x = input(3)
    h = input(2)
    t = target(2)
    W = param(2, 3)
    U = param(2, 2)
    b = param(2)
    V = param(2, 2)
    z = W*x + U*h + b
    a = sigmoid(z)
    y = V*a
    L = sum((y - t).^2)/2`);
  // the first step of a recurrent network: its state is 0
  const x = [0.42, -0.53, 0.91];
  const at = {
    x,
    h: [0, 0],
    t: [0.31, -0.72],
    W: [
      [0.6, -0.2, 0.75],
      [-0.41, 0.84, 0.13],
    ],
    U: [
      [0.37, -0.66],
      [0.52, 0.28],
    ],
    b: [0.19, -0.35],
    V: [
      [0.71, -0.44],
      [0.26, 0.93],
    ],
  };
  const { gradients, values } = compile(model).evaluate(at);
  const a = values.a as number[];
  const dz = gradients.b as number[];
  const da = dz.map((one, i) => one / (a[i]! * (1 - a[i]!)));

  /** What is said first of W and b, where dz has a mistake in it. */
  const told = (wrong: readonly number[]) => {
    const claims = { ...gradients, W: wrong.map((one) => x.map((r) => one * r)), b: [...wrong] };
    const { checks } = check(model, claims, { at });
    expect(checks.filter(({ ok }) => ok).map(({ name }) => name)).toEqual(["U", "V"]);
    return checks.filter(({ ok }) => !ok).map(({ diagnosis }) => diagnosis[0]!);
  };

  it.each([
    ["a lost slope", "missing-factor", "sigmoid'(z)", (_: number, i: number) => da[i]!],
    [
      "the function for its slope",
      "wrong-function",
      undefined,
      (_: number, i: number) => da[i]! * a[i]!,
    ],
    [
      "the slope twice",
      "extra-factor",
      "sigmoid'(z)",
      (one: number, i: number) => one * a[i]! * (1 - a[i]!),
    ],
  ])("leaves %s one mistake of the others", (_, cause, factor, wrong) => {
    const [W, b] = told(dz.map(wrong));
    for (const one of [W!, b!]) expect([one.cause, one.factor]).toEqual([cause, factor]);
    expect(W!.text).toContain("follows from dz");
    expect(b!.text).toBe(W!.text.replace("dW", "db"));
  });
});
