import { checkFormulas, type Model, parseModel } from "chainrule";
import { describe, expect, it } from "vitest";

describe("a claim that holds another derivative", () => {
  const forward = (last: string): Model =>
    parseModel(`
      N = size()
      X = input(N, 3)
      y = target(N)
      w = param(3)
      b = param()
      ${last}
      L = -sum(y .* log(p) + (1 - y) .* log(1 - p)) / N`);
  const NAMED = forward("s = X * w + b\n      p = sigmoid(s)");
  const UNNAMED = forward("p = sigmoid(X * w + b)");
  const TAKEN =
    "dp holds ∂L/∂s where ∂L/∂p is claimed, and the lines below take it for that: name it ds";

  /** What is told of each wrong line, in order, its first explanation alone. */
  const told = (model: Model, ...lines: readonly string[]) =>
    checkFormulas(model, lines.join("\n"))
      .checks.filter(({ ok }) => !ok)
      .map(({ name, diagnosis, followsFrom }) => {
        const texts = diagnosis
          .filter(({ explanation }) => explanation === 1)
          .map(({ cause, text }) => `${cause}: ${text}`);
        return [name, followsFrom ? `follows from line ${followsFrom.line}` : texts.join("; ")];
      });

  it("is read as that by the lines below, of which one is wrong", () => {
    const lines = ["dp = (p - y) / N", "dw = X' * dp", "db = mean(dp)"];
    expect(told(NAMED, ...lines)).toEqual([
      ["p", `other-quantity: ${TAKEN}`],
      ["b", "constant-factor: db has mean(dp) where the sum belongs, sum(dp)"],
    ]);
    const { checks, notes } = checkFormulas(NAMED, lines.join("\n"));
    expect(checks.map(({ right }) => right?.at(-1))).toEqual([
      "dp = ((1 - y) ./ (1 - p) - y ./ p) / N",
      undefined,
      "db = sum(dp)",
    ]);
    // the numbers are those of what is claimed
    const { worst } = checks[0]!;
    expect(worst.expected).not.toBeCloseTo(worst.given!, 3);
    expect(notes).toEqual([]);
  });

  it("is so where the line below is wrong either way, but by one mistake less", () => {
    expect(told(NAMED, "dp = (p - y) / N", "db = mean(dp)")).toEqual([
      ["p", `other-quantity: ${TAKEN}`],
      ["b", "constant-factor: db has mean(dp) where the sum belongs, sum(dp)"],
    ]);
  });

  it("may leave a constant to the lines below", () => {
    expect(told(NAMED, "dp = p - y", "dw = X' * dp / N", "db = sum(dp)")).toEqual([
      ["p", `other-quantity: ${TAKEN.replace("∂L/∂s", "N·∂L/∂s")}`],
      ["b", "constant-factor: db is N times the right gradient: divide by N"],
    ]);
  });

  describe("with a wrong sign", () => {
    const NET = parseModel(`
      x = input(3)
      t = target(2)
      W1 = param(4, 3)
      W2 = param(2, 4)
      z1 = W1 * x
      a1 = tanh(z1)
      y = W2 * a1
      L = 1/2 * sum((y - t).^2)`);
    const HELD = "other-quantity: dz1 holds -∂L/∂a1 where ∂L/∂z1 is claimed, and the lines below";
    const SIGN = "sign: dz1 has the wrong sign, too: it holds -∂L/∂a1";
    const hidden = ["dy = y - t", "dz1 = -W2' * dy"];

    it("is told of both, where the line below takes it for the other derivative", () => {
      expect(told(NET, ...hidden, "dW1 = (dz1 .* (1 - a1.^2)) * x'")).toEqual([
        ["z1", `${HELD} take it for ∂L/∂a1: name it da1; ${SIGN}`],
        ["W1", "follows from line 2"],
      ]);
    });

    it("is told of both, where the line below undoes the sign", () => {
      expect(told(NET, ...hidden, "dW1 = -(dz1 .* (1 - a1.^2)) * x'")).toEqual([
        ["z1", `${HELD} take it for that: name it da1; ${SIGN}`],
      ]);
    });
  });

  it("is told by a part of a statement that has no name", () => {
    expect(told(UNNAMED, "dp = (p - y) / N", "dw = X' * dp", "db = -sum(dp)")).toEqual([
      [
        "p",
        "other-quantity: dp holds ∂L/∂(X * w + b) where ∂L/∂p is claimed, and the lines below take it for that",
      ],
      ["b", "sign: db has a wrong sign"],
    ]);
  });

  it("is wrong for the lines below that need what it claims", () => {
    expect(
      told(NAMED, "dp = (p - y) / N", "ds = dp .* p .* (1 - p)", "dw = X' * ds", "db = mean(ds)"),
    ).toEqual([
      ["p", "other-quantity: dp holds ∂L/∂s where ∂L/∂p is claimed"],
      ["s", "follows from line 1"],
      ["w", "follows from line 1"],
      ["b", expect.stringContaining("mean(ds) where the sum belongs")],
    ]);
  });

  it("is each one of a whole backward pass with names of what follows", () => {
    const model = parseModel(`
      N = size()
      X = input(N, 3)
      T = target(N, 2)
      W1 = param(3, 4)
      W2 = param(4, 2)
      Z1 = X * W1
      A1 = tanh(Z1)
      Z2 = A1 * W2
      A2 = sigmoid(Z2)
      L = sum((A2 - T).^2) / (2 * N)`);
    const lines = [
      "dA2 = (A2 - T) .* A2 .* (1 - A2) / N",
      "dW2 = A1' * dA2",
      "dA1 = (dA2 * W2') .* (1 - A1.^2)",
      "dW1 = -X' * dA1",
    ];
    const misnamed = (held: string, claimed: string): string =>
      `other-quantity: d${claimed} holds ∂L/∂${held} where ∂L/∂${claimed} is claimed, ` +
      `and the lines below take it for that: name it d${held}`;
    expect(told(model, ...lines)).toEqual([
      ["A2", misnamed("Z2", "A2")],
      ["A1", misnamed("Z1", "A1")],
      ["W1", "sign: dW1 has a wrong sign"],
    ]);
  });
});
