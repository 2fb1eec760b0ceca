/**
 * The last step of a build: runs the commands that are over soonest, and puts the code that V8 made of them beside
 * the command's files, where a first run finds it. It is used by the very Node that built it and by no other.
 */
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const root = import.meta.dirname;
const folder = mkdtempSync(join(tmpdir(), "chainrule-build-"));
process.on("exit", () => rmSync(folder, { recursive: true }));

/** Runs a command, which keeps its code in the folder. @returns what it prints */
function run(args, status) {
  const done = spawnSync(process.execPath, ["dist/cli/main.js", ...args], {
    cwd: root,
    env: { ...process.env, NODE_DISABLE_COMPILE_CACHE: "", XDG_CACHE_HOME: folder, LOCALAPPDATA: folder }, // prettier-ignore
    encoding: "utf8",
  });
  if (done.status !== status) throw new Error(`chainrule ${args.join(" ")}: ${done.stderr}`);
  return done.stdout;
}

// a batch calls all that a single example does
const batch = ["examples/batch-3-4-4-2.model", "--at", "examples/batch-3-4-4-2.point.json"];
const { gradients } = JSON.parse(run(["grad", ...batch], 0));
const right = join(folder, "right.json");
writeFileSync(right, JSON.stringify(gradients));
run(["check", ...batch, "--values", right], 0);
const net = ["examples/sigmoid-2-3-2.model", "--at", "examples/sigmoid-2-3-2.point.json"];
run(["check", ...net, "--values", "examples/sigmoid-2-3-2.wrong.json"], 1);

// written anew, since what a run keeps is for its user's eyes alone; what was built is not doubted, and needs no copy
const kept = join(folder, "chainrule");
rmSync(join(root, "dist/cli/code"), { recursive: true, force: true });
for (const version of readdirSync(kept)) {
  const code = join(root, "dist/cli/code", version);
  mkdirSync(code, { recursive: true });
  for (const name of readdirSync(join(kept, version))) {
    if (name.endsWith(".copy")) continue;
    writeFileSync(join(code, name), readFileSync(join(kept, version, name)));
  }
}
