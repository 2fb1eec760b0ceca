import { expect, it } from "vitest";
import { derive, parseModel } from "chainrule";

const MODEL = parseModel(`
  x = input(5)
  t = target()
  w = param(3)
  b = param()
  z = [dot(w, x[1:3]), dot(w, x[2:4]), dot(w, x[3:5])] + b
  p = max(z)
  u = norm(w)
  L = (p - t)^2 + p / u`);
const at = { x: [1, 2, -1, 0.5, 3], t: 0.5, w: [1, -2, 3], b: 0.25 };

it.each([
  ["w[1]", "paths"],
  ["w[2]", "paths"],
  ["b", "paths"],
  ["w[1]", "scalar"],
] as const)(
  "%s, %s: has a line of numbers also where there is a norm or a maximum",
  (wrt, form) => {
    const { steps } = derive(MODEL, { wrt, form, at });
    const numbers = steps.filter(({ rule }) => rule === "numbers");
    expect(numbers).toHaveLength(1);
    expect(numbers[0]!.rhs).not.toMatch(/[a-z]_\{|\\sum/);
    expect(numbers[0]!.rhs).toMatch(/\d/);
    expect(steps.indexOf(numbers[0]!)).toBe(steps.length - 2);
  },
);

it("writes a sum that is left as its number, in brackets where that is negative", () => {
  const model = parseModel(`
    x = input(3)
    w = param()
    v = param()
    q = w * sum(x)
    L = v * q^2`);
  const { steps } = derive(model, { wrt: "w", form: "paths", at: { x: [1, -2, -3], w: 2, v: 5 } });
  expect(steps.find(({ rule }) => rule === "numbers")!.rhs).toBe(
    "2 \\cdot 5 \\cdot \\left(-8\\right) \\cdot \\left(-4\\right)",
  );
});

it("says where written-out sums cancel", () => {
  const pooled = parseModel(`
    x = input(2)
    t = target()
    w = param()
    b = param()
    z1 = w * x[1] + b
    z2 = w * x[2] + b
    p = max([z1, z2])
    L = (p - t)^2`);
  const said = (wrt: string): string => derive(pooled, { wrt, form: "scalar" }).toMarkdown();
  expect(said("b")).toContain("where equal ones above and below a fraction line cancel");
  expect(said("w")).toContain("written term by term");
  expect(said("w")).not.toContain("cancel");
});

it("has none where a sum of exponentials stays over its index", () => {
  const model = parseModel("w = param(3)\ny = target(3)\nu = w.^2\nL = logsumexp(u) - dot(y, u)");
  const point = { w: [1, 2, 0.5], y: [0, 1, 0] };
  const { steps } = derive(model, { wrt: "w[1]", form: "paths", at: point });
  expect(steps.at(-1)!.rule).toBe("result");
  expect(steps.filter(({ rule }) => rule === "numbers")).toEqual([]);
});
