import { describe, expect, it } from "vitest";
import { chainrule, goldens, useFolder } from "./support.js";

const { file } = useFolder();

describe("models that are wrong", () => {
  it.each(goldens("bad-models.txt"))("$title", async ({ input, output }) => {
    const result = await chainrule(["grad", file("bad.model", input)]);
    expect(result).toEqual({ status: 2, stdout: "", stderr: `${output}\n` });
  });
});

/** The first line of the message: for models that are too long to print. */
async function firstLine(model: string | Uint8Array): Promise<string> {
  const { status, stdout, stderr } = await chainrule(["grad", file("bad.model", model)]);
  expect(status).toBe(2);
  expect(stdout).toBe("");
  expect(stderr).not.toMatch(/internal error|^\s+at /m);
  expect(Math.max(...stderr.split("\n").map((line) => line.length))).toBeLessThan(500);
  return stderr.split("\n")[0]!;
}

const using = (expression: string): string => `x = param()\nL = ${expression}`;

describe("models that are too much", () => {
  it.each([
    [
      "3,000 round brackets",
      "(".repeat(3000) + "x" + ")".repeat(3000),
      "205: brackets nested more than 200 deep",
    ],
    ["3,000 square brackets", "[".repeat(3000), "205: brackets nested more than 200 deep"],
    [
      "1,000 calls",
      "exp(".repeat(1000) + "x" + ")".repeat(1000),
      "808: brackets nested more than 200 deep",
    ],
    ["5,000 minus signs", "-".repeat(5000) + "x", "1005: the expression is nested too deeply"],
    ["400,000 minus signs", "-".repeat(400_000) + "x", "5: the expression is nested too deeply"],
    ["100,000 transposes", "x" + "'".repeat(100_000), "5: the expression is nested too deeply"],
    ["3,000 indices", "x" + "[1]".repeat(3000), "5: the expression is nested too deeply"],
    ["20,000 powers", Array(20_000).fill("x").join("^"), "5: the expression is nested too deeply"],
    [
      "a name of a megabyte",
      "x + " + "y".repeat(999_000),
      "9: a name has at most 200 characters, not 999000",
    ],
    [
      "a number of a megabyte",
      "1".repeat(999_900),
      `5: the number ${"1".repeat(40)}… is beyond double precision`,
    ],
    [
      "100,000 arguments",
      `sum(${Array(100_000).fill("x").join(",")})`,
      "5: sum takes at most 2 arguments, not 100000",
    ],
  ])("%s", async (_, expression, message) => {
    expect(await firstLine(using(expression))).toBe(`bad.model:2:${message}`);
  });

  it("more than a million bytes", async () => {
    expect(await firstLine(`${using("x")} # ${"y".repeat(1_000_000)}`)).toBe(
      "bad.model: too long; a model has at most 1 million bytes",
    );
  });

  it("a binary file", async () => {
    expect(await firstLine(Uint8Array.of(0x7f, 0x45, 0x4c, 0x46, 2, 1, 1, 0, 0))).toBe(
      "bad.model: not a text file: byte 8 is 0; a model is UTF-8",
    );
  });

  it("Latin 1", async () => {
    expect(await firstLine(Buffer.from("# é\nx = 1\n# \xe9", "latin1"))).toBe(
      "bad.model: line 1 is not UTF-8 (byte E9)",
    );
  });

  it("the first of three bytes at the end", async () => {
    expect(await firstLine(Buffer.from("x = 1\n# \xef", "latin1"))).toBe(
      "bad.model: line 2 is not UTF-8 (byte EF)",
    );
  });

  it("UTF-16", async () => {
    expect(await firstLine(Buffer.from("\ufeffx = param()", "utf16le"))).toBe(
      "bad.model: not a text file: byte 4 is 0; a model is UTF-8",
    );
  });
});

describe("models that look wrong and are right", () => {
  const loss = async (model: string): Promise<number> => {
    const { status, stdout, stderr } = await chainrule(["grad", file("good.model", model)]);
    expect({ status, stderr: stderr.replace(/^chainrule: no --at.*\n/, "") }).toEqual({
      status: 0,
      stderr: "",
    });
    return (JSON.parse(stdout) as { loss: number }).loss;
  };

  it.each([
    ["CRLF line ends", "x = [1, 2]\r\nL = sum(x)\r\n", 3],
    ["a byte order mark", "\ufeffx = [1, 2]\nL = sum(x)", 3],
    ["tabs", "x\t=\t[1, 2]\nL = sum(x)", 3],
    ["an expression over several lines", "x = [1,\n 2 # two\n]\nL = sum(\n  x\n)", 3],
    ["no line end at the end", "L = 1", 1],
    ["names of functions", "sum = 3\nexp = 2\nL = sum * exp", 6],
    ["names of prototypes", "__proto__ = 2\nconstructor = 3\nL = __proto__ * constructor", 6],
    ["Greek names", "α = 2\nL = α * pi / pi", 2],
    ["implicit products", "x = 3\nL = 2 x", 6],
    ["the precedence of mathjs", "x = 3\nL = -x^2 + 2^3^2 / 2", 247],
    ["20,000 terms", `x = 1\nL = ${Array(20_000).fill("x").join("+")}`, 20_000],
    ["20,000 factors", `x = 1\nL = x${" .* x".repeat(20_000)}`, 1],
    ["a comment of a megabyte", `L = 1 # ${"y".repeat(990_000)}`, 1],
  ])("%s", async (_, model, expected) => {
    expect(await loss(model)).toBe(expected);
  });
});
