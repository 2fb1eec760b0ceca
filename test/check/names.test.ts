/** The names in sentences. */
import { checkFormulas, parseModel } from "chainrule";
import { describe, expect, it } from "vitest";

describe("a part of what defines a quantity", () => {
  const model = parseModel(`
    X = input(4, 5)
    T = target(4, 5)
    W = param(5, 5)
    g = param(5)
    R = X * W
    mu = mean(R, 2)
    var = mean((R - mu).^2, 2)
    Xh = (R - mu) ./ sqrt(var + 1e-5)
    Y = Xh .* g'
    L = mean((Y - T).^2)`);

  it("in the quantity's place is told as that", () => {
    const { firstWrong } = checkFormulas(
      model,
      `dY = 1/10 * (Y - T)
       dg = sum((R - mu) .* dY, 1)`,
    );
    expect(firstWrong!.diagnosis).toMatchObject([
      {
        cause: "wrong-variable",
        used: "R - mu",
        instead: "Xh",
        text: "dg uses R - mu where Xh belongs",
      },
    ]);
    expect(firstWrong!.repair).toBe("dg = sum(Xh .* dY, 1)");
  });
});
