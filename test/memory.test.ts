import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";

// Memory of whole processes. Needs `npm run build` before.

const root = fileURLToPath(new URL("..", import.meta.url));

/** What a script prints, as a number. */
async function measured(script: string): Promise<number> {
  const args = ["--expose-gc", "--input-type=module", "-e", script];
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
});
