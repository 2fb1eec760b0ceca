import { afterEach, describe, expect, it, vi } from "vitest";
import { parseModel, verify } from "../../src/index.js";
import { operations } from "../../src/expression/operations/index.js";
import { verificationTable } from "../../src/render/terminal/verification.js";

const TWO_LAYERS = [
  "x = input(2)",
  "t = target(2)",
  "W1 = param(3, 2)",
  "W2 = param(2, 3)",
  "z1 = W1 * x",
  "a1 = sigmoid(z1)",
  "y = W2 * a1",
  "MSE = 1/2 * sum((t - y).^2)",
].join("\n");

const POINT = {
  x: [1, 3],
  t: [4, 1],
  W1: [
    [0.9, 0.6],
    [0.2, -0.4],
    [-0.1, 0.3],
  ],
  W2: [
    [1, -1, 0.5],
    [0.25, 0.5, -2],
  ],
};

describe("verify", () => {
  it("finds four ways in agreement, and says by how much and where they differ", () => {
    const result = verify(parseModel(TWO_LAYERS), POINT);
    expect(result.ok).toBe(true);
    expect(result.parameters.map(({ name, shape }) => [name, shape])).toEqual([
      ["W1", [3, 2]],
      ["W2", [2, 3]],
    ]);
    for (const { symbolic, backprop, differences } of result.parameters) {
      for (const column of [symbolic, backprop, differences]) {
        expect(column).toMatchObject({ verdict: "agrees", compared: 6, unjudged: 0 });
      }
      expect(symbolic.maxError).toBeLessThan(1e-15);
      expect(backprop.maxError).toBeLessThan(1e-15);
      expect(differences.maxError).toBeLessThan(1e-10);
      expect(differences.worst!.entry).toHaveLength(2);
      expect(differences.worst!.reference).toMatch(/^-?\d\.\d{40,}/);
    }
    const { symbolic, backprop, differences, precise, ok } = result.loss;
    expect(ok).toBe(true);
    for (const value of [symbolic, backprop, differences]) {
      expect(Math.abs(value - Number(precise)) / symbolic).toBeLessThan(1e-15);
    }
    expect(precise).toMatch(/^\d\.\d{45,}$/);
    expect(result).toMatchObject({ digits: 50, kinks: [], notes: [] });
  });

  it("is plain data", () => {
    const result = verify(parseModel(TWO_LAYERS), POINT);
    expect(JSON.parse(JSON.stringify(result))).toEqual(result);
  });

  it("draws a point where none is given, the same for the same seed", () => {
    const model = parseModel(TWO_LAYERS);
    expect(verify(model, undefined, { seed: 5 })).toEqual(verify(model, undefined, { seed: 5 }));
    expect(verify(model, undefined, { seed: 5 })).not.toEqual(
      verify(model, undefined, { seed: 6 }),
    );
  });

  it("takes any number of digits", () => {
    const { loss, digits } = verify(parseModel(TWO_LAYERS), POINT, { digits: 120 });
    expect(digits).toBe(120);
    expect(loss.precise!.length).toBeGreaterThan(115);
    expect(() => verify(parseModel(TWO_LAYERS), POINT, { digits: 3 })).toThrow("20 to 1000 digits");
  });

  it("names the operation where the loss is not a number", () => {
    const model = parseModel("a = param()\nL = log(a)");
    expect(() => verify(model, { a: -1 })).toThrow("the loss L is NaN at this point");
  });

  it("says that nothing is judged where there is no derivative", () => {
    const model = parseModel("v = param(2)\nL = sqrt(sum(v.^2))");
    const result = verify(model, { v: [0, 0] });
    expect(result.parameters[0]!.symbolic.verdict).toBe("not judged");
    expect(result.notes[0]).toBe("sqrt in L needs its operand positive");
    expect(verificationTable(result)).toContain("not every gradient could be judged");
  });

  it("judges a norm at 0 by its convention, and says so", () => {
    const result = verify(parseModel("v = param(2)\nL = norm(v)"), { v: [0, 0] });
    expect(result.ok).toBe(true);
    expect(result.parameters[0]!.symbolic.verdict).toBe("agrees");
    expect(result.kinks.map(({ convention }) => convention)).toEqual([
      "the derivative of a norm at 0 is 0",
    ]);
  });

  it("allows for cancellation, but for no more", () => {
    // the engine simplifies, the backprop cannot
    const simplified = "a = param()\nb = param()\nL = (a - (a - b))^2";
    expect(verify(parseModel(simplified), { a: 1e6, b: 0.013 }).ok).toBe(true);
    const cancelling = "a = param()\nL = 1e8 * (exp(a) - 1 - a)";
    expect(verify(parseModel(cancelling), { a: 1e-5 }).ok).toBe(true);
  });

  it("does not excuse what is not defined at the point, though x/x is simplified", () => {
    const result = verify(parseModel("x = param()\nL = x/x + x"), { x: 0 });
    expect(result.ok).toBe(false);
    expect(result.notes).toContain(
      "x: a statement, as it is written, is not defined at this point",
    );
  });

  it("does not ask for digits that doubles cannot have, where a statement overflows", () => {
    const text = "z = param(3)\np = exp(z) / sum(exp(z))\nL = -log(p[2])";
    const result = verify(parseModel(text), { z: [1000, 2000, -3000] });
    expect(result.ok).toBe(true);
    expect(result.parameters[0]).toMatchObject({
      symbolic: { verdict: "agrees" },
      backprop: { verdict: "not judged" },
    });
    expect(result.notes.join()).toContain("the matrix backprop overflows");
  });
});

