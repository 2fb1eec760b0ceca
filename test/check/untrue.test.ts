/** What is said of a wrong gradient is true of it: sentences that fit the numbers only by their form. */
import { check, type Diagnosis, parseModel, randomPoint } from "chainrule";
import { describe, expect, it } from "vitest";

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
      "wrong-variable",
      "sigmoid(z)",
      "sigmoid(-z)",
    ]);
  });
});
