import { describe, expect, it } from "vitest";
import { chainrule, goldens, useFolder } from "./support.js";

const { file } = useFolder();
const [model, ...formulas] = goldens("bad-formulas.txt");

async function check(text: string | Uint8Array, ...more: readonly string[]) {
  const args = ["check", file("n.model", model!.input), "--formulas", file("f.txt", text)];
  return chainrule([...args, ...more]);
}

describe("formulas that are none", () => {
  it.each(formulas)("$title", async ({ input, output }) => {
    expect(await check(input)).toEqual({ status: 2, stdout: "", stderr: `${output}\n` });
  });

  it("a claim that may be one of two", async () => {
    const two = "x = param(2)\nL_dx = 2 * x\nL = sum(L_dx)";
    const args = ["check", file("two.model", two), "--formulas", file("f.txt", "dL_dx = x")];
    expect((await chainrule(args)).stderr).toBe(
      [
        "f.txt:1:1: dL_dx may claim the derivative by x or by L_dx: the model has both",
        "  dL_dx = x",
        "  ^",
        "  hint: write grad_x or grad_L_dx\n",
      ].join("\n"),
    );
  });

  it("a file that is not there", async () => {
    const args = ["check", file("n.model", model!.input), "--formulas", "nowhere.txt"];
    expect(await chainrule(args)).toEqual({
      status: 2,
      stdout: "",
      stderr: "nowhere.txt: no such file\n",
    });
  });

  it("bytes that are no text", async () => {
    expect((await check(Uint8Array.of(0xff, 0xfe, 0x00))).stderr).toBe(
      "f.txt: not a text file: byte 3 is 0; a file of formulas is UTF-8\n",
    );
  });

  it.each([
    ["--values", "v.json"],
    ["--save-point", "p.json"],
  ])("%s together with them", async (...more) => {
    const { status, stdout, stderr } = await check("dz = 2 * (z - t)", ...more);
    expect([status, stdout]).toEqual([2, ""]);
    expect(stderr).toMatch(/^chainrule: --(values|save-point) /);
  });

  it("nothing in them runs code or reaches a prototype", async () => {
    for (const text of [
      "dz = import('fs')",
      "dz = (() => process.exit(3))()",
      "dz = constructor.constructor('return 1')()",
      "dz = __proto__",
      "dz = z.constructor",
      "dz = eval(1)",
    ]) {
      const { status, stderr } = await check(text);
      expect(status, text).toBe(2);
      expect(stderr, text).toMatch(/^f\.txt:1:\d+: /);
      expect(stderr, text).not.toMatch(/internal error/);
    }
  });
});

describe("formulas with a wrong shape are wrong, not errors", () => {
  it.each([
    ["the operands", "dz = 2 * (z - t)\ngrad_W1 = dz * x"],
    ["the result", "dz = 2 * (z - t)\ndb = dz"],
    ["a statement that claims nothing", "h = x * x\ndz = 2 * (z - t)"],
  ])("%s", async (_, text) => {
    const { status, stdout, stderr } = await check(text);
    expect([status, stderr]).toEqual([1, ""]);
    expect(stdout).toMatch(/WRONG/);
  });

  it("JSON names the line", async () => {
    const { status, stdout } = await check("# one\ndz = 2 * (z - t)\n\ndx = W1 * dz", "--json");
    expect(status).toBe(1);
    const { ok, checks, lines, firstWrong } = JSON.parse(stdout) as Record<string, unknown>;
    expect(ok).toBe(false);
    expect(checks).toMatchObject([
      { name: "z", ok: true, line: 2, holds: "∂L/∂z", diagnosis: [] },
      {
        name: "x",
        ok: false,
        line: 4,
        repair: "dx = W1' * dz",
        maxError: null,
        worst: { entry: [], given: null, expected: null },
        diagnosis: [{ cause: "transposed", explanation: 1 }],
      },
    ]);
    expect(lines).toMatchObject([
      { line: 2, name: "dz", ok: true },
      { line: 4, name: "dx", ok: false },
    ]);
    expect(firstWrong).toMatchObject({ line: 4, name: "dx" });
  });
});
