import { describe, expect, it } from "vitest";
import { derive, parseModel } from "chainrule";

/** The line of the chain rule by r, where m is made of r and nothing comes back through it. */
function chain(mask: string): string {
  const model = parseModel(`
    X = input(4, 2)
    w = param(2)
    c = param(4)
    r = X * w
    m = ${mask}
    L = sum(m .* r.^2)`);
  const { steps } = derive(model, { wrt: "r", form: "index" });
  return steps.find(({ rule }) => rule === "chain rule")!.rhs;
}

describe("a derivative that is 0 everywhere", () => {
  it.each(["abs(r) <= 1", "r > c", "step(r)", "sign(r) + 2", "(r > 0) .* (r < 1)"])(
    "has no sum over what depends on one entry alone: %s",
    (mask) => {
      expect(chain(mask)).not.toContain("\\sum");
    },
  );

  it("has its sum where every entry depends on all", () => {
    expect(chain("c > sum(r)")).toContain("\\sum");
  });
});

it("comparisons are told in words", () => {
  const model = parseModel(`
    x = input(3)
    w = param(3)
    L = sum((w .* x <= 1) .* (w .* x).^2)`);
  const why = derive(model, { wrt: "w", form: "index" })
    .steps.map((one) => one.why)
    .join(" ");
  expect(why).toContain("By convention a comparison has the derivative 0 everywhere");
  expect(why).not.toContain("<=");
});
