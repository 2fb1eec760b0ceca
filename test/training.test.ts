import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, it } from "vitest";

// The training example with fewer points. Needs `npm run build` before.

const root = fileURLToPath(new URL("..", import.meta.url));

it("the training example lowers both losses and draws them", async () => {
  const folder = await mkdtemp(join(tmpdir(), "chainrule-training-"));
  try {
    const output = join(folder, "training.svg");
    const options = ["--points", "600", "--epochs", "10", "--output", output];
    const { stdout } = await promisify(execFile)(
      process.execPath,
      ["examples/training/training.mjs", ...options],
      { cwd: root },
    );
    for (const name of ["train", "test"]) {
      const [, before, after] = new RegExp(`^${name} loss +(\\S+) → (\\S+)$`, "m").exec(stdout)!;
      expect(Number(after)).toBeGreaterThan(0);
      expect(Number(after)).toBeLessThan(Number(before) / 50);
    }
    const svg = await readFile(output, "utf8");
    const lines = [...svg.matchAll(/<polyline points="([^"]*)"/g)].map(([, points]) => points!);
    expect(lines.map((points) => points.split(" ").length)).toEqual([11, 11]);
    expect(svg).not.toMatch(/NaN|undefined|Infinity/);
  } finally {
    await rm(folder, { recursive: true });
  }
});
