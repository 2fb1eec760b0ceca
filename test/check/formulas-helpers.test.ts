import { checkFormulas, parseModel } from "chainrule";
import { formulaReport } from "../../src/render/terminal/formula-report.js";
import { describe, expect, it } from "vitest";

describe("lines that are derivatives by parts without names", () => {
  const PAIR = `
    N = size()
    X = input(N, 3)
    Q = input(N, 3)
    t = target(N)
    W = param(3, 4)
    b = param(4)
    U = tanh(X * W + b')
    V = tanh(Q * W + b')
    z = sum(U .* V, 2)
    L = sum((z - t).^2) / N`;
  const RIGHT = {
    dz: "2 * (z - t) / N",
    dU: "dz .* V",
    dV: "dz .* U",
    gA: "dU .* (1 - U.^2)",
    gB: "dV .* (1 - V.^2)",
    dW: "X' * gA + Q' * gB",
    db: "sum(gA + gB, 1)",
  };
  const checked = (slips: Partial<typeof RIGHT> = {}) => {
    const text = Object.entries({ ...RIGHT, ...slips }).map(([name, by]) => `${name} = ${by}`);
    return checkFormulas(parseModel(PAIR), text.join("\n"));
  };
  const lineOf = ({ lines }: ReturnType<typeof checked>, name: string) =>
    lines.find((one) => one.name === name)!;

  it("are told as what they hold", () => {
    const result = checked();
    expect(result.ok).toBe(true);
    expect(lineOf(result, "gA").holds).toBe("∂L/∂(X * W + b')");
    expect(lineOf(result, "gB").holds).toBe("∂L/∂(Q * W + b')");
  });

  it("are wrong where the mistake is, and what uses them follows", () => {
    const result = checked({ gB: "dV .* (1 - U.^2)" });
    expect(result.firstWrong).toMatchObject({
      name: "gB",
      repair: "gB = dV .* (1 - V.^2)",
      diagnosis: [{ cause: "wrong-variable", used: "U", instead: "V" }],
    });
    expect(lineOf(result, "gB").intended).toBe("Q * W + b'");
    expect(lineOf(result, "gA").ok).toBe(true);
    const wrong = result.checks.filter(({ ok }) => !ok);
    expect(wrong.map(({ followsFrom }) => followsFrom?.name)).toEqual(["gB", "gB"]);
  });

  it("are found together where two of them are wrong", () => {
    const slips = { gA: "dU .* (1 - U)", gB: "dV .* (1 - V)" };
    const result = checked(slips);
    for (const name of ["gA", "gB"] as const) {
      expect(lineOf(result, name)).toMatchObject({
        repair: `${name} = ${RIGHT[name]}`,
        diagnosis: [{ cause: "wrong-function" }],
      });
    }
  });

  it("follow from what they use", () => {
    const result = checked({ dU: "dz .* U" });
    expect(lineOf(result, "gA").followsFrom?.name).toBe("dU");
  });

  it("are not blamed for a mistake in one of the lines that use them", () => {
    const result = checked({ dW: "X' * gA + X' * gB" });
    expect(result.firstWrong).toMatchObject({ name: "dW", repair: "dW = X' * gA + Q' * gB" });
    expect(result.firstWrong!.right).toEqual(["dW = Q' * gB + X' * gA"]);
  });

  it("are told with a mistake in a line that uses them", () => {
    const result = checked({ gB: "dV .* (1 - U.^2)", dW: "X' * gA + X' * gB" });
    expect(lineOf(result, "gB").diagnosis).toMatchObject([{ cause: "wrong-variable" }]);
    expect(result.checks.find(({ name }) => name === "W")!.repair).toBe("dW = X' * gA + Q' * gB");
  });

  it("are both named where a line follows from two of them", () => {
    const slips = { gA: "dU .* (1 - U)", gB: "dV .* (1 + V.^2)" };
    const result = checked(slips);
    const [dW] = result.checks.filter(({ name }) => name === "W");
    expect(dW!.diagnosis.map(({ cause }) => cause)).toEqual(["wrong-function", "sign"]);
    expect(formulaReport(result)).toContain(
      "line 6  WRONG  dW  follows from lines 4 (gA) and 5 (gB)",
    );
  });

  it("may be without a constant that is put in later", () => {
    const result = checked({
      dz: "z - t",
      gB: "dV .* (1 - U.^2)",
      dW: "2 * (X' * gA + Q' * gB) / N",
      db: "2 * sum(gA + gB, 1) / N",
    });
    expect(lineOf(result, "gA").holds).toBe("N/2·∂L/∂(X * W + b')");
    expect(result.firstWrong).toMatchObject({ name: "gB", repair: "gB = dV .* (1 - V.^2)" });
  });

  it("have the author's own names for what the model's statements are made of", () => {
    const model = parseModel(`
      T = size()
      X = input(T, 3)
      Y = target(T, 2)
      Wq = param(3, 4)
      Wk = param(3, 4)
      Wv = param(3, 2)
      A = softmax((X * Wq) * (X * Wk)' / 2, 2)
      O = A * (X * Wv)
      L = sum(sum((O - Y).^2)) / T`);
    const text = `
      dO = 2 * (O - Y) / T
      V = X * Wv
      dA = dO * V'
      dS = A .* (dA - sum(dA .* A, 2))
      K = X * Wk
      Q = X * Wq
      dQ = dS * Q / 2
      dK = dS' * Q / 2
      dWq = X' * dQ
      dWk = X' * dK`;
    expect(checkFormulas(model, text).firstWrong).toMatchObject({
      name: "dQ",
      repair: "dQ = dS * K / 2",
      diagnosis: [{ cause: "wrong-variable", used: "Q", instead: "K" }],
    });
  });
});

