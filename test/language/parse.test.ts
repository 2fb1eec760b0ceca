import { evaluate } from "mathjs";
import { describe, expect, it } from "vitest";
import { parseModel } from "../../src/language/model.js";
import { parseProgram } from "../../src/language/parse.js";
import { postorder } from "../../src/expression/walk.js";
import { namesIn, parts, rewritten, type Syntax } from "../../src/language/syntax.js";
import { syntaxText } from "../../src/language/text.js";
import { valueOf } from "./support.js";

const parse = (expression: string): Syntax =>
  parseProgram({ name: "test", text: `v = ${expression}` }).statements[0]!.expression;

describe("expressions", () => {
  it.each([
    ["a + b * c", "a + (b * c)"],
    ["(a + b) * c", "(a + b) * c"],
    ["a - b - c", "(a - b) - c"],
    ["a ^ b ^ c", "a ^ (b ^ c)"],
    ["-a ^ 2", "-(a ^ 2)"],
    ["a'^2", "a' ^ 2"],
    ["a / b * c", "(a / b) * c"],
    ["2 a b", "(2 * a) * b"],
    ["f(a, b, dim = 2)", "f(a, b, dim = 2)"],
    ["A[1, :]'", "A[1, :]'"],
    ["A[1:end, 2:3:7]", "A[1:end, 2:3:7]"],
    ["x[end]", "x[end]"],
    ["[1, 2; 3, 4]", "[1, 2; 3, 4]"],
    ["[[1, 2], [3, 4]]", "[1, 2; 3, 4]"],
    ["[1, 2, 3]", "[1, 2, 3]"],
    ["[1; 2]", "[1; 2]"],
  ])("%s is read as %s", (expression, text) => {
    expect(syntaxText(parse(expression))).toBe(text);
  });

  it("every node stands where it was written", () => {
    const text = "v = f(a, [1; -b]) .* c[2:end]'\n + 3 d";
    const { statements } = parseProgram({ name: "test", text: text.replace("\n", "") });
    const source = text.replace("\n", "");
    const heads: Readonly<Record<Syntax["kind"], (node: Syntax) => string>> = {
      number: (node) => (node as { text: string }).text,
      string: (node) => `"${(node as { text: string }).text}"`,
      name: (node) => (node as { name: string }).name,
      unary: (node) => (node as { operator: string }).operator,
      binary: (node) => (node as { operator: string }).operator,
      call: (node) => (node as { name: string }).name,
      index: () => "[",
      matrix: () => "[",
    };
    for (const node of postorder([statements[0]!.expression], parts)) {
      const isImplicit = node.kind === "binary" && node.operator === "*";
      if (!isImplicit)
        expect(source.startsWith(heads[node.kind](node), node.place.offset)).toBe(true);
    }
  });

  it.each([
    "2 + 3 * 4 - 5 / 2",
    "-2^2 + 2^-1 + 2^3^2",
    "-(2 + 1)^2",
    "7 - 3 - 2",
    "24 / 4 / 3",
    "2 (3 + 4)",
    "1e2 + .5 + 2.",
    "(1 < 2) + (2 <= 2) + (3 > 4) + (1 == 1) + (1 != 1)",
    "+3 - -4",
    "1/2 * 3",
    "6 / 2 (1 + 2)",
    "pi + e",
  ])("%s has the value that mathjs gives it", (expression) => {
    expect(valueOf(expression)).toBeCloseTo(Number(evaluate(expression)), 12);
  });

  it.each([
    ["[1, 2; 3, 4] * [5, 6]", [17, 39]],
    ["[1, 2; 3, 4]' * [5, 6]", [23, 34]],
    ["[1, 2, 3] .* [4, 5, 6]", [4, 10, 18]],
    ["[1, 2, 3]'", [[1, 2, 3]]],
    [
      "[1, 2; 3, 4] .^ 2",
      [
        [1, 4],
        [9, 16],
      ],
    ],
    [
      "[1, 2; 3, 4] - [1; 1]",
      [
        [0, 1],
        [2, 3],
      ],
    ],
  ])("%s", (expression, value) => {
    expect(valueOf(expression)).toEqual(value);
  });
});

describe("statements", () => {
  it("remember their text, without comments", () => {
    const { statements } = parseProgram({ name: "test", text: "a = 1 # one\nb = [1,\n2] # two" });
    expect(statements.map(({ text }) => text)).toEqual(["a = 1", "b = [1,\n2]"]);
  });

  it.each([
    ["\\mathbf {w}", "\\mathbf {w}"],
    ["\\mathbf 1", "\\mathbf 1"],
    ["\\mathbf w_1", "\\mathbf{w}_1"],
    ["\\widehat \\theta", "\\widehat{\\theta}"],
  ])("the symbol %s keeps its commands whole", (written, read) => {
    const { params } = parseModel(`w = param("${written}")\nL = w^2`);
    expect(params[0]!.symbol).toBe(read);
  });

  it("strings are symbols, with their backslashes", () => {
    const { params } = parseModel('w = param(2, "\\\\alpha_{1}")\nv = param("\\beta")\nL = v');
    expect(params.map(({ symbol }) => symbol)).toEqual(["\\alpha_{1}", "\\beta"]);
  });

  it("constants are exact", () => {
    expect(valueOf("0.1 + 0.2 - 0.3")).toBe(0);
    expect(valueOf("1e-300 * 1e300")).toBe(1);
  });
});

describe("expressions with others in place of parts", () => {
  it.each([
    ["-a'", "-b'"],
    ["a + c * a", "b + (c * b)"],
    ["f(a, dim = a)", "f(b, dim = b)"],
    ["A[a, 1:a:end]", "A[b, 1:b:end]"],
    ["[a, c; 1, g(a)]", "[b, c; 1, g(b)]"],
  ])("%s becomes %s", (text, expected) => {
    const other = rewritten(parse(text), (node) =>
      node.kind === "name" && node.name === "a" ? parse("b") : undefined,
    );
    expect(syntaxText(other)).toBe(expected);
    expect(namesIn(other)).not.toContain("a");
  });
});
