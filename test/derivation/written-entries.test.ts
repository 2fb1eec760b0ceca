import { describe, expect, it } from "vitest";
import { parseModel } from "../../src/language/model.js";
import { derive } from "../../src/render/derivation.js";
import { modelOf } from "../support/systems.js";

/** The lines of the index form that are about single entries, without fractions. */
function entries(model: ReturnType<typeof parseModel>, wrt: string): string[] {
  const { steps } = derive(model, { wrt, form: "index", notation: { indexBase: 0 } });
  return steps
    .filter(({ rule }) => rule === "entry by entry")
    .map(({ lhs, rhs }) =>
      `${lhs} = ${rhs}`.replace(/\\frac\{\\partial ([^ ]+)\}\{\\partial ([^ ]+)\}/g, "∂$1/∂$2"),
    );
}

describe("the index form", () => {
  const model = modelOf("sigmoid-2-3-2");

  it("has every δ entry by entry: along each path, then with the local derivatives put in term by term, then put together", () => {
    const lines = entries(model, "W1").filter((line) => line.startsWith("\\delta"));
    expect(lines).toHaveLength(2 * 2 + 3 * 3);
    expect(lines).toContain("\\delta^{(2)}_{1} = -\\left(t_{1} - y_{1}\\right)");
    const at = lines.findIndex((line) => line.startsWith("\\delta^{(1)}_{2}"));
    expect(lines.slice(at)).toEqual([
      "\\delta^{(1)}_{2} = \\delta^{(2)}_{0} ∂z^{(2)}_{0}/∂a^{(1)}_{2} ∂a^{(1)}_{2}/∂z^{(1)}_{2} + \\delta^{(2)}_{1} ∂z^{(2)}_{1}/∂a^{(1)}_{2} ∂a^{(1)}_{2}/∂z^{(1)}_{2}",
      "\\delta^{(1)}_{2} = \\delta^{(2)}_{0} w^{(2)}_{02} a^{(1)}_{2} \\left(1 - a^{(1)}_{2}\\right) + \\delta^{(2)}_{1} w^{(2)}_{12} a^{(1)}_{2} \\left(1 - a^{(1)}_{2}\\right)",
      "\\delta^{(1)}_{2} = a^{(1)}_{2} \\left(1 - a^{(1)}_{2}\\right) \\left(\\delta^{(2)}_{0} w^{(2)}_{02} + \\delta^{(2)}_{1} w^{(2)}_{12}\\right)",
    ]);
  });

  it("has the entries of a small gradient, and ends with the gradient in general", () => {
    const lines = entries(model, "W1").filter((line) => line.includes("/∂w^{(1)}_{21} = "));
    expect(lines).toEqual([
      "∂\\mathrm{MSE}/∂w^{(1)}_{21} = \\delta^{(1)}_{2} ∂z^{(1)}_{2}/∂w^{(1)}_{21}",
      "∂\\mathrm{MSE}/∂w^{(1)}_{21} = \\delta^{(1)}_{2} x_{1}",
    ]);
    expect(derive(model, { wrt: "W1", form: "index" }).steps.at(-1)!.lhs).toContain("_{ij}");
    // of one entry that is asked for there are no others
    expect(entries(model, "W1[3,2]").some((line) => line.includes("w^{(1)}_{00}"))).toBe(false);
  });

  it("has no terms of entries that a quantity does not act on", () => {
    const lines = entries(
      parseModel(`
        x = input(3)
        K = param(2)
        z = [x[1]*K[1] + x[2]*K[2], x[3]*K[2], x[1]^2]
        L = sum(sin(z))^2`),
      "K",
    );
    const partials = lines.map((line) => line.match(/∂z_\{\d\}\/∂K_\{\d\}/g) ?? []);
    expect(partials.filter((one) => one.length > 0)).toEqual([
      ["∂z_{0}/∂K_{0}"],
      ["∂z_{0}/∂K_{1}", "∂z_{1}/∂K_{1}"],
    ]);
  });

  it("has its terms in the order of the line in general", () => {
    const lines = entries(
      parseModel(`
        x = input(3)
        K = param(2)
        z = [x[1]*K[1] + x[2]*K[2], x[2]*K[1] + x[3]*K[2]]
        L = sum(sin(z))^2 + 0.1 * sum(K.^2)`),
      "K",
    ).filter((line) => line.startsWith("∂L/∂K_{0}"));
    expect(lines).toEqual([
      "∂L/∂K_{0} = \\delta_{0} ∂z_{0}/∂K_{0} + \\delta_{1} ∂z_{1}/∂K_{0} + \\frac{\\partial^{+} L}{\\partial K_{0}}",
      "∂L/∂K_{0} = \\delta_{0} x_{0} + \\delta_{1} x_{1} + 0.2 K_{0}",
    ]);
  });

  it("has the numbers of what the loss contains itself", () => {
    const lines = entries(
      parseModel(`
        x = input(3)
        w = param(3)
        d = 2 - 3 * w[1]
        L = 3*d^2 + sigmoid(w[2]) + tanh(w[3])`),
      "w",
    );
    expect(lines.at(-1)).toBe("∂L/∂w_{2} = 1 - \\left(\\tanh\\left(w_{2}\\right)\\right)^{2}");
  });

  it("leaves a sum that is divided by as it is", () => {
    const model = parseModel(`
      x = input(3)
      w = param(3)
      z = w .* x
      f = exp(-z)
      L = sum(f) + log(sum(exp(z)))`);
    expect(entries(model, "w").join("\n")).toContain("e^{z_{0}} + e^{z_{1}} + e^{z_{2}}");
  });

  it("has none of what is large, of sums over a named size, and of what is another derivative", () => {
    const wide =
      "x = input(7)\nt = target(7)\nW1 = param(7, 7)\nz1 = W1 * x\nL = sum((tanh(z1) - t).^2)";
    expect(entries(parseModel(wide), "W1")).toEqual([]);
    const batch = "N = size()\nX = input(2, N)\nw1 = param(2)\nz1 = X' * w1\nL = sum(sin(z1))";
    expect(entries(parseModel(batch), "w1")).toEqual([]);
    const bias =
      "x = input(2)\nt = target(2)\nb1 = param(2)\nz1 = x + b1\na1 = tanh(z1)\nL = sum((a1 - t).^2)";
    expect(entries(parseModel(bias), "b1").every((line) => line.startsWith("\\delta"))).toBe(true);
  });
});
