import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";

// Memory of whole processes. Needs `npm run build` before.

const root = fileURLToPath(new URL("..", import.meta.url));

/** What a script prints, as a number. */
async function measured(script: string, options: readonly string[] = []): Promise<number> {
  const args = ["--expose-gc", ...options, "--input-type=module", "-e", script];
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: root });
  return Number(stdout);
}

describe("memory", () => {
  it("a million calls of bind leave the heap where it was", async () => {
    const grown = await measured(`
      import { compile, network } from "chainrule";
      const gradient = compile(network({ sizes: [2, 3, 2] }));
      const bind = (count) => {
        for (let k = 0; k < count; k++) gradient.bind({ x: [1, k], t: [0, 1] });
        gc();
        return process.memoryUsage().heapUsed;
      };
      const before = bind(10_000);
      console.log(bind(1_000_000) - before);
    `);
    // a quarter of a byte for each call
    expect(grown).toBeLessThan(250_000);
  });

  it("784-128-10 is derived, compiled and called with less than 100 MB above Node's", async () => {
    const peak = "console.log(process.resourceUsage().maxRSS / 1024);";
    const bare = await measured(peak);
    const whole = await measured(`
      import { compile, network } from "chainrule";
      const matrix = (rows) => Array.from({ length: rows }, () => new Array(32).fill(0.1));
      const model = network({ sizes: [784, 128, 10], hidden: "relu", batch: true });
      const gradient = compile(model).bind({ X: matrix(784), T: matrix(10) });
      const theta = new Float64Array(gradient.parameterCount);
      gradient(theta, theta.slice());
      ${peak}
    `);
    expect(whole - bare).toBeLessThan(100);
  });

  // V8's collections of young objects take for alive what a WeakMap holds that has got old. Without its optimiser the
  // heap has nothing but what was made
  it.each([
    ["derivation", 150_000, `derive(model, { wrt: "W1", form: "matrix" }).toLatex();`],
    ["check", 450_000, `check(model, compile(model).evaluate(at).gradients, { at });`],
  ])("a %s leaves little behind when the young objects are collected", async (_, most, task) => {
    const kept = await measured(
      `
      import { check, compile, derive, network, randomPoint } from "chainrule";
      const run = () => {
        const model = network({ sizes: [2, 3, 2] });
        const at = randomPoint(model, { seed: 1 });
        ${task}
      };
      for (let k = 0; k < 20; k++) run();
      gc();
      const before = process.memoryUsage().heapUsed;
      for (let k = 0; k < 20; k++) {
        run();
        gc({ type: "minor" });
        gc({ type: "minor" });
      }
      console.log((process.memoryUsage().heapUsed - before) / 20);
    `,
      ["--no-opt"],
    );
    expect(kept).toBeLessThan(most);
  });
});
