import { spawn, spawnSync } from "node:child_process";
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import type * as Os from "node:os";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { CodeCache } from "../../src/cli/cache/code-cache.js";
import { cacheFolder, isOwn, prepareFolder } from "../../src/cli/cache/folder.js";

vi.mock("node:os", async (original) => {
  const os = await original<typeof Os>();
  return { ...os, homedir: vi.fn(os.homedir) };
});

let caches: string;
beforeEach(() => {
  caches = mkdtempSync(join(tmpdir(), "chainrule-caches-"));
});
afterEach(() => rmSync(caches, { recursive: true }));

const root = fileURLToPath(new URL("../..", import.meta.url));
const point = "examples/sigmoid-2-3-2.point.json";
const built = mkdtempSync(join(tmpdir(), "chainrule-command-"));
/** The command without the code that was made of it at its build. */
const main = join(built, "cli/main.js");
cpSync(join(root, "dist/cli"), join(built, "cli"), { recursive: true });
rmSync(join(built, "cli/code"), { recursive: true });
afterAll(() => rmSync(built, { recursive: true }));
const grad = [main, "grad", "examples/sigmoid-2-3-2.model", "--at", point];
const env = (more: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv => ({
  ...process.env,
  NODE_DISABLE_COMPILE_CACHE: "",
  XDG_CACHE_HOME: caches,
  ...more,
});

describe("the code of a file", () => {
  const wrap = (text: string): string => `(function () {${text}\n})`;
  /** Whether V8 took the code that was kept; undefined where none was offered to it. */
  function runs(
    text: string,
    folder = join(caches, "here"),
  ): { result: unknown; isTaken: unknown } {
    const cache = new CodeCache(folder, "command");
    const script = cache.compile("./a.js", "/a.js", Buffer.from(text), wrap);
    const result: unknown = (script.runInThisContext() as () => unknown)();
    cache.save();
    const { cachedDataRejected } = script;
    return { result, isTaken: cachedDataRejected === undefined ? undefined : !cachedDataRejected };
  }

  it("is taken from the run before", () => {
    expect(runs("return 6 * 7;")).toEqual({ result: 42, isTaken: undefined });
    expect(runs("return 6 * 7;")).toEqual({ result: 42, isTaken: true });
  });

  it("is not that of a text of the same length", () => {
    runs("return 6 * 7;");
    expect(runs("return 6 * 8;")).toEqual({ result: 48, isTaken: undefined });
    expect(runs("return 6 * 8;").isTaken).toBe(true);
  });

  it("is not taken from a folder to which others can write", () => {
    runs("return 6 * 7;");
    chmodSync(join(caches, "here"), 0o777);
    expect(runs("return 6 * 7;").isTaken).toBeUndefined();
  });

  it("is not taken from a file that is cut off, or is none", () => {
    runs("return 6 * 7;");
    const file = join(caches, "here", "command");
    const whole = readFileSync(file);
    fc.assert(
      fc.property(fc.nat(whole.length - 1), (length) => {
        writeFileSync(file, whole.subarray(0, length));
        expect(runs("return 6 * 7;")).toEqual({ result: 42, isTaken: undefined });
        expect(readFileSync(file).length).toBeGreaterThan(length);
      }),
      { numRuns: 30, seed: 5 },
    );
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
        writeFileSync(file, bytes);
        expect(runs("return 6 * 7;")).toEqual({ result: 42, isTaken: undefined });
      }),
      { numRuns: 50, seed: 5 },
    );
  });

  it("is that of the command's build where none was kept, if it is that of this text", () => {
    runs("return 6 * 7;", join(caches, "built"));
    const here = (text: string): unknown => {
      const cache = new CodeCache(join(caches, "here"), "command", join(caches, "built"));
      const script = cache.compile("./a.js", "/a.js", Buffer.from(text), wrap);
      cache.save();
      return script.cachedDataRejected;
    };
    expect(here("return 6 * 7;")).toBe(false);
    expect(existsSync(join(caches, "here"))).toBe(false);
    expect(here("return 6 * 8;")).toBeUndefined();
    expect(runs("return 6 * 8;").isTaken).toBe(true);
    // what was kept of another text does not stand before it
    expect(here("return 6 * 7;")).toBe(false);
  });

  it("is not kept where there is no room for a folder", () => {
    writeFileSync(join(caches, "file"), "");
    expect(runs("return 6 * 7;", join(caches, "file", "here")).result).toBe(42);
  });
});

