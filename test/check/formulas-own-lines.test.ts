import { checkFormulas, parseModel } from "chainrule";
import { describe, expect, it } from "vitest";

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

describe("lines that are no derivative", () => {
  const SKIP = parseModel(`
    N = size()
    X = input(N, 3)
    t = target(N, 4)
    W = param(3, 4)
    b = param(4)
    c = param(4)
    Z = X * W
    Y = (tanh(Z + b') + 0.1 * sigmoid(Z)) .* c'
    L = sum((Y - t).^2) / N`);
  const RIGHT = {
    G: "2 * (Y - t) / N",
    dc: "sum(G .* (tanh(Z + b') + 0.1 * sigmoid(Z)), 1)",
    slope: "1 - tanh(Z + b').^2",
    gate: "sigmoid(Z) .* (1 - sigmoid(Z))",
    E: "G .* c'",
    db: "sum(E .* slope, 1)",
    share: "0.1 * E .* gate",
    dW: "X' * (E .* slope + share)",
    dX: "(E .* slope + share) * W'",
  };
  it.each([
    ["slope", "1 - tanh(Z + b')", "wrong-function"],
    ["gate", "sigmoid(Z) .* (1 + sigmoid(Z))", "sign"],
    ["gate", "sigmoid(Z) .* (1 - sigmoid(Z)) / 2", "constant-factor"],
    ["share", "0.1 * E .* gate .* gate", "extra-factor"],
    ["share", "0.1 * G .* gate", "wrong-variable"],
  ])(
    "are told where one mistake less mends all claims that use them: %s = %s",
    (name, by, cause) => {
      const text = Object.entries({ ...RIGHT, [name]: by }).map((pair) => pair.join(" = "));
      const { checks, firstWrong } = checkFormulas(SKIP, text.join("\n"));
      expect(firstWrong).toMatchObject({ name, diagnosis: [{ cause }] });
      const own = checks.filter(({ ok, followsFrom }) => !ok && !followsFrom);
      expect(own).toEqual([]);
      // what it says is right
      const repaired = text.map((one) => (one.startsWith(`${name} =`) ? firstWrong!.repair! : one));
      expect(checkFormulas(SKIP, repaired.join("\n")).ok).toBe(true);
    },
  );

  it("are not blamed where one claim uses them wrongly", () => {
    const model = parseModel(`
      x = input(3)
      t = target(2)
      W = param(2, 3)
      V = param(2, 2)
      h = tanh(W * x)
      L = sum((V * h - t).^2)`);
    const { firstWrong } = checkFormulas(
      model,
      `g = 2 * (V * h - t)
       dV = g * h'
       V2 = V - 0.1 * dV
       dh = V2' * g
       dW = (dh .* (1 - h.^2)) * x'`,
    );
    expect(firstWrong).toMatchObject({ name: "dh", repair: "dh = V' * g" });
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

describe("entries that are put together in brackets", () => {
  const CONV = parseModel(`
    N = size()
    X = input(N, 8)
    t = target(N)
    k = param(3)
    w = param(6)
    Z = k[1]*X[:, 1:6] + k[2]*X[:, 2:7] + k[3]*X[:, 3:8]
    L = sum((tanh(Z)*w - t).^2)/N`);
  const RIGHT = {
    A: "tanh(Z)",
    e: "2*(A*w - t)",
    dw: "A'*e/N",
    B: "e*w'",
    D: "B .* (1 - A.^2)",
    k1: "sum(D .* X[:, 1:6])",
    k2: "sum(D .* X[:, 2:7])",
    k3: "sum(D .* X[:, 3:8])",
    dk: "[k1; k2; k3]/N",
  };
  const checked = (slips: Partial<typeof RIGHT>) => {
    const all = Object.entries({ ...RIGHT, ...slips });
    return checkFormulas(CONV, all.map(([name, by]) => `${name} = ${by}`).join("\n"));
  };
  const causesIn = ({ checks, lines }: ReturnType<typeof checked>): string[] =>
    [...checks, ...lines].flatMap(({ diagnosis = [] }) =>
      diagnosis.filter(({ explanation }) => explanation === 1).map(({ cause }) => cause),
    );

  it("are right", () => {
    expect(checked({}).ok).toBe(true);
  });

  it("are read through, with a mistake above them and one in them", () => {
    const causes = causesIn(checked({ D: "B .* (1 - A)", k2: RIGHT.k1 }));
    expect(new Set(causes)).toEqual(new Set(["wrong-function", "wrong-variable"]));
  });

  it.each([
    ["[k1; k1; k3]/N", "wrong-variable"],
    ["[k1; -k2; k3]/N", "sign"],
  ])("are told one by one: %s", (dk, cause) => {
    const { checks } = checked({ dk });
    const [first] = checks.find(({ name }) => name === "k")!.diagnosis;
    expect(first).toMatchObject({ cause });
  });
});

describe("a factor of a matrix product that is left out", () => {
  const MLP = parseModel(`
    x = input(3)
    t = target(2)
    lambda = input()
    W1 = param(4, 3)
    W2 = param(2, 4)
    a = tanh(W1 * x)
    y = W2 * a
    L = 1/2 * sum((y - t).^2) + lambda/2 * sum(W1.^2)`);
  const RIGHT = {
    dy: "y - t",
    dW2: "dy * a'",
    da: "W2' * dy",
    dz: "da .* (1 - a.^2)",
    dW1: "dz * x' + lambda * W1",
  };

  it.each([
    ["dW2", "dy", "a'", "dW2 lacks the factor a' behind dy"],
    ["dW2", "a'", "dy", "dW2 lacks the factor dy in front of a'"],
    ["da", "dy", "W2'", "da lacks the factor W2' in front of dy"],
    ["da", "W2'", "dy", "da lacks the factor dy behind W2'"],
    ["dW1", "dz + lambda * W1", "x'", "dW1 lacks the factor x' behind dz"],
  ])("%s = %s is told before the shape", (name, slip, factor, text) => {
    const lines = Object.entries({ ...RIGHT, [name]: slip }).map(([one, by]) => `${one} = ${by}`);
    const { firstWrong } = checkFormulas(MLP, lines.join("\n"));
    const [first] = firstWrong!.diagnosis;
    expect(firstWrong!.name).toBe(name);
    expect(first).toMatchObject({ cause: "missing-factor", factor });
    expect(first!.text.startsWith(text)).toBe(true);
    expect(firstWrong!.repair).toBe(`${name} = ${RIGHT[name as keyof typeof RIGHT]}`);
  });
});

describe("a mean where the sum belongs", () => {
  const SOFTMAX = parseModel(`
    N = size()
    X = input(N, 3)
    T = target(N, 4)
    W = param(3, 4)
    b = param(4)
    S = X * W + b'
    P = softmax(S, 2)
    L = -sum(T .* log(P))/N`);
  const RIGHT = {
    dP: "-T ./ P / N",
    dS: "P .* (dP - sum(dP .* P, 2))",
    dW: "X' * dS",
    db: "sum(dS, 1)",
  };

  it.each([
    ["dS", "P .* (dP - mean(dP .* P, 2))", 1 / 4, "mean(dP .* P, 2)", "sum(dP .* P, 2)"],
    ["db", "mean(dS, 1)", "1/N", "mean(dS, 1)", "sum(dS, 1)"],
  ])("of %s is told as that: %s", (name, slip, factor, used, instead) => {
    const lines = Object.entries({ ...RIGHT, [name]: slip }).map(([one, by]) => `${one} = ${by}`);
    const { firstWrong } = checkFormulas(SOFTMAX, lines.join("\n"));
    const text = `${name} has ${used} where the sum belongs, ${instead}`;
    const [first] = firstWrong!.diagnosis;
    expect(first).toMatchObject({ cause: "constant-factor", factor, used, instead, text });
    expect(firstWrong!.repair).toBe(`${name} = ${RIGHT[name as keyof typeof RIGHT]}`);
  });
});