describe("at a kink", () => {
  const model = parseModel("x = input(2)\nw = param(2)\nb = param(2)\nL = sum(relu(w .* x + b))");
  const point = { x: [1, 2], w: [1, 1], b: [-1, 3] };

  it("differences do not judge, and the convention is named", () => {
    const result = verify(model, point);
    expect(result.ok).toBe(true);
    expect(result.parameters[0]).toMatchObject({
      symbolic: { verdict: "agrees", unjudged: 0 },
      backprop: { verdict: "agrees", unjudged: 0 },
      differences: { verdict: "agrees", compared: 2, unjudged: 1 },
    });
    expect(result.kinks).toMatchObject([{ operation: "relu", convention: "relu′(0) = 0" }]);
    expect(result.notes.join()).toContain("differences cannot judge at a kink");
    expect(verificationTable(result)).toContain("at a kink: relu in L at [1]; relu′(0) = 0");
  });

  it("everywhere, there is nothing that differences judge", () => {
    const abs = parseModel("a = param()\nL = abs(a)");
    const { ok, parameters } = verify(abs, { a: 0 });
    expect(ok).toBe(true);
    expect(parameters[0]!.differences.verdict).toBe("not judged");
  });
});

describe("the check can fail", () => {
  afterEach(() => {
    vi.restoreAllMocks();
  });

  /** Puts another rule into the table, for one test. */
  function breakRule(name: string, rule: "derivative" | "code" | "decimal", wrong: unknown): void {
    const row = operations.get(name)!;
    vi.spyOn(row, rule).mockImplementation(wrong as never);
  }

  it("for a wrong derivative rule: σ′ = y(1 + y)", () => {
    const row = operations.get("sigmoid")!;
    vi.spyOn(row, "derivative").mockImplementation((graph, _, y) => [
      graph.multiply(y, graph.add(graph.one, y)),
    ]);
    const result = verify(parseModel(TWO_LAYERS), POINT);
    expect(result.ok).toBe(false);
    const [W1, W2] = result.parameters;
    // the engine agrees with itself; what shares no rule with it does not
    expect(W1).toMatchObject({
      name: "W1",
      ok: false,
      symbolic: { verdict: "agrees" },
      backprop: { verdict: "disagrees" },
      differences: { verdict: "disagrees" },
    });
    expect(W1!.backprop.maxError).toBeGreaterThan(0.1);
    expect(W2).toMatchObject({ name: "W2", ok: true });
    const table = verificationTable(result);
    expect(table).toMatch(/W1 3×2 .* WRONG/);
    expect(table).toMatch(/W2 2×3 .* ok/);
    expect(table).toMatch(/W1\[\d,\d\]: matrix backprop gives/);
    expect(table).toContain("The gradients DISAGREE.");
  });

  it.each([
    ["tanh", "000001"],
    ["sin", "000000001"],
    ["softplus", "00000000001"],
  ])("for a rule of %s that is wrong by a factor of 1.%s", (name, error) => {
    const row = operations.get(name)!;
    const right = row.derivative.bind(row);
    vi.spyOn(row, "derivative").mockImplementation((graph, args, y) =>
      right(graph, args, y).map((rule) => graph.multiply(graph.number(`1.${error}`), rule)),
    );
    const text = `w = param(3)\nv = param(3)\nL = sum(v .* ${name}(w))`;
    const { ok, parameters } = verify(parseModel(text));
    expect(ok).toBe(false);
    expect(parameters.map((one) => [one.name, one.ok])).toEqual([
      ["w", false],
      ["v", true],
    ]);
  });

  it("for a value that is wrong in doubles only", () => {
    breakRule("sigmoid", "code", (x: string) => `(1 / (1 + Math.exp(-${x})) + 1e-12)`);
    const { ok, loss, parameters } = verify(parseModel(TWO_LAYERS), POINT);
    expect(ok).toBe(false);
    expect(loss.ok).toBe(false);
    expect(parameters.every(({ symbolic }) => symbolic.verdict === "disagrees")).toBe(true);
  });

  it("for a value that is not a number", () => {
    breakRule("sigmoid", "code", () => "NaN");
    const { ok } = verify(parseModel(TWO_LAYERS), POINT);
    expect(ok).toBe(false);
  });
});