describe("the steps of a loop", () => {
  const model = parseModel(`
    h0 = input(2)
    x1 = input(3)
    x2 = input(3)
    x3 = input(3)
    t = target(2)
    V = param(2, 2)
    U = param(2, 3)
    h1 = tanh(U * x1 + V * h0)
    h2 = tanh(U * x2 + V * h1)
    h3 = tanh(U * x3 + V * h2)
    L = sum((h3 - t).^2)`);

  it("are told as one mistake where each is taken for the one after it", () => {
    const text = `
      q3 = 2 * (h3 - t) .* (1 - h3.^2)
      q2 = V' * q3 .* (1 - h2.^2)
      q1 = V' * q2 .* (1 - h1.^2)
      dV = q1 * h1' + q2 * h2' + q3 * h3'
      dU = q1 * x1' + q2 * x2' + q3 * x3'`;
    expect(checkFormulas(model, text).firstWrong).toMatchObject({
      name: "dV",
      repair: "dV = q1 * h0' + q2 * h1' + q3 * h2'",
      diagnosis: [{ cause: "wrong-variable", used: "h1, h2, h3", instead: "h0, h1, h2" }],
    });
  });
});

describe("a slope that is taken of the inputs", () => {
  const model = parseModel(`
    N = size()
    X = input(N, 3)
    t = target(N)
    w = param(3)
    z = X * w
    y = sigmoid(z)
    L = 1/2 * sum((t - y).^2) / N`);

  it.each([
    ["in a line of its own", "y - t", []],
    ["and the sign of an update", "t - y", ["sign"]],
  ])("is told: %s", (_, error, others) => {
    const { ok, firstWrong } = checkFormulas(
      model,
      `slope = sigmoid(X) .* (1 - sigmoid(X))
       term = (${error}) .* slope .* X
       dw = sum(term, 1) / N`,
    );
    expect(ok).toBe(false);
    const first = firstWrong!.diagnosis.filter(({ explanation }) => explanation === 1);
    expect(first.map(({ cause }) => cause).sort()).toEqual([...others, "wrong-variable"]);
    expect(first.find(({ cause }) => cause === "wrong-variable")).toMatchObject({
      used: "X",
      instead: "z",
    });
    expect(firstWrong!.repair).toBe(
      "dw = sum((y - t) .* (sigmoid(z) .* (1 - sigmoid(z))) .* X, 1) / N",
    );
  });

  it("may be called as claims are, where the model has nothing of a name like it", () => {
    const model = parseModel("x = input(3)\nw = param(3)\nb = param()\nL = sigmoid(dot(w, x) + b)");
    const text = "grad_out = L * (1 - L)\ndw = grad_out * x\ndb = grad_out";
    expect(checkFormulas(model, text)).toMatchObject({ ok: true });
    expect(() => checkFormulas(model, "grad_out = L * (1 - L)")).toThrow(
      "grad_out claims a derivative by out, which the model does not have",
    );
  });
});