it("is made of ASCII alone, which V8 holds in one byte a letter", () => {
  for (const folder of ["dist", "dist/cli"]) {
    const files = readdirSync(join(root, folder)).filter((name) => name.endsWith(".js"));
    expect(files.length).toBeGreaterThan(3);
    const beyond = files.filter((name) =>
      readFileSync(join(root, folder, name)).some((byte) => byte > 127),
    );
    expect(beyond).toEqual([]);
  }
});

describe("the folder", () => {
  it("is in the user's folder for caches, if that is a whole path, and is turned off as Node's is", () => {
    expect(cacheFolder(env())).toMatch(
      new RegExp(`^${caches}/chainrule/\\d+\\.\\d+\\.\\d+-[0-9a-f]+$`),
    );
    expect(cacheFolder(env({ XDG_CACHE_HOME: "here" }))).not.toMatch(/^here/);
    expect(cacheFolder(env({ NODE_DISABLE_COMPILE_CACHE: "1" }))).toBeUndefined();
  });

  it("is none for a user without a home", () => {
    vi.mocked(homedir).mockImplementationOnce(() => {
      throw new Error("ENOENT");
    });
    expect(cacheFolder(env({ XDG_CACHE_HOME: "", LOCALAPPDATA: "" }))).toBeUndefined();
  });

  it("is its user's alone", () => {
    const folder = join(caches, "chainrule", "1-a");
    expect(isOwn(folder)).toBe(false);
    expect(prepareFolder(folder)).toBe(true);
    expect(isOwn(folder)).toBe(true);
  });

  it("is one of a few, beside whatever else is there", () => {
    const others = ["thesis", "1-a", "2.0.0"];
    for (const name of others) {
      mkdirSync(join(caches, name));
      writeFileSync(join(caches, name, "a.tex"), "");
      utimesSync(join(caches, name), 0, 0);
    }
    for (let k = 1; k <= 6; k++) {
      prepareFolder(join(caches, `0.${k}.0-a`));
      utimesSync(join(caches, `0.${k}.0-a`), k, k);
    }
    prepareFolder(join(caches, "0.7.0-a"));
    const kept = ["0.4.0-a", "0.5.0-a", "0.6.0-a", "0.7.0-a"];
    expect(readdirSync(caches)).toEqual([...kept, ...others].sort());
    for (const name of others) expect(readdirSync(join(caches, name))).toEqual(["a.tex"]);
  });
});

