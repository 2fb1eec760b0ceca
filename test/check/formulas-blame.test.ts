import { checkFormulas, parseModel } from "chainrule";
import { describe, expect, it } from "vitest";

describe("a line of one's own is told where it is at fault", () => {
  const NORM = `
    x = input(4)
    t = target(4)
    W = param(4, 4)
    g = param(4)
    u = W * x
    m = mean(u)
    c = u - m
    v = mean(c.^2)
    s = sqrt(v + 0.00001)
    h = c / s
    y = g .* h
    L = 1/2 * sum((y - t).^2)`;
  const VAE = `
    mu = param(3)
    lv = param(3)
    e = input(3)
    x = target(3)
    W = param(3, 3)
    z = mu + exp(lv/2) .* e
    r = W * z
    L = sum((r - x).^2)/2 - 1/2 * sum(1 + lv - mu.^2 - exp(lv))`;
  const GATE = `
    x = input(3)
    t = target(3)
    A = param(3, 3)
    r = tanh(A * x)
    L = sum(log(1 + exp(r - t)))`;
  const RIDGE = `
    N = size()
    X = input(N, 3)
    y = target(N)
    w = param(3)
    b = param()
    lambda = input()
    r = X * w + b - y
    L = sum(r.^2)/2 + lambda/2 * sum(w.^2)`;
  const LINEAR = `
    N = size()
    X = input(N, 3)
    T = target(N, 4)
    Q = input(N, 2)
    W = param(3, 4)
    V = param(2, 4)
    b = param(4)
    S = X * W + Q * V + b'
    L = sum((S - T).^2)/(2*N)`;

  it.each([
    [
      "with a number that the next one divides by, and a wrong name",
      NORM,
      `dy = y - t
      dh = dy .* g
      dv = -sum(dh .* c) / (2 * s^3)
      dc = dh / s + dv * c / 2
      dm = -sum(dc)
      k0 = 0.1 * (dc + m / 4)
      h1 = k0 / 0.1
      dW = h1 * x'`,
      "k0 = 0.1 * (dc + dm / 4)",
    ],
    [
      "with such a number, where it is a multiple of a derivative by accident",
      VAE,
      `dr = r - x
      k0 = 7 * (0.1 * (W' * dr))
      dmu = mu + k0 / 7
      dlv = (exp(lv) + (k0 / 7) .* e .* exp(lv / 2) - 1) / 2`,
      "k0 = 7 * (W' * dr)",
    ],
    [
      "of a shape that what uses it takes over",
      GATE,
      `h0 = (-1) * (r - A)
      dr = sigmoid(h0 / (-1))`,
      "h0 = -1 * (r - t)",
    ],
    [
      "of a shape that fits nothing",
      RIDGE,
      `h0 = lambda * y
      dw = h0 + X' * r`,
      "h0 = lambda * w",
    ],
    [
      "beside a claim that has no value",
      LINEAR,
      `G = T - S
      dW = X' * G / N
      dV = Q' * G / N
      db = sum(G, 1) / N + 0.1 * b'`,
      "G = S - T",
    ],
  ])("%s", (_, model, text, repair) => {
    const { firstWrong } = checkFormulas(parseModel(model), text);
    expect(firstWrong!.repair).toBe(repair);
  });

  it.each([
    ["h0 = X' * r\n dw = h0\n db = sum(r)", 2, "dw", "add lambda * w"],
    ["h0 = lambda * w\n dw = h0\n db = sum(r)", 2, "dw", "add the path through r"],
    ["h0 = X' * r - lambda * w\n dw = h0\n db = sum(r)", 1, "h0", "wrong sign"],
  ])("a term is lost where a claim repeats one share by name: %s", (text, line, name, said) => {
    const { firstWrong } = checkFormulas(parseModel(RIDGE), text);
    expect(firstWrong).toMatchObject({ line, name });
    expect(firstWrong!.diagnosis[0]!.text).toContain(said);
  });

  describe("where fewer lines are wrong then", () => {
    const NET = parseModel(`
      N = size()
      X = input(N, 3)
      T = target(N, 3)
      W1 = param(3, 4)
      b1 = param(4)
      W2 = param(4, 3)
      b2 = param(3)
      Z1 = X * W1 + b1'
      A1 = tanh(Z1)
      Z2 = A1 * W2 + b2'
      P = softmax(Z2, 2)
      L = -sum(T .* log(P)) / N + 0.05 * sum(W1.^2) + 0.05 * sum(W2.^2)`);
    const RIGHT = {
      G: "P - T",
      dW2: "A1' * G / N + 0.1 * W2",
      db2: "sum(G, 1) / N",
      H: "(G * W2') .* (1 - A1.^2)",
      dW1: "X' * H / N + 0.1 * W1",
      db1: "sum(H, 1) / N",
    };
    const faultsOf = (slips: Partial<typeof RIGHT>) => {
      const text = Object.entries({ ...RIGHT, ...slips }).map(([name, by]) => `${name} = ${by}`);
      const { lines, checks, notes } = checkFormulas(NET, text.join("\n"));
      const faults = lines.flatMap((line) => {
        const {
          ok,
          followsFrom,
          diagnosis = [],
        } = checks.find((one) => one.line === line.line) ?? line;
        const own = diagnosis.filter(
          ({ explanation, text: said }) => explanation === 1 && !said.startsWith("follows"),
        );
        return ok || followsFrom
          ? []
          : [`${line.name}: ${own.map((one) => one.cause).join(" + ")}`];
      });
      return { faults, notes };
    };

    it.each([
      ["dW1", "X' * H + 0.1 * W1"],
      ["db1", "sum(H, 1)"],
    ] as const)("one of two claims has a mistake of its own: %s", (name, slip) => {
      expect(faultsOf({ H: "G * W2'", [name]: slip }).faults).toEqual([
        "H: missing-factor",
        `${name}: constant-factor`,
      ]);
    });

    it("a claim that undoes the mistake is right as it stands", () => {
      const { faults, notes } = faultsOf({ G: "T - P", db1: "-sum(H, 1) / N" });
      expect(faults).toEqual(["G: sign"]);
      expect(notes).toContain(
        "line 6 (db1) is right as a whole: it undoes what is wrong in line 1 (G)",
      );
    });

    it("but not where each of the claims has one mistake anyhow", () => {
      expect(faultsOf({ db1: "sum(G * W2', 1) / N" }).faults).toEqual(["db1: missing-factor"]);
    });
  });

  describe("and what holds a derivative exactly is right, whatever mends the claims", () => {
    const GATED = parseModel(`
      x = input(2)
      h = input(3)
      t = target(3)
      Wr = param(3, 2)
      Ur = param(3, 3)
      Un = param(3, 3)
      r = sigmoid(Wr * x + Ur * h)
      n = tanh(Un * (r .* h))
      L = 1/2 * sum((n - t).^2)`);
    it.each([
      ["a sign", "ar = -q .* h .* r .* (1 - r)", "ar has a wrong sign"],
      ["a factor", "ar = q .* r .* (1 - r)", "ar lacks the factor h beside r"],
    ])("%s that the last line of one's own lacks", (_, slip, said) => {
      const text = ["g = n - t", "an = g .* (1 - n.^2)", "q = Un' * an", slip];
      const claims = ["grad_Wr = ar * x'", "grad_Ur = ar * h'"];
      const { lines, firstWrong } = checkFormulas(GATED, [...text, ...claims].join("\n"));
      expect(lines.slice(0, 3).map(({ ok }) => ok)).toEqual([true, true, true]);
      expect(lines[2]!.holds).toBe("∂L/∂(r .* h)");
      expect(firstWrong).toMatchObject({ line: 4, name: "ar" });
      expect(firstWrong!.diagnosis[0]!.text).toBe(said);
    });
  });
});