describe("large models", { timeout: 300_000 }, () => {
  const classifier = [
    "x = input(784)",
    "t = target(10)",
    "W1 = param(128, 784)",
    "b1 = param(128)",
    "W2 = param(10, 128)",
    "b2 = param(10)",
    "a1 = relu(W1 * x + b1)",
    "p = softmax(W2 * a1 + b2)",
    "L = -sum(t .* log(p))",
  ].join("\n");

  it("are differenced at some entries, and the notes say at how many", () => {
    const result = verify(parseModel(classifier));
    expect(result.ok).toBe(true);
    const [W1] = result.parameters;
    expect(W1!.backprop.compared).toBe(128 * 784);
    expect(W1!.differences.compared).toBeGreaterThanOrEqual(8);
    expect(W1!.differences.compared).toBeLessThan(5000);
    expect(result.notes).toContain(
      `W1: differences compared for ${W1!.differences.compared} of 100352 entries`,
    );
    const widths = verificationTable(result)
      .split("\n")
      .map((line) => line.length);
    expect(Math.max(...widths)).toBeLessThanOrEqual(100);
  });

  it("are sampled in 50 digits, or do without them", () => {
    const batch = "N = size()\nX = input(60, N)\nW = param(50, 60)\nL = sum(tanh(W * X).^2) / N";
    const model = parseModel(batch);
    const X = (count: number) =>
      Array.from({ length: 60 }, (_, i) =>
        Array.from({ length: count }, (_, k) => Math.sin(i + 7 * k) / 4),
      );
    const W = Array.from({ length: 50 }, (_, i) =>
      Array.from({ length: 60 }, (_, j) => Math.cos(i * j)),
    );
    const some = verify(model, { X: X(110), W });
    expect(some.ok).toBe(true);
    expect(some.notes.join()).toMatch(/50 digits compared for \d+ of 3000/);
    const none = verify(model, { X: X(900), W });
    expect(none).toMatchObject({ ok: true, loss: { precise: null } });
    expect(none.notes.join()).toContain("50 digits are too much work here");
  });
});

describe("the table", () => {
  it("has the exponent of a loss that is tiny", () => {
    const model = parseModel("x = input()\nw = param()\nL = exp(-x * w)");
    const table = verificationTable(verify(model, { x: 30, w: 1 }));
    // by the decimal module of Python
    expect(table).toMatch(/^L = 9\.357622968840174604915832223378706\d*e-14 \(50 digits\)$/m);
    const far = verificationTable(verify(model, { x: 3000, w: 1 }));
    expect(far).toMatch(/^L = 1\.3078390189212504\d+e-1303 \(50 digits\)$/m);
  });

  it("does not judge a loss that overflows as it is written", () => {
    const model = parseModel("x = input()\nw = param()\nL = log(1 + exp(x * w))");
    const table = verificationTable(verify(model, { x: 3000, w: 1 }));
    expect(table).toContain("symbolic 3000, backprop overflows (not judged), differences 3000: ok");
  });

  it("is aligned, at most 100 columns wide and without colours", () => {
    const table = verificationTable(verify(parseModel(TWO_LAYERS), POINT));
    const lines = table.split("\n");
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(100);
    expect(table).not.toContain("\u001B");
    const [head, W1, W2] = lines.slice(2, 5);
    expect(head).toMatch(/^ +symbolic +matrix backprop +differences$/);
    expect(W1).toMatch(/^W1 3×2 .* ok$/);
    const columns = (line: string) => [...line.matchAll(/ {2}\S/g)].map(({ index }) => index);
    expect(columns(W2!)).toEqual(columns(W1!));
    expect(lines.at(-1)).toBe("All gradients agree.");
  });
});