describe("a command", () => {
  const run = (args = grad, more: NodeJS.ProcessEnv = {}) =>
    spawnSync(process.execPath, args, { cwd: root, env: env(more), encoding: "utf8" });
  const versions = (): string => join(caches, "chainrule");
  /** The only one; its name depends on V8's flags. */
  const folder = (): string => join(versions(), readdirSync(versions())[0]!);

  it("keeps its code, and runs with it", () => {
    const first = run();
    expect(readdirSync(folder())).toEqual(["grad", "grad.copy"]);
    const kept = readFileSync(join(folder(), "grad"));
    expect(run()).toMatchObject({ status: 0, stdout: first.stdout, stderr: "" });
    // all of it was there: nothing is written
    expect(readFileSync(join(folder(), "grad")).equals(kept)).toBe(true);
  });

  it.each(["grad", "grad.copy"])(
    "runs whatever bytes of %s are damaged, and replaces it",
    (name) => {
      const { stdout } = run();
      const file = join(folder(), name);
      const good = readFileSync(file);
      for (let k = 1; k < 16; k++) {
        const bad = Buffer.from(good);
        bad[Math.floor((k * bad.length) / 16)]! ^= 0x55;
        writeFileSync(file, bad);
        expect(run()).toMatchObject({ status: 0, signal: null, stdout, stderr: "" });
        expect(readFileSync(file).equals(bad)).toBe(false);
      }
    },
  );

  it("runs beside others", async () => {
    const { stdout } = run();
    rmSync(versions(), { recursive: true });
    const running = Array.from({ length: 4 }, async () => {
      const child = spawn(process.execPath, grad, { cwd: root, env: env() });
      let text = "";
      for await (const part of child.stdout) text += String(part);
      return text;
    });
    expect(await Promise.all(running)).toEqual([stdout, stdout, stdout, stdout]);
    expect(readdirSync(folder())).toEqual(["grad", "grad.copy"]);
    expect(run().stdout).toBe(stdout);
  });

  it("runs with the code of its build, and keeps none", () => {
    const { stdout } = run();
    rmSync(versions(), { recursive: true });
    const [, ...args] = grad;
    const check = ["check", "examples/sigmoid-2-3-2.model", "--at", point];
    const commands = [args, [...check, "--values", "examples/sigmoid-2-3-2.wrong.json"]];
    const answers = commands.map((command) => run(["dist/cli/main.js", ...command]));
    expect(answers.map(({ status, stderr }) => ({ status, stderr }))).toEqual([
      { status: 0, stderr: "" },
      { status: 1, stderr: "" },
    ]);
    expect(answers[0]!.stdout).toBe(stdout);
    expect(existsSync(versions())).toBe(false);
  });

  it("runs with code of its build that is cut off", () => {
    const { stdout } = run();
    const prepared = readdirSync(join(root, "dist/cli/code"))[0]!;
    const code = join(built, "cli/code", prepared);
    mkdirSync(code, { recursive: true });
    const bytes = readFileSync(join(root, "dist/cli/code", prepared, "grad"));
    for (const part of [0, 0.5, 0.9]) {
      writeFileSync(join(code, "grad"), bytes.subarray(0, part * bytes.length));
      rmSync(versions(), { recursive: true });
      expect(run()).toMatchObject({ status: 0, signal: null, stdout, stderr: "" });
      expect(readdirSync(folder())).toEqual(["grad", "grad.copy"]);
    }
    rmSync(join(built, "cli/code"), { recursive: true });
  });

  it("does all that it does without", () => {
    const [model, file] = ["examples/sigmoid-2-3-2.model", join(caches, "out")];
    const wrong = ["--values", "examples/sigmoid-2-3-2.wrong.json"];
    const program = `${process.execPath} -e process.exit()`;
    for (const args of [
      ...["html", "latex", "markdown", "ipynb", "json"].map((format) => [
        ...["derive", model, "--at", point, "--format", format, "-o", file],
      ]),
      ["export", model, "--to", "js", "-o", file],
      ["grad", model, "--precision", "30", "--save-point", file],
      ["verify", model, "--at", point, "--step", "1e-4"],
      ["check", model, "--at", point, ...wrong],
      ["check", model, "--formulas", "examples/relu-3-4-2.wrong.formulas"],
      ["check", model, "--program", program],
    ]) {
      const answers = [{ NODE_DISABLE_COMPILE_CACHE: "1" }, {}, {}].map((more) => {
        rmSync(file, { force: true });
        const { status, stdout, stderr } = run([main, ...args], more);
        // on stderr commands also say what takes long
        expect(stderr).not.toMatch(/internal error|ERR_/);
        return { status, stdout, written: existsSync(file) && readFileSync(file, "utf8") };
      });
      expect(answers[1]).toEqual(answers[0]);
      expect(answers[2]).toEqual(answers[0]);
    }
  });

  it("keeps nothing where its arguments are wrong, or it is told not to", () => {
    expect(run([...grad, "--nonsense"]).status).toBe(2);
    expect(run([main, "--version"]).status).toBe(0);
    expect(run(grad, { NODE_DISABLE_COMPILE_CACHE: "1" }).status).toBe(0);
    expect(existsSync(versions())).toBe(false);
  });

  it("runs where nothing can be kept", () => {
    writeFileSync(versions(), "");
    expect(run()).toMatchObject({ status: 0, stderr: "" });
    expect(readFileSync(versions(), "utf8")).toBe("");
  });
});
