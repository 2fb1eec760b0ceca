import { execFile } from "node:child_process";
import { copyFile, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { version } from "../src/version.js";
import { blocksOf } from "./documents.js";

// What a user gets: the tarball, installed into an empty project. Needs `npm run build` before.

const root = fileURLToPath(new URL("..", import.meta.url));
const run = promisify(execFile);

interface Manifest {
  version: string;
}

/** The environment without what the npm and vitest around this test have put into it. */
const env = Object.fromEntries(
  Object.entries(process.env).filter(
    ([name]) =>
      !/^(npm_(package|lifecycle|config_(local_prefix|global_prefix|prefix|save))|VITEST|NODE_ENV|NODE_OPTIONS|INIT_CWD)/i.test(
        name,
      ),
  ),
);

let project: string;
const inProject = async (command: string, ...args: string[]): Promise<string> =>
  (await run(command, args, { cwd: project, env })).stdout;

/** Runs an ESM script in the project and reads what it prints. */
async function script(text: string): Promise<string> {
  await writeFile(join(project, "script.mjs"), text);
  return inProject("node", "script.mjs");
}

beforeAll(async () => {
  project = await mkdtemp(join(tmpdir(), "chainrule-package-"));
  await writeFile(join(project, "package.json"), JSON.stringify({ private: true, type: "module" }));
  const packed = await run(
    "npm",
    ["pack", "--json", "--ignore-scripts", "--pack-destination", project],
    { cwd: root, env },
  );
  const [tarball] = JSON.parse(packed.stdout) as [{ filename: string }];
  const quiet = ["--no-audit", "--no-fund", "--prefer-offline", "--loglevel=error"];
  await inProject("npm", "install", ...quiet, `./${tarball.filename}`);
}, 120_000);

afterAll(async () => {
  await rm(project, { recursive: true, force: true });
});

describe("the package", () => {
  it("carries the version of package.json", async () => {
    const manifest = JSON.parse(await readFile(join(root, "package.json"), "utf8")) as Manifest;
    expect(version).toBe(manifest.version);
  });

  it("installs a command", async () => {
    expect(await inProject("npx", "chainrule", "--version")).toBe(`${version}\n`);
  }, 120_000);

  it("is importable from an ESM script", async () => {
    const printed = await script(
      `const chainrule = await import("chainrule"); console.log(chainrule.version);`,
    );
    expect(printed).toBe(`${version}\n`);
  }, 120_000);

  it("evaluates and verifies a model", async () => {
    for (const name of ["sigmoid-2-3-2.model", "sigmoid-2-3-2.point.json"]) {
      await copyFile(join(root, "examples", name), join(project, name));
    }
    const expected = JSON.parse(
      await readFile(join(root, "examples/systems/sigmoid-2-3-2.json"), "utf8"),
    ) as { loss: number; gradients: Record<string, number[][]> };
    const model = ["sigmoid-2-3-2.model", "--at", "sigmoid-2-3-2.point.json"];
    const result = JSON.parse(
      await inProject("npx", "chainrule", "grad", ...model),
    ) as typeof expected;
    expect(result.loss).toBeCloseTo(expected.loss, 12);
    for (const [name, rows] of Object.entries(expected.gradients)) {
      for (const [k, entry] of rows.flat().entries()) {
        expect(result.gradients[name]!.flat()[k]).toBeCloseTo(entry, 12);
      }
    }
    expect(await inProject("npx", "chainrule", "verify", ...model)).toMatch(
      /All gradients agree\.\n$/,
    );
  }, 120_000);

  it("runs the programs of the README", async () => {
    for (const { text } of blocksOf("README.md").filter(({ kind }) => kind === "js")) {
      const expected = [...text.matchAll(/console\.log\(.*\/\/ → (.*)$/gm)].map(([, line]) => line);
      expect((await script(text)).trimEnd().split("\n")).toEqual(expected);
    }
  }, 120_000);

  it("reaches no Node module from its main entry", async () => {
    const dist = join(project, "node_modules/chainrule/dist");
    const seen = new Set<string>();
    const external = new Set<string>();
    const queue = [join(dist, "index.js")];
    for (let file = queue.pop(); file !== undefined; file = queue.pop()) {
      if (seen.has(file)) continue;
      seen.add(file);
      const text = await readFile(file, "utf8");
      for (const [, name] of text.matchAll(/\b(?:from|import)\s*\(?\s*"([^"]+)"/g)) {
        if (name!.startsWith(".")) queue.push(join(file, "..", name!));
        else external.add(name!);
      }
    }
    expect([...external].filter((name) => name.startsWith("node:"))).toEqual([]);
  });
});
