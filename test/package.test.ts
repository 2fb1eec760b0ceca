import { copyFile, readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { version } from "../src/version.js";
import { blocksOf } from "./documents.js";
import { PackedProject } from "./support/packed.js";

// What a user gets: the tarball, installed into an empty project. Needs `npm run build` before.

const root = fileURLToPath(new URL("..", import.meta.url));

interface Manifest {
  version: string;
}

let project: PackedProject;

beforeAll(async () => {
  project = await PackedProject.create();
}, 120_000);

afterAll(async () => {
  await project.remove();
});

/** Runs an ESM script in the project and reads what it prints. */
async function script(text: string): Promise<string> {
  await project.write("script.mjs", text);
  return project.run("node", "script.mjs");
}

describe("the package", () => {
  it("carries the version of package.json", async () => {
    const manifest = JSON.parse(await readFile(join(root, "package.json"), "utf8")) as Manifest;
    expect(version).toBe(manifest.version);
  });

  it("installs a command", async () => {
    expect(await project.run("npx", "chainrule", "--version")).toBe(`${version}\n`);
  }, 120_000);

  it("is importable from an ESM script", async () => {
    const printed = await script(
      `const chainrule = await import("chainrule"); console.log(chainrule.version);`,
    );
    expect(printed).toBe(`${version}\n`);
  }, 120_000);

  it("evaluates and verifies a model", async () => {
    for (const name of ["sigmoid-2-3-2.model", "sigmoid-2-3-2.point.json"]) {
      await copyFile(join(root, "examples", name), join(project.folder, name));
    }
    const expected = JSON.parse(
      await readFile(join(root, "examples/systems/sigmoid-2-3-2.json"), "utf8"),
    ) as { loss: number; gradients: Record<string, number[][]> };
    const model = ["sigmoid-2-3-2.model", "--at", "sigmoid-2-3-2.point.json"];
    const result = JSON.parse(
      await project.run("npx", "chainrule", "grad", ...model),
    ) as typeof expected;
    expect(result.loss).toBeCloseTo(expected.loss, 12);
    for (const [name, rows] of Object.entries(expected.gradients)) {
      for (const [k, entry] of rows.flat().entries()) {
        expect(result.gradients[name]!.flat()[k]).toBeCloseTo(entry, 12);
      }
    }
    expect(await project.run("npx", "chainrule", "verify", ...model)).toMatch(
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
    const dist = join(project.folder, "node_modules/chainrule/dist");
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
