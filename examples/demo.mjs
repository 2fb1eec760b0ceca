// Derives and verifies the reference networks with the built command; `npm run demo` builds it first.
import { spawn } from "node:child_process";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const NAMES = [
  "relu-3-4-2",
  "sigmoid-2-3-2",
  "sigmoid-2-3-2-as-run",
  "batch-3-4-4-2",
  "row-4-3",
  "row-4-5-3",
  "logistic-2-5-1",
  "logistic-2-5-1-row",
];

const root = fileURLToPath(new URL("..", import.meta.url));
const command = join(root, "dist", "cli", "main.js");
const folder = "derivations";

/**
 * Runs `chainrule ARGS` and gives what it prints.
 * @param {string[]} args
 * @returns {Promise<string>}
 */
function chainrule(...args) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [command, ...args], {
      cwd: root,
      stdio: ["ignore", "pipe", "inherit"],
    });
    let printed = "";
    child.stdout.on("data", (chunk) => (printed += chunk));
    child.on("error", reject);
    child.on("close", (status) => {
      if (status === 0) resolve(printed);
      else reject(new Error(`chainrule ${args.join(" ")}: status ${status}\n${printed}`));
    });
  });
}

mkdirSync(join(root, folder), { recursive: true });
for (const name of NAMES) {
  const model = `examples/${name}.model`;
  const at = ["--at", `examples/${name}.point.json`];
  const target = join(folder, name);
  const [table] = await Promise.all([
    chainrule("verify", model, ...at),
    chainrule("derive", model, ...at, "--format", "markdown", "-o", `${target}.md`),
    chainrule("derive", model, ...at, "--format", "latex", "-o", `${target}.tex`),
  ]);
  console.log(`== ${name}\n\n${table}`);
}
console.log(`The derivations of all ${NAMES.length} networks, as Markdown and LaTeX: ${folder}/`);
