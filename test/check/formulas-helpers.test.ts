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

describe("lines that leave a constant to the claims", () => {
  const UNNAMED = parseModel(`
    N = size()
    X = input(N, 3)
    t = target(N, 2)
    W = param(3, 4)
    b = param(4)
    U = param(4, 2)
    L = 1/(2*N) * sum((sigmoid(X * W + b') * U - t).^2)`);
  const NAMED = parseModel(`
    N = size()
    X = input(N, 3)
    t = target(N, 2)
    W = param(3, 4)
    b = param(4)
    U = param(4, 2)
    Z = X * W + b'
    A = sigmoid(Z)
    Y = A * U
    L = 1/(2*N) * sum((Y - t).^2)`);
  const RIGHT = {
    A: "sigmoid(X * W + b')",
    G: "A * U - t",
    dU: "A' * G / N",
    R: "G * U'",
    R2: "R .* A .* (1 - A)",
    dW: "X' * R2 / N",
    db: "mean(R2, 1)",
  };
  const checked = (slips: Partial<typeof RIGHT>, model = UNNAMED) => {
    const all = Object.entries({ ...RIGHT, ...slips });
    const own = all.filter(([name]) => !model.scope.has(name));
    return checkFormulas(model, own.map(([name, by]) => `${name} = ${by}`).join("\n"));
  };
  const faultsOf = ({ lines, checks }: ReturnType<typeof checked>) =>
    lines
      .map((line) => ({ ...line, ...checks.find((one) => one.line === line.line), of: line.name }))
      .filter(({ ok, followsFrom }) => !ok && !followsFrom)
      .map(({ of, diagnosis = [] }) => {
        const own = diagnosis.filter(
          ({ explanation, text }) => explanation === 1 && !text.startsWith("follows"),
        );
        return `${of}: ${own.map(({ cause }) => cause).join(" + ")}`;
      });

  it("are told with it", () => {
    const { ok, lines } = checked({});
    expect(ok).toBe(true);
    expect(lines.map(({ holds }) => holds)).toEqual([
      "sigmoid(X * W + b')",
      "N·∂L/∂(sigmoid(X * W + b') * U - t)",
      "∂L/∂U",
      "N·∂L/∂(sigmoid(X * W + b'))",
      "N·∂L/∂(X * W + b')",
      "∂L/∂W",
      "∂L/∂b",
    ]);
  });

  it.each([
    ["a sign in the first line", { G: "A * U + t" }, ["G: sign"]],
    ["another weight", { R: "G * (U .* U)'" }, ["R: extra-factor"]],
    ["a sign in the slope", { R2: "R .* A .* (1 + A)" }, ["R2: sign"]],
    ["half a slope", { R2: "R .* (1 - A)" }, ["R2: missing-factor"]],
    ["a claim without the constant", { db: "sum(R2, 1)" }, ["db: constant-factor"]],
    [
      "half a slope, and a claim without the constant",
      { R2: "R .* (1 - A)", db: "sum(R2, 1)" },
      ["R2: missing-factor", "db: constant-factor"],
    ],
  ])("are told where the mistake is, of parts and of quantities: %s", (_, slips, faults) => {
    for (const model of [UNNAMED, NAMED]) expect(faultsOf(checked(slips, model))).toEqual(faults);
  });

  it.each([
    ["a value without its bias", "sigmoid(X * W)", "missing-term"],
    ["another function", "tanh(X * W + b')", "wrong-function"],
    ["a bias for weights", "sigmoid(X * W + U[:, 1]')", "wrong-function"],
  ])("are wrong where they hold the wrong values: %s", (_, A, cause) => {
    const result = checked({ A });
    expect(faultsOf(result)).toEqual([`A: ${cause}`]);
    expect(result.firstWrong!.repair).toBe("A = sigmoid(X * W + b')");
  });

  it("have no text about names that nobody gave", () => {
    const { firstWrong } = checked({ R2: "R .* (1 - A)" });
    expect(firstWrong).toMatchObject({
      repair: "R2 = R .* (A .* (1 - A))",
      right: ["R2 = R .* A .* (1 - A)"],
      matrix: ["∂L/∂(X * W + b') = ∂L/∂A ⊙ A ⊙ (1 - A)"],
    });
    expect(firstWrong!.diagnosis[0]!.text).toBe(
      "R2 lacks the factor A beside 1 - A: sigmoid'(X * W + b') is A .* (1 - A)",
    );
  });

  it("may leave a sign to them", () => {
    const signs = { G: "t - A * U", dU: "-A' * G / N", dW: "-X' * R2 / N", db: "-mean(R2, 1)" };
    const { ok, lines } = checked(signs);
    expect(ok).toBe(true);
    expect(lines[4]!.holds).toBe("-N·∂L/∂(X * W + b')");
    expect(faultsOf(checked({ ...signs, R2: "R .* (1 - A)" }))).toEqual(["R2: missing-factor"]);
  });
});

describe("many lines of one's own", () => {
  it("are looked at near the first wrong claim", () => {
    const layers = [1, 2, 3, 4];
    const model = parseModel(`
      N = size()
      A0 = input(N, 3)
      t = target(N, 3)
      ${layers.map((k) => `W${k} = param(3, 3)\n b${k} = param(3)`).join("\n")}
      ${layers.map((k) => `A${k} = tanh(A${k - 1} * W${k} + b${k}') + 0.1 * A${k - 1}`).join("\n")}
      L = sum((A4 - t).^2) / (2 * N)`);
    const text = [
      "g4 = A4 - t",
      ...layers
        .toReversed()
        .flatMap((k) => [
          `h${k} = tanh(A${k - 1} * W${k} + b${k}')`,
          `s${k} = ${k === 1 ? "1 - h1" : `1 - h${k}.^2`}`,
          `r${k} = g${k} .* s${k}`,
          `dW${k} = A${k - 1}' * r${k} / N`,
          `db${k} = mean(r${k}, 1)`,
          `g${k - 1} = r${k} * W${k}' + 0.1 * g${k}`,
        ]),
    ].join("\n");
    const { lines, firstWrong } = checkFormulas(model, text.split("\n").slice(0, -1).join("\n"));
    expect(lines.filter(({ holds }) => holds?.includes("∂")).length).toBeGreaterThan(10);
    expect(firstWrong).toMatchObject({ name: "r1", repair: "r1 = g1 .* (1 - h1.^2)" });
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
