/**
 * Cold start and memory, as whole processes. After a build, `node bench/start.mjs`. Times are the
 * processor's, of the process; ratios are to a bare `node -e 0` of the same round; medians.
 */
import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { median } from "./turns.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const library = new URL("../dist/index.js", import.meta.url).href;
const command = "dist/cli/main.js";
const net = example("sigmoid-2-3-2");
/** What is checked besides, each by processes that find the code of earlier ones. */
const EXAMPLES = [
  "sigmoid-2-3-2",
  "hinge-loss",
  "relu-3-4-2",
  "logistic-2-5-1",
  "row-4-5-3",
  "softmax-regression",
  "batch-3-4-4-2",
];
const folder = mkdtempSync(join(tmpdir(), "chainrule-bench-"));
process.on("exit", () => rmSync(folder, { recursive: true }));
const load = (name) => ["--input-type=module", "-e", `import ${JSON.stringify(name)};`];

/** Gradients as a file. */
function written(name, gradients) {
  const file = join(folder, `${name}.json`);
  writeFileSync(file, JSON.stringify(gradients));
  return file;
}

/** The model of an example and its point. */
function example(name) {
  return [`examples/${name}.model`, "--at", `examples/${name}.point.json`];
}

/** The right gradients of an example, as the command prints them. */
function rightValues(name) {
  const { stdout, stderr } = spawnSync(process.execPath, [command, "grad", ...example(name)], {
    cwd: root,
    encoding: "utf8",
  });
  if (stderr) throw new Error(`${name}: ${stderr}`);
  return JSON.parse(stdout).gradients;
}

/** Checks of an example: of what is right, of a wrong sign, and of a single entry that is off. */
function checksOf(name) {
  const right = rightValues(name);
  const [first, values] = Object.entries(right)[0];
  const claims = {
    right,
    "a sign": { ...right, [first]: mapped(values, (value) => -value) },
    "an entry": { ...right, [first]: withFirst(values, (value) => value + 0.1) },
  };
  return Object.entries(claims).map(([what, gradients], k) => [
    `check ${name}, ${what}`,
    { args: [command, "check", ...example(name), "--values", written(`${name}-${k}`, gradients)] },
  ]);
}

function mapped(values, change) {
  return Array.isArray(values) ? values.map((one) => mapped(one, change)) : change(values);
}

function withFirst(values, change) {
  return Array.isArray(values) ? values.with(0, withFirst(values[0], change)) : change(values);
}

/** The command as another Node finds it: without the code that its build made of it. */
const bare = join(folder, "command", "main.js");
cpSync(join(root, "dist/cli"), join(folder, "command"), {
  recursive: true,
  filter: (source) => !source.startsWith(join(root, "dist/cli/code")),
});

const check = [command, "check", ...net, "--values"];
const COMMANDS = {
  "node -e 0": { args: ["-e", "0"] },
  ...started("chainrule grad", [command, "grad", ...net]),
  ...started("chainrule check, right", [...check, written("right", rightValues("sigmoid-2-3-2"))]),
  ...started("chainrule check, wrong", [...check, "examples/sigmoid-2-3-2.wrong.json"]),
  ...Object.fromEntries(EXAMPLES.flatMap(checksOf)),
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
