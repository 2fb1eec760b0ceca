/** `dZ2 = A2 - Y` and 1/m only where the parameters' derivatives are, as courses write it. */
import { describe, expect, it } from "vitest";
import { checkFormulas } from "../../src/check/formulas/check-formulas.js";
import { parseModel } from "../../src/language/model.js";

const forward = (m: string, loss: string): string => `${m === "m" ? "m = size()" : ""}
X = input(2, ${m})
Y = target(1, ${m})
W1 = param(4, 2)
b1 = param(4)
W2 = param(1, 4)
b2 = param(1)
Z1 = W1 * X + b1
A1 = tanh(Z1)
Z2 = W2 * A1 + b2
A2 = sigmoid(Z2)
L = ${loss}`;
const ENTROPY = "-1/m * sum(Y .* log(A2) + (1 - Y) .* log(1 - A2))";
const COURSE = parseModel(forward("m", ENTROPY));

const BACKWARD = `dZ2 = A2 - Y
dW2 = 1/m * dZ2 * A1'
db2 = 1/m * sum(dZ2, 2)
dZ1 = (W2' * dZ2) .* (1 - A1.^2)
dW1 = 1/m * dZ1 * X'
db1 = 1/m * sum(dZ1, 2)`;

function check(model: typeof COURSE, text: string) {
  const { ok, lines, firstWrong, notes, checks } = checkFormulas(model, text);
  const first = firstWrong && {
    name: firstWrong.name,
    causes: firstWrong.diagnosis.filter((one) => one.explanation === 1).map(({ cause }) => cause),
    repair: firstWrong.repair,
    right: firstWrong.right,
  };
  const wrong = checks.filter((one) => !one.ok).map(({ name }) => name);
  return { ok, holds: lines.map(({ holds }) => holds), first, wrong, notes };
}

