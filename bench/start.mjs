/**
 * Cold start and memory, as whole processes. After a build, `node bench/start.mjs`. Times are the
 * processor's, of the process; ratios are to a bare `node -e 0` of the same round; medians.
 */
import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { median } from "./turns.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const library = new URL("../dist/index.js", import.meta.url).href;
const command = "dist/cli/main.js";
const model = "examples/sigmoid-2-3-2.model";
const at = ["--at", "examples/sigmoid-2-3-2.point.json"];
const folder = mkdtempSync(join(tmpdir(), "chainrule-bench-"));
process.on("exit", () => rmSync(folder, { recursive: true }));
const load = (name) => ["--input-type=module", "-e", `import ${JSON.stringify(name)};`];

/** The right gradients at the point, as a file. */
async function rightValues() {
  const { compile, parseModel } = await import(library);
  const [text, point] = [model, at[1]].map((name) => readFileSync(join(root, name), "utf8"));
  const { gradients } = compile(parseModel(text)).evaluate(JSON.parse(point));
  const file = join(folder, "right.json");
  writeFileSync(file, JSON.stringify(gradients));
  return file;
}

/** The command as another Node finds it: without the code that its build made of it. */
const bare = join(folder, "command", "main.js");
cpSync(join(root, "dist/cli"), join(folder, "command"), {
  recursive: true,
  filter: (source) => !source.startsWith(join(root, "dist/cli/code")),
});

const check = [command, "check", model, ...at, "--values"];
const COMMANDS = {
  "node -e 0": { args: ["-e", "0"] },
  ...started("chainrule grad", [command, "grad", model, ...at]),
  ...started("chainrule check, right", [...check, await rightValues()]),
  ...started("chainrule check, wrong", [...check, "examples/sigmoid-2-3-2.wrong.json"]),
  'import "chainrule"': { args: load(library) },
  ...Object.fromEntries(
    ["index", "matrix", "jacobian"].map((form) => [
      `2-3-2: import, derive W1, ${form}`,
      { args: ["--input-type=module", "-e", derivation(form)] },
    ]),
  ),
  'import "mathjs"': { args: load("mathjs") },
};

/** The first derivation of a process: read, derived, every step checked, printed. */
function derivation(form) {
  return `
    import { derive, network } from ${JSON.stringify(library)};
    derive(network({ sizes: [2, 3, 2], hidden: "sigmoid" }), { wrt: "W1", form: "${form}" }).toLatex();`;
}

/**
 * A command that is run for the first time, with the code of its build and without, when it keeps its own, and one
 * that finds the code of such a run.
 */
function started(name, [, ...args]) {
  const first = () => mkdtempSync(join(folder, "caches-"));
  return {
    [`${name}, first run`]: { args: [command, ...args], caches: first },
    [`${name}, of another Node`]: { args: [bare, ...args], caches: first },
    [`${name}, later runs`]: { args: [bare, ...args], caches: () => join(folder, "caches") },
  };
}
const ROUNDS = Number(process.env["ROUNDS"] ?? 11);

const meter = fileURLToPath(new URL("meter.cjs", import.meta.url));

/** Milliseconds of processor time of a process, and its peak memory in megabytes. */
function measured({ args, caches = () => folder }) {
  const { stderr } = spawnSync(process.execPath, ["--require", meter, ...args], {
    cwd: root,
    env: { ...process.env, XDG_CACHE_HOME: caches() },
    encoding: "utf8",
  });
  const [, milliseconds, megabytes] = /^used (\S+) (\S+)$/m.exec(stderr) ?? [];
  if (megabytes === undefined) throw new Error(`node ${args.join(" ")}: ${stderr}`);
  return { milliseconds: Number(milliseconds), megabytes: Number(megabytes) };
}

const names = Object.keys(COMMANDS);
for (const name of names) measured(COMMANDS[name]);
const rounds = Array.from({ length: ROUNDS }, () =>
  names.map((name) => measured(COMMANDS[name]).milliseconds),
);
for (const [k, name] of names.entries()) {
  const ratio = median(rounds.map((round) => round[k] / round[0]));
  const time = median(rounds.map((round) => round[k]));
  console.log(`${name.padEnd(40)} ${time.toFixed(0).padStart(5)} ms  ×${ratio.toFixed(2)}`);
}

const LARGE = `
  import { compile, network } from ${JSON.stringify(library)};
  const zeros = (rows, columns) => Array.from({ length: rows }, () => new Array(columns).fill(0.1));
  const f = compile(network({ sizes: [784, 128, 10], hidden: "relu", batch: true })).bind({ X: zeros(784, 32), T: zeros(10, 32) });
  f(new Float64Array(f.parameterCount), new Float64Array(f.parameterCount));`;
const memory = (args) => median(Array.from({ length: 5 }, () => measured({ args }).megabytes));
const node = memory(["--input-type=module", "-e", "0"]);
const above = memory(["--input-type=module", "-e", LARGE]) - node;
console.log(`\n784-128-10, 32 examples: derived, compiled and called with ${above.toFixed(0)} MB above Node's ${node.toFixed(0)}`); // prettier-ignore

const BINDS = `
  import { compile, network } from ${JSON.stringify(library)};
  const gradient = compile(network({ sizes: [2, 3, 2] }));
  const turn = (count) => { for (let k = 0; k < count; k++) gradient.bind({ x: [1, k], t: [0, 1] }); };
  turn(10_000); gc();
  const before = process.memoryUsage().heapUsed;
  turn(1_000_000); gc();
  console.log(((process.memoryUsage().heapUsed - before) / 1024).toFixed(0));`;
const { stdout } = spawnSync(process.execPath, ["--expose-gc", "--input-type=module", "-e", BINDS], { encoding: "utf8" }); // prettier-ignore
console.log(`a million calls of bind: the heap grows by ${stdout.trim()} KB`);
