import { readdirSync, readFileSync } from "node:fs";
import { checkFormulas, parseModel } from "chainrule";
import { describe, expect, it } from "vitest";
import { rightFormula } from "../../src/check/formulas/right-formula.js";
import { parseProgram } from "../../src/language/parse.js";
import { printSyntax } from "../../src/language/print.js";

const folder = new URL("../../examples/", import.meta.url);
const models = readdirSync(folder)
  .filter((name) => name.endsWith(".model") && name !== "wrong.model")
  .map((name) => [name, readFileSync(new URL(name, folder), "utf8")] as const);

describe("right formulas, printed, read back and checked", () => {
  it.each(models)("%s", (_, text) => {
    const model = parseModel(text);
    const defined = model.definitions.map(({ quantity }) => quantity);
    const wanted = [...model.params, ...defined.filter(({ role }) => role === "definition")];
    const statements = new Map<string, string>();
    for (const quantity of wanted) {
      const formula = rightFormula(model, quantity);
      expect(formula, quantity.name).toBeDefined();
      for (const { name, text: statement } of [...formula!.before, formula!]) {
        // operands may stand in another order the second time
        if (!statements.has(name)) statements.set(name, statement);
      }
    }
    const { checks } = checkFormulas(model, [...statements.values()].join("\n"));
    expect(checks.filter(({ ok }) => !ok)).toEqual([]);
    expect(checks.length).toBeGreaterThanOrEqual(wanted.length);
  });

  it("use names that are known, and take none of the model's", () => {
    const model = parseModel("x = input(2)\nW = param(2, 2)\ndW = W * x\nL = sum(dW.^2)");
    const [W] = model.params;
    const dW = model.scope.get("dW")!.quantity!;
    expect(rightFormula(model, W!)!.text).toBe("grad_W = ddW * x'");
    const known = rightFormula(model, W!, new Map([[dW, "delta"]]));
    expect(known!.text).toBe("grad_W = delta * x'");
    expect(known!.before).toEqual([]);
  });
});

describe("what repeats a column or a row", () => {
  it.each([
    ["P = softmax(Z, 2)\nL = sum(A .* P)", "Z", "dZ = P .* (dP - sum(dP .* P, 2))"],
    ["s = sum(Z.^2, 1)\nQ = Z ./ s'\nL = sum(A .* Q)", "Z", "dZ = dQ ./ s' + 2 * (Z .* ds')"],
    // a column and a row are of no one shape
    ["c = sum(Z, 2)\nr = sum(Z, 1)\nL = sum(c.^2) + sum(r.^3)", "Z", /^dZ = .*ones/],
  ])("is stretched by the language where it stands beside a matrix: %s", (text, name, wanted) => {
    const model = parseModel(`Z = param(3, 4)\nA = input(3, 4)\n${text}`);
    const formula = rightFormula(model, model.scope.get(name)!.quantity!)!;
    if (typeof wanted === "string") expect(formula.text).toBe(wanted);
    else expect(formula.text).toMatch(wanted);
    const statements = [...formula.before.map((one) => one.text), formula.text];
    expect(checkFormulas(model, statements.join("\n")).ok).toBe(true);
  });
});

it("the trace of a product with a transpose is a sum of products of entries", () => {
  const model = parseModel(`
    N = size()
    X = input(N, 8)
    k = param(2)
    g = param()
    V = param(6, 6)
    Z = k[1] * X[:, 1:6] + k[2] * X[:, 2:7] + g * X[:, 1:6] * V
    L = sum(tanh(Z).^2)`);
  const textOf = (name: string) => rightFormula(model, model.scope.get(name)!.quantity!)!;
  expect(textOf("k").text).toBe("dk = concat(sum(dZ .* X[:, 1:6]), sum(dZ .* X[:, 2:7]))");
  expect(textOf("g").text).toBe("dg = sum(dZ .* (X[:, 1:6] * V))");
  const statements = [...textOf("k").before, textOf("k"), textOf("g")].map(({ text }) => text);
  expect(checkFormulas(model, statements.join("\n")).ok).toBe(true);
});

it("the derivatives by summands of the loss are numbers, and are put in", () => {
  const model = parseModel(`
    w = param(3)
    E = sum(exp(w))
    R = sum(w.^2)
    L = E + 3 * R`);
  const [w] = model.params;
  expect(rightFormula(model, w!)).toMatchObject({ text: "dw = 6 * w + exp(w)", before: [] });
  const R = model.scope.get("R")!.quantity!;
  expect(rightFormula(model, R)!.text).toBe("dR = 3");
});

