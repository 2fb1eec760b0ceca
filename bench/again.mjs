/**
 * One derivation again and again, read, derived, every step checked and printed: the first, the twentieth and
 * the hundredth of a process of its own. After a build, `node bench/again.mjs`. Milliseconds of the clock, on which
 * V8's optimiser, in a thread of its own, does not count: only an idle machine tells them. Medians.
 */
import { spawnSync } from "node:child_process";
import { performance } from "node:perf_hooks";
import { fileURLToPath } from "node:url";
import { median } from "./turns.mjs";

const FORMS = { index: "W1", matrix: "W1", jacobian: "W1", scalar: "W1[1,1]", paths: "W1[1,1]" };
const PROCESSES = Number(process.env["ROUNDS"] ?? 5);
const TIMES = { first: [0, 1], twentieth: [17, 22], hundredth: [95, 104] };
const LIBRARY = process.env["CHAINRULE"] ?? "../dist/index.js";

/** What a process of its own does: prints the milliseconds of each derivation. */
async function derivations(form, wrt) {
  const { derive, network } = await import(LIBRARY);
  const times = Array.from({ length: TIMES.hundredth[1] }, () => {
    const start = performance.now();
    derive(network({ sizes: [2, 3, 2], hidden: "sigmoid" }), { wrt, form }).toLatex();
    return performance.now() - start;
  });
  console.log(JSON.stringify(times));
}

/** Medians around the first, the twentieth and the hundredth. */
function measured(form, wrt) {
  const { stdout } = spawnSync(process.execPath, [fileURLToPath(import.meta.url), form, wrt], {
    encoding: "utf8",
  });
  const times = JSON.parse(stdout);
  return Object.values(TIMES).map(([from, to]) => median(times.slice(from, to)));
}

const [form, wrt] = process.argv.slice(2);
if (form !== undefined) {
  await derivations(form, wrt);
} else {
  console.log(`2-3-2, milliseconds:       ${Object.keys(TIMES).join("  ")}`);
  const names = Object.keys(FORMS);
  const rounds = Array.from({ length: PROCESSES }, () =>
    names.map((name) => measured(name, FORMS[name])),
  );
  for (const [place, name] of names.entries()) {
    const row = Object.keys(TIMES).map((_, k) => median(rounds.map((round) => round[place][k])));
    const shown = row.map((time) => time.toFixed(1).padStart(8)).join("  ");
    console.log(`${`derive ${FORMS[name]}, ${name}`.padEnd(24)} ${shown}`);
  }
}
