import { describe, expect, it } from "vitest";
import { parseModel } from "../../src/language/model.js";
import { derive } from "../../src/render/derivation.js";

/** A layer norm of so many units: ∂s/∂μ is 0, since differences from the mean add up to 0. */
const norm = (units: number): string => `
  x = input(2)
  W = param(${units}, 2)
  z = W * x
  mu = mean(z)
  s = mean((z - mu).^2)
  u = (z - mu) / sqrt(s + 1)
  L = sum(u.^3)`;

describe("paths along which a local derivative is 0", () => {
  // through μ, s and u; through μ and u; through s and u; and one through u alone
  it.each([
    [3, 10, 3],
    [10, 31, 10],
  ])("are told where not all are listed: %i units", (units, count, vanishing) => {
    const { steps, notes, latex } = derive(parseModel(norm(units)), {
      wrt: "W[1,1]",
      form: "paths",
    });
    const text = steps.map(({ why }) => why).join(" ");
    expect(text).toContain(`${count} paths lead from L to this entry of W`);
    expect(
      text.includes(`${vanishing} of them lead through ∂s/∂mu, which is 0, and are left out.`),
    ).toBe(count > 24);
    expect(notes).toEqual([]);
    const [first] = steps.filter(({ rule }) => rule === "sum over paths");
    const shown = first!.rhs.split("\\frac{\\partial s}{\\partial \\mu}").length - 1;
    expect(shown).toBe(count > 24 ? 0 : vanishing);
    expect(latex).not.toContain("more");
  });

  it("are not among the first of too many for one sum", () => {
    const derivation = derive(parseModel(norm(30)), { wrt: "W[1,1]", form: "paths" });
    expect(derivation.notes[0]).toMatch(
      /^91 paths lead from L to W\[1,1\].* 30 of them lead through ∂s\/∂mu.* 37 more\.$/,
    );
    const { paths } = derivation.toJSON();
    expect(paths).toHaveLength(24);
    for (const { nodes } of paths!) {
      expect(nodes.includes("s") && nodes.includes("mu")).toBe(false);
    }
  });

  it("are listed where none is 0", () => {
    const model = parseModel("x = input(30)\nw = param()\ny = tanh(w * x)\nL = sum(y.^2)");
    const { notes } = derive(model, { wrt: "w", form: "paths" });
    expect(notes[0]).not.toContain("left out");
  });
});