describe("derivatives by what is used in slices", () => {
  const gates = `
    N = size()
    X = input(N, 3)
    W = param(3, 5)
    u = param(5)
    Z = X * W`;

  it.each([
    [
      "L = sum(tanh(Z[:, 1:2])) + sum(sigmoid(Z[:, 3:5]).^2)",
      "Z",
      /^dZ = concat\(1 - tanh\(.*\)\.\^2, .*, 2\)$/,
    ],
    [
      "L = 3 * sum(u[1:2].^2) - sum(exp(u[4]))",
      "u",
      /^du = concat\(6 \* u\[1:2\], 0, -exp\(u\[4\]\), 0, 1\)$/,
    ],
    // overlapping slices are no blocks
    ["L = sum(u[1:3].^2) + sum(u[3:5].^3)", "u", /^du = .*identity\(5\)/],
  ])("%s", (loss, name, pattern) => {
    const model = parseModel(`${gates}\n${loss}`);
    const { before, text } = rightFormula(model, model.scope.get(name)!.quantity!)!;
    expect(text).toMatch(pattern);
    const statements = [...before.map((one) => one.text), text];
    expect(checkFormulas(model, statements.join("\n")).ok).toBe(true);
  });
});

describe("printed syntax", () => {
  it.each([
    "a - (b - c)",
    "(a + b) * c'",
    "(a * b)'",
    "-(a + b)",
    "-a .* b",
    "a .* (-b)",
    "a.^(-1)",
    "(-a).^2",
    "-a.^2",
    "(a.^b).^c",
    "a ./ (b .* c)",
    "(a * b) .* c",
    "a * (b .* c)",
    "2 * a / b",
    "(a > 0) .* b",
    "a > b + c",
    "sum(a, 2)'",
    "A[1, :]",
    "A[2:3, 1]",
    "A[:, 1:end - 1]",
    "x[end]",
    "[1, 2; 3, 4] * x",
    "[1, a + b]",
    "softmax(A, dim = 2)",
    "identity(3)[:, 2]",
    "a^2 * b",
  ])("%s is printed as it was read", (text) => {
    const [statement] = parseProgram({ name: "t", text: `y = ${text}` }).statements;
    expect(printSyntax(statement!.expression)).toBe(text);
  });
});

it.each([
  ["0.00001 * sum(exp(w))", "dw = 0.00001 * exp(w)"],
  ["0.37 * sum(exp(w))", "dw = 0.37 * exp(w)"],
  ["sum(exp(w)) / 2000", "dw = 0.0005 * exp(w)"],
  // means over a few, and what would be a long decimal, stay as they are
  ["sum(exp(w)) / 10", "dw = exp(w) / 10"],
  ["sum(exp(w)) / 128", "dw = exp(w) / 128"],
  ["sum(exp(w)) / 300", "dw = exp(w) / 300"],
  ["0.7 * sum(exp(w))", "dw = 0.7 * exp(w)"],
  ["0.5 * sum((w - 0.1).^2)", "dw = w - 0.1"],
  ["0.5 * sum((0.9 * w - 0.35).^2)", "dw = 0.9 * (0.9 * w - 0.35)"],
  ["sum(relu(0.9 - w).^2) / 2", "dw = -relu(0.9 - w)"],
])("numbers are written as people write them: %s", (loss, text) => {
  const model = parseModel(`w = param(3)\nL = ${loss}`);
  expect(rightFormula(model, model.params[0]!)!.text).toBe(text);
  expect(checkFormulas(model, text).ok).toBe(true);
});

it("transposes and sums are written with as few signs as they need", () => {
  const model = parseModel(`
    N = size()
    X = input(N, 3)
    Q = input(N, 3)
    b = param(3)
    U = tanh(X + b')
    V = tanh(Q + b')
    L = sum(sum(U .* V))`);
  const [b] = model.params;
  const known = new Map(["U", "V"].map((name) => [model.scope.get(name)!.quantity!, `d${name}`]));
  expect(rightFormula(model, b!, known)!.text).toBe(
    "db = sum(dV .* (1 - V.^2) + dU .* (1 - U.^2), 1)",
  );
});

it("a number before a product of entries needs no brackets", () => {
  const text = "y = 0.1 * A .* B";
  const [statement] = parseProgram({ name: "t", text }).statements;
  expect(`y = ${printSyntax(statement!.expression)}`).toBe(text);
});
