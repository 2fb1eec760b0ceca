/**
 * Loss and gradient of dense nets: chainrule beside other libraries and careful hand-written code.
 * `npm run bench`, or after a build `node bench/gradients.mjs [--hand] [filter]`; `--hand` leaves the
 * libraries out. ROUNDS in the environment is the number of rounds, 41 by default.
 *
 * A number ×r behind a contender means that it takes r times as long as chainrule.
 */
import { compare, median, turnsOf } from "./turns.mjs";
import { bound, requireAgreement, withData } from "./data.mjs";
import * as generic from "./rivals/generic.mjs";
import * as specialised from "./rivals/specialised.mjs";
import * as straight from "./rivals/straight.mjs";
import * as c from "./rivals/c.mjs";
import * as mathjs from "./rivals/mathjs.mjs";
import { spawnSync } from "node:child_process";

const chainrule = await import(process.env["CHAINRULE"] ?? "../dist/index.js");
const [filter = ""] = process.argv.slice(2).filter((argument) => argument !== "--hand");
const isByHandOnly = process.argv.includes("--hand");

const SIZES = ["2-3-2", "3-4-4-2", "8-8-1", "16-16-4", "32-32-8", "64-32-10", "128-64-10", "784-128-10"]; // prettier-ignore
const KINDS = [
  { hidden: "sigmoid", output: "identity", bias: true },
  { hidden: "tanh", output: "softmax", bias: true },
  { hidden: "relu", output: "identity", bias: false },
];
/** More weights than this, times examples, are not written out by hand. */
const MOST_WRITTEN_OUT = 30_000;
const ROUNDS = Number(process.env["ROUNDS"] ?? 41);
const TURNS_OF_C = 15;
/** Of the largest derivative. */
const DOUBLE = 1e-10;
const SINGLE = 1e-3;

/** Hand-written code by name, each with how far it may be off. */
function byHand(net) {
  const rivals = [
    { name: "generic", call: generic.make(net), tolerance: DOUBLE },
    { name: "loops", call: specialised.make(net), tolerance: DOUBLE },
  ];
  if (weightsOf(net) * net.batch <= MOST_WRITTEN_OUT) {
    rivals.push({ name: "straight", call: straight.make(net), tolerance: DOUBLE });
  }
  return rivals;
}

async function libraries(net) {
  const all = [
    ["tfjs-cpu", async () => (await import("./rivals/tfjs.mjs")).make(net, "cpu"), SINGLE],
    ["tfjs-wasm", async () => (await import("./rivals/tfjs.mjs")).make(net, "wasm"), SINGLE],
    ["jax-js", async () => (await import("./rivals/jax.mjs")).make(net), SINGLE],
  ];
  if (net.batch === 1 && weightsOf(net) <= mathjs.MOST_WEIGHTS) {
    all.push(["mathjs", () => mathjs.make(net), DOUBLE]);
  }
  const rivals = [];
  for (const [name, make, tolerance] of all) rivals.push({ name, call: await make(), tolerance });
  return rivals;
}

function weightsOf({ sizes }) {
  return sizes.slice(1).reduce((sum, outer, l) => sum + outer * sizes[l], 0);
}

async function measure(given, rivalsOf, hasC) {
  const { net, theta } = withData(given);
  const out = new Float64Array(theta.length);
  const rivals = await rivalsOf(net);
  const mine = bound(chainrule, net);
  const answer = (call) => [call(theta, out), ...out];
  const expected = answer(mine);
  for (const { name, call, tolerance } of rivals) {
    requireAgreement(name, answer(call), expected, tolerance);
  }
  const calls = Object.fromEntries(rivals.map(({ name, call }) => [name, call]));
  const results = compare({ chainrule: mine, ...calls }, ROUNDS, [theta, out]);
  if (hasC) results.set("C -O3", besideC(net, theta, mine, out, expected));
  return results;
}

/** C is a process of its own: its turns alternate with ours. */
function besideC(net, theta, mine, out, expected) {
  const program = c.make(net, theta);
  try {
    requireAgreement("C", program.run(4, true).values, expected, DOUBLE);
    const probe = program.run(100).micros;
    const calls = Math.max(100, Math.round(20_000 / probe));
    const take = turnsOf(mine, [theta, out]);
    const turns = Array.from({ length: TURNS_OF_C }, () => {
      const { micros } = program.run(calls);
      const ours = median(Array.from({ length: 5 }, take));
      return { micros, ratio: micros / ours };
    });
    return {
      micros: median(turns.map(({ micros }) => micros)),
      ratio: median(turns.map(({ ratio }) => ratio)),
    };
  } finally {
    program.close();
  }
}

function text(micros) {
  return micros < 10 ? micros.toFixed(3) : micros < 1000 ? micros.toFixed(1) : micros.toFixed(0);
}

const hasTorch = spawnSync("python3", ["-c", "import torch"]).status === 0;
if (!c.isThere()) console.log("C is left out: there is no cc here");
if (!isByHandOnly && !hasTorch) console.log("PyTorch is left out: python3 here cannot import it");
console.log("microseconds for loss and gradient, and ×how many times as long as chainrule");
/** Every net beside some rivals. */
async function run(title, rivalsOf, hasC) {
  console.log(`\n${title}`);
  for (const batch of [1, 32]) {
    for (const size of SIZES) {
      const sizes = size.split("-").map(Number);
      for (const kind of KINDS) {
        const label = `${size} ${kind.hidden} ${kind.output}${kind.bias ? "" : " no bias"} ×${batch}`;
        // a softmax over one class is constant
        const isDegenerate = kind.output === "softmax" && sizes.at(-1) === 1;
        if (isDegenerate || !label.includes(filter)) continue;
        const results = await measure({ ...kind, sizes, batch }, rivalsOf, hasC);
        const columns = [...results].map(([name, { micros, ratio }]) =>
          name === "chainrule"
            ? `${name} ${text(micros)}`
            : `${name} ${text(micros)} ×${ratio.toFixed(2)}`,
        );
        console.log(`${label.padEnd(36)} ${columns.join("  ")}`);
      }
    }
  }
}

await run("beside code written by hand", byHand, c.isThere());
// last: with their threads and their memory, everything in the process takes up to three times as long
if (!isByHandOnly) await run("beside libraries", libraries, false);
