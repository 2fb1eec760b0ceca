import {
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { describe, expect, it } from "vitest";
import { chainrule, useFolder } from "./support.js";

const { file } = useFolder();
const MODEL = "x = input(2)\nw = param(2)\ny = dot(w, x)\nL = square(y)\n";
const POINT = '{"x": [1, 2], "w": [3, 4]}';
const HELP = "  hint: chainrule --help shows the commands and options\n";

function files(): void {
  file("m.model", MODEL);
  file("p.json", POINT);
}

describe("wrong usage", () => {
  it.each([
    ["grd m.model", "chainrule: unknown command grd\n  hint: Did you mean grad?\n"],
    ["grad", `chainrule: missing required argument model\n${HELP}`],
    ["grad m.model --lsos L", "chainrule: unknown option --lsos\n  hint: Did you mean --loss?\n"],
    [
      "grad m.model p.json",
      `chainrule: too many arguments for grad. Expected 1 argument but got 2.\n${HELP}`,
    ],
    ["grad m.model -x", `chainrule: unknown option -x\n${HELP}`],
    ["--lsos", `chainrule: unknown option --lsos\n${HELP}`],
    ["help hlp", "chainrule: unknown command hlp\n  hint: Did you mean help?\n"],
    ["help grd", "chainrule: unknown command grd\n  hint: Did you mean grad?\n"],
    ["check m.model --json=no", `chainrule: option --json takes no argument\n${HELP}`],
    ["export m.model", `chainrule: required option --to <language> not specified\n${HELP}`],
    ["grad m.model --at", `chainrule: option --at <point> argument missing\n${HELP}`],
    ["grad m.model --at --seed 3", `chainrule: option --at <point> argument missing\n${HELP}`],
    ["grad m.model --at --seed=3", `chainrule: option --at <point> argument missing\n${HELP}`],
    [
      "check m.model --program --help",
      `chainrule: option --program <command> argument missing\n${HELP}`,
    ],
    ["derive m.model --at -o d.html", `chainrule: option --at <point> argument missing\n${HELP}`],
    ["grad m.model --at=--seed", "--seed: no such file\n"],
    [
      "grad m.model --at p.json --at p.json",
      `chainrule: option --at <point> argument p.json is invalid. It is given twice.\n${HELP}`,
    ],
    [
      "grad m.model --seed -1",
      `chainrule: option --seed <number> argument -1 is invalid. It must be a whole number from 0 to 4294967295.\n${HELP}`,
    ],
    [
      "grad m.model --seed 1.5",
      `chainrule: option --seed <number> argument 1.5 is invalid. It must be a whole number from 0 to 4294967295.\n${HELP}`,
    ],
    [
      "grad m.model --precision 0",
      `chainrule: option --precision <digits> argument 0 is invalid. It must be a whole number from 1 to 1000.\n${HELP}`,
    ],
    [
      "grad m.model --precision 1e3",
      `chainrule: option --precision <digits> argument 1e3 is invalid. It must be a whole number from 1 to 1000.\n${HELP}`,
    ],
    [
      "verify m.model --step 0",
      `chainrule: option --step <number> argument 0 is invalid. It must be a number above 0 and at most 0.01.\n${HELP}`,
    ],
    [
      "verify m.model --step -1e-4",
      `chainrule: option --step <number> argument -1e-4 is invalid. It must be a number above 0 and at most 0.01.\n${HELP}`,
    ],
    [
      "verify m.model --step NaN",
      `chainrule: option --step <number> argument NaN is invalid. It must be a number above 0 and at most 0.01.\n${HELP}`,
    ],
    [
      "verify m.model --step 0.5",
      `chainrule: option --step <number> argument 0.5 is invalid. It must be a number above 0 and at most 0.01.\n${HELP}`,
    ],
    [
      "grad m.model --loss M",
      "m.model: the model defines no M that could be the loss\n  hint: it defines y, L\n",
    ],
    [
      "grad m.model --loss w",
      "m.model: the model defines no w that could be the loss\n  hint: it defines y, L\n",
    ],
    [
      "grad - --at -",
      "chainrule: stdin (-) cannot be a model and a point at once\n  hint: give one of them as a file\n",
    ],
    [
      "check m.model",
      "chainrule: check needs the gradients to check\n  hint: give them with --values FILE.json, --formulas FILE or --program COMMAND\n",
    ],
    ["check m.model --formulas f", "f: no such file\n"],
    [
      "check m.model --program f --values v.json",
      "chainrule: --values and --program cannot be given together\n  hint: check one, then the other\n",
    ],
    [
      "check m.model --program f --formulas f",
      "chainrule: --formulas and --program cannot be given together\n  hint: check one, then the other\n",
    ],
    [
      "check m.model --values v.json --timeout 3",
      "chainrule: --timeout has no meaning with --values\n  hint: it is the time for an answer of --program\n",
    ],
    [
      "derive m.model --format jsn",
      `chainrule: option --format <format> argument jsn is invalid. Allowed are html, latex, markdown, ipynb, json. Did you mean json?\n${HELP}`,
    ],
    [
      "derive m.model --form paths,matrx",
      `chainrule: option --form <forms> argument paths,matrx is invalid. Allowed are paths, scalar, index, matrix, jacobian. Did you mean matrix?\n${HELP}`,
    ],
    [
      "derive m.model --index-base 2",
      `chainrule: option --index-base <number> argument 2 is invalid. Allowed are 0, 1.\n${HELP}`,
    ],
    [
      "derive m.model --rate 0",
      `chainrule: option --rate <number> argument 0 is invalid. It must be above 0.\n${HELP}`,
    ],
    [
      "derive m.model --rate 0.1",
      "chainrule: --rate is of the gradient step, which needs a point\n  hint: add --at POINT\n",
    ],
    [
      "derive m.model --rate-name eta",
      "chainrule: --rate-name is of the gradient step, which needs a point\n  hint: add --at POINT\n",
    ],
    [
      "derive m.model --at p.json --rate 0.1 --format json",
      "chainrule: --rate is of the gradient step, which JSON does not have\n",
    ],
    [
      "derive m.model --at p.json --rate-name eta --format json",
      "chainrule: --rate-name is of the gradient step, which JSON does not have\n",
    ],
    [
      "derive m.model --at p.json --rate-name pi",
      "chainrule: --rate-name pi: pi is the number π in derivations\n  hint: take another name for the rate\n",
    ],
    [
      "derive m.model --at p.json --rate-name w",
      "chainrule: --rate-name w: the model has a quantity that is written as w\n  hint: take another name for the rate\n",
    ],
    [
      "derive m.model --layers middle",
      `chainrule: option --layers <position> argument middle is invalid. Allowed are superscript, subscript, square.\n${HELP}`,
    ],
    [
      "derive m.model --format json --wrt v",
      "chainrule: --wrt v: the model has no quantity v\n  hint: it has x, w, y, L\n",
    ],
    [
      "derive m.model --format json --wrt L",
      "chainrule: --wrt L is the loss itself; its derivative by itself is 1\n",
    ],
    [
      "derive m.model --format json --wrt w[3]",
      "chainrule: --wrt w[3]: index 3 is not within 1…2: w is a vector of 2\n",
    ],
    [
      "derive m.model --format json --wrt w[1,1]",
      "chainrule: --wrt w[1,1] is not an entry: w is a vector of 2\n  hint: write w[1], counted from 1\n",
    ],
    [
      "derive m.model --format json --wrt w --wrt w[",
      "chainrule: --wrt w[ is not a quantity or an entry of one\n  hint: write W1, W1[2,1] or b1[3]\n",
    ],
  ])("%s", async (line, message) => {
    files();
    const { status, stdout, stderr } = await chainrule(line.split(" "), MODEL);
    expect({ status, stdout, stderr }).toEqual({ status: 2, stdout: "", stderr: message });
  });

  it("options stand anywhere, with = or without, by a letter, and a file may begin with a dash", async () => {
    file("-m.model", MODEL);
    file("p.json", POINT);
    const plain = await chainrule(["grad", "--at", "p.json", "./-m.model"]);
    expect(plain.status).toBe(0);
    expect(await chainrule(["grad", "--at=p.json", "--", "-m.model"])).toEqual(plain);
    const { status } = await chainrule(["export", "-oe.mjs", "--to", "js", "./-m.model"]);
    expect({ status, files: readdirSync(".").includes("e.mjs") }).toEqual({
      status: 0,
      files: true,
    });
  });

  it("no command at all: the help, on stderr", async () => {
    const { status, stdout, stderr } = await chainrule([]);
    expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
    expect(stderr).toMatch(/^Usage: chainrule \[options\] \[command\]\n/);
  });

  it("--help and --version are asked for: on stdout", async () => {
    const asked = ["--help", "grad --help", "grad --seed 1 --help", "help grad", "help help"];
    for (const line of [...asked, "help", "help --help", "--version"]) {
      const args = line.split(" ");
      const { status, stdout, stderr } = await chainrule(args);
      expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
      expect(stdout).toMatch(/^(Usage: chainrule|\d+\.\d+\.\d+\n$)/);
    }
  });
});

describe("files that cannot be read", () => {
  it.each([
    ["none.model", "none.model: no such file\n"],
    ["m.model/x", "m.model/x: no such file: a part of the path is not a directory\n"],
    ["folder", "folder: a directory, not a model\n"],
    ["loop", "loop: a loop of symbolic links\n"],
    ["/dev/zero", "/dev/zero: too long; a model has at most 1 million bytes\n"],
    ["", "chainrule: the name of the file of a model is empty\n"],
    ["a\0b", "a<U+0000>b: not the name of a file\n"],
    ["y".repeat(280), `${"y".repeat(280)}: the name is too long\n`],
    ["\u001b[31mred", "<U+001B>[31mred: no such file\n"],
  ])("%j", async (name, message) => {
    files();
    mkdirSync("folder", { recursive: true });
    if (!readdirSync(".").includes("loop")) symlinkSync("loop", "loop");
    expect(await chainrule(["grad", name])).toEqual({ status: 2, stdout: "", stderr: message });
  });

  it.skipIf(process.getuid?.() === 0)("without the permission", async () => {
    writeFileSync("secret.model", MODEL, { mode: 0 });
    const { status, stderr } = await chainrule(["grad", "secret.model"]);
    expect({ status, stderr }).toEqual({
      status: 2,
      stderr: "secret.model: permission denied\n",
    });
  });

  it("an endless point", async () => {
    files();
    const { status, stderr } = await chainrule(["grad", "m.model", "--at", "/dev/zero"]);
    expect({ status, stderr }).toEqual({
      status: 2,
      stderr: "/dev/zero: too long; a point has at most 64 million bytes\n",
    });
  });

  it("an empty stdin", async () => {
    const { status, stderr } = await chainrule(["grad", "-"]);
    expect({ status, stderr }).toEqual({
      status: 2,
      stderr:
        "<stdin>:1:1: the model defines no quantity, so it has no loss\n" +
        "  hint: the last definition is the loss, such as L = sum((y - t).^2)\n",
    });
  });
});

describe("files that are written", () => {
  const derive = (...more: string[]) =>
    chainrule(["derive", "m.model", "--format", "json", "--form", "index", ...more]);

  it("take the place of what was there, and leave nothing else", async () => {
    files();
    mkdirSync("out", { recursive: true });
    const target = join("out", "d.json");
    writeFileSync(target, "before", { mode: 0o640 });
    const { status, stdout, stderr } = await derive("-o", target);
    expect({ status, stdout, stderr }).toEqual({ status: 0, stdout: "", stderr: "" });
    expect(JSON.parse(readFileSync(target, "utf8"))).toMatchObject({ loss: "L" });
    expect(statSync(target).mode & 0o777).toBe(0o640);
    expect(readdirSync("out")).toEqual(["d.json"]);
  });

  it.each([
    ["none/d.json", "none/d.json: no such file\n"],
    ["folder", "folder: a directory, not a file\n"],
    ["", "chainrule: the name of the output file is empty\n"],
  ])("%j cannot", async (target, message) => {
    files();
    mkdirSync("folder", { recursive: true });
    expect(await derive("-o", target)).toEqual({ status: 2, stdout: "", stderr: message });
  });

  it("save the random point", async () => {
    files();
    const drawn = await chainrule(["grad", "m.model", "--seed", "7", "--save-point", "q.json"]);
    expect(drawn.stderr).toBe(
      "chainrule: no --at: a random point is used, drawn with --seed 7; --save-point FILE writes it\n",
    );
    const given = await chainrule(["grad", "m.model", "--at", "q.json"]);
    expect(given).toEqual({ status: 0, stdout: drawn.stdout, stderr: "" });
  });

  const SIZED = "N = size()\nX = input(2, N)\nA = param(2, 2)\nQ = (A + A') * X\nL = sum(Q.^2)\n";
  const PATHS = ["derive", "n.model", "--form", "paths", "--format", "markdown"];

  it.each([
    ["derive", "m.model", "--format", "json", "--form", "index"],
    ["export", "m.model", "--to", "js"],
    ["verify", "m.model"],
  ])("save the point that %s is given", async (...command) => {
    files();
    await chainrule([...command, "--at", "p.json", "--save-point", "given.json"]);
    expect(JSON.parse(readFileSync("given.json", "utf8"))).toEqual(JSON.parse(POINT));
  });

  it("save a point of the sizes that a derivation without one is written out for", async () => {
    file("n.model", SIZED);
    for (const seed of ["1", "2", "3"]) {
      const { stdout } = await chainrule([...PATHS, "--seed", seed, "--save-point", "n.json"]);
      const size = /Written out for \$`?N = (\d+)`?\$/.exec(stdout)?.[1];
      const { X } = JSON.parse(readFileSync("n.json", "utf8")) as { X: number[][] };
      expect(`${X[0]!.length}`).toBe(size);
      expect((await chainrule([...PATHS, "--at", "n.json"])).status).toBe(0);
    }
  });

  it("save a point for an export whose sizes are fixed", async () => {
    files();
    await chainrule(["export", "m.model", "--to", "js", "--save-point", "fixed.json"]);
    expect((await chainrule(["grad", "m.model", "--at", "fixed.json"])).status).toBe(0);
  });
});