describe("a constant that is put in late", () => {
  it("is accepted, and said", () => {
    const { ok, holds, notes } = check(COURSE, BACKWARD);
    expect(ok).toBe(true);
    expect(holds).toEqual(["m·∂L/∂Z2", "∂L/∂W2", "∂L/∂b2", "m·∂L/∂Z1", "∂L/∂W1", "∂L/∂b1"]);
    expect(notes).toEqual([
      "m times ∂L/∂Z2, ∂L/∂Z1 is meant where these are claimed: the constant is put in later",
    ]);
  });

  it.each([
    ["2 * (A2 - Y)", ["constant-factor"], "dZ2 = A2 - Y"],
    ["Y - A2", ["sign"], "dZ2 = A2 - Y"],
    ["A2 + Y", ["sign"], "dZ2 = A2 - Y"],
    ["(A2 - Y) .* A2 .* (1 - A2)", ["extra-factor"], undefined],
  ])("leaves the fault of the first line alone: %s", (written, causes, repair) => {
    const { first, wrong } = check(COURSE, BACKWARD.replace("A2 - Y", written));
    expect(first).toMatchObject({ name: "dZ2", causes });
    if (repair !== undefined) expect(first?.repair).toBe(repair);
    // all that follows is wrong for this reason alone
    expect(wrong).toHaveLength(6);
  });

  it("is not assumed where it makes a right line wrong", () => {
    const { first } = check(COURSE, BACKWARD.replace("A2 - Y", "(A2 - Y) / m"));
    expect(first).toMatchObject({ name: "dW2", causes: ["constant-factor"] });
  });

  it("hides no fault of the lines in between", () => {
    const { first, wrong } = check(COURSE, BACKWARD.replace("1 - A1.^2", "1 - Z1.^2"));
    expect(first).toEqual({
      name: "dZ1",
      causes: ["wrong-variable"],
      repair: "dZ1 = (W2' * dZ2) .* (1 - A1.^2)",
      right: ["dA1 = W2' * dZ2", "dZ1 = dA1 .* (1 - A1.^2)"],
    });
    expect(wrong).toEqual(["Z1", "W1", "b1"]);
  });

  it("is missed where one parameter lacks it", () => {
    const { first, wrong } = check(COURSE, BACKWARD.replace("1/m * sum(dZ2, 2)", "sum(dZ2, 2)"));
    expect(wrong).toEqual(["b2"]);
    expect(first).toMatchObject({ name: "db2", causes: ["constant-factor"] });
    expect(first!.right).toEqual(["db2 = sum(dZ2) / m"]);
  });

  it("is a fault of the first line where nothing puts it in", () => {
    const { first, wrong } = check(COURSE, BACKWARD.replaceAll("1/m * ", ""));
    expect(first).toMatchObject({ name: "dZ2", causes: ["constant-factor"] });
    expect(wrong).toEqual(["Z2", "W2", "b2", "Z1", "W1", "b1"]);
  });

  it("does not excuse a sign", () => {
    const text = BACKWARD.replaceAll("1/m", "-1/m").replace("A2 - Y", "(Y - A2) / m * m");
    const { first } = check(COURSE, text);
    expect(first).toMatchObject({ name: "dZ2" });
  });

  it("may be a root that the model takes", () => {
    const attention = parseModel(`
      n = size()
      d = size()
      X = input(n, 4)
      G = target(n, 3)
      Wq = param(4, d)
      Wk = param(4, d)
      Q = X * Wq
      K = X * Wk
      P = softmax(Q * K' / sqrt(d), 2)
      O = P * G
      L = 1/2 * sum((O - G).^2)`);
    const scores = `dP = (O - G) * G'
      dS = P .* (dP - sum(P .* dP, 2))`;
    const text = `${scores}
      dQ = dS * K
      dK = dS' * Q
      dWq = X' * dQ / sqrt(d)
      dWk = X' * dK / sqrt(d)`;
    const { ok, notes, holds } = check(attention, text);
    expect(ok).toBe(true);
    expect(holds.slice(2)).toEqual(["sqrt(d)·∂L/∂Q", "sqrt(d)·∂L/∂K", "∂L/∂Wq", "∂L/∂Wk"]);
    expect(notes).toEqual([
      "sqrt(d) times ∂L/∂Q, ∂L/∂K is meant where these are claimed: the constant is put in later",
    ]);
    const forgotten = check(attention, text.replace(/ \/ sqrt\(d\)$/, ""));
    expect(forgotten.first).toMatchObject({ name: "dWk", causes: ["constant-factor"] });
  });

  it("may stand beside a regulariser", () => {
    const model = parseModel(
      `lam = input()\n${forward("m", `${ENTROPY} + lam / (2*m) * (sum(W1.^2) + sum(W2.^2))`)}`,
    );
    const text = BACKWARD.replace("A1'", "A1' + lam/m * W2").replace("X'", "X' + lam/m * W1");
    expect(check(model, text).ok).toBe(true);
    const halved = check(model, text.replace("lam/m * W2", "lam/(2*m) * W2"));
    expect(halved.wrong).toEqual(["W2"]);
    expect(halved.first).toMatchObject({ name: "dW2", causes: ["constant-factor"] });
  });

  it("may be a number: a batch of 5, or the 2 of a square", () => {
    const model = parseModel(forward("5", "1/5 * sum((A2 - Y).^2)"));
    const text = BACKWARD.replace("A2 - Y", "(A2 - Y) .* A2 .* (1 - A2)").replaceAll("1/m", "2/5");
    const { ok, holds } = check(model, text);
    expect(ok).toBe(true);
    expect(holds[0]).toBe("5/2·∂L/∂Z2");
  });

  it("belongs to a term that has no derivative in it, too", () => {
    const model = parseModel(`
      N = size()
      X = input(N, 4)
      W = param(4, 3)
      V = param(4, 3)
      M = X * W
      Q = X * V
      L = sum(sin(M) .* Q) / N + 0.5 * sum(M.^2) / N + 0.3 * sum(M .* Q) / N`);
    const lost = `dM = cos(M) .* Q + 0.3 * Q
dW = X' * dM / N
dV = X' * (sin(M) + 0.3 * M) / N`;
    const { firstWrong } = checkFormulas(model, lost);
    expect(firstWrong).toMatchObject({
      name: "dM",
      repair: "dM = cos(M) .* Q + 0.3 * Q + M",
      diagnosis: [{ cause: "missing-term", text: "dM lacks the term M" }],
    });
    // what is told as right holds where it is written in
    for (const written of [firstWrong!.repair!, firstWrong!.right!.at(-1)!]) {
      const [, ...others] = lost.split("\n");
      expect(checkFormulas(model, [written, ...others].join("\n")).ok).toBe(true);
    }
  });
});

describe("a derivative that is 0", () => {
  const centred = parseModel(`N = size()
X = input(N, 3)
Y = target(N, 2)
W = param(3, 2)
c = param(2)
Z = X * W + c'
C = Z - mean(Z, 1)'
H = tanh(C)
L = sum((H - Y).^2) / N`);

  it.each(["(H - Y) / N", "2 * (H - Y)"])("speaks for no constant that dH = %s lacks", (dH) => {
    const { ok, lines, checks } = checkFormulas(
      centred,
      `dH = ${dH}\ndC = dH .* (1 - H.^2)\ndZ = dC - mean(dC, 1)'\ndc = sum(dZ, 1)`,
    );
    expect(ok).toBe(false);
    expect(lines.map((one) => one.ok)).toEqual([false, false, false, true]);
    expect(checks[0]!.diagnosis[0]!.text).toMatch(/times the right gradient/);
  });
});
