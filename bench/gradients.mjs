/**
 * Loss and gradient of dense nets: chainrule beside careful hand-written JavaScript, in one process,
 * turn about; medians of ratios. `npm run build`, then `node bench/gradients.mjs [filter]`.
 *
 * Time is the processor's, not the clock's, so that other loads disturb little. A number above 1 in
 * the last column means that chainrule is faster than the best rival by so much.
 */
import { layersOf, parameterCount } from "./rivals/net.mjs";
import * as generic from "./rivals/generic.mjs";
import * as specialised from "./rivals/specialised.mjs";
import * as straight from "./rivals/straight.mjs";

const library = process.env["CHAINRULE"] ?? "../dist/index.js";
const { compile, network } = await import(library);
const [filter = ""] = process.argv.slice(2);

const SIZES = ["2-3-2", "3-4-4-2", "8-8-1", "16-16-4", "32-32-8", "64-32-10", "128-64-10", "784-128-10"]; // prettier-ignore
const KINDS = [
  { hidden: "sigmoid", output: "identity", bias: true },
  { hidden: "tanh", output: "softmax", bias: true },
  { hidden: "relu", output: "identity", bias: false },
];
/** More operations than this are not written out by hand. */
const MOST_WRITTEN_OUT = 30_000;
const ROUNDS = Number(process.env["ROUNDS"] ?? 41);
/** Of the processor's time for one turn. */
const TURN_MS = 4;

function random(seed) {
  let state = seed;
  return () => (state = (state * 48271) % 2147483647) / 2147483647;
}

function data(net) {
  const next = random(17);
  const { sizes, batch, output } = net;
  const x = Float64Array.from({ length: sizes[0] * batch }, () => next() * 2 - 1);
  const classes = sizes.at(-1);
  const t = new Float64Array(classes * batch);
  for (let n = 0; n < batch; n++) {
    if (output === "softmax") t[Math.floor(next() * classes) * batch + n] = 1;
    else for (let i = 0; i < classes; i++) t[i * batch + n] = next();
  }
  const theta = new Float64Array(parameterCount(net));
  for (const { inner, outer, weights, biases } of layersOf(net)) {
    const scale = 2 / Math.sqrt(inner);
    for (let k = 0; k < inner * outer; k++) theta[weights + k] = (next() - 0.5) * scale;
    for (let k = 0; biases >= 0 && k < outer; k++) theta[biases + k] = next() - 0.5;
  }
  return { x, t, theta };
}

function rows(flat, count) {
  const width = flat.length / count;
  return Array.from({ length: count }, (_, i) => [...flat.subarray(i * width, (i + 1) * width)]);
}

function ours({ sizes, hidden, output, bias, batch, x, t }) {
  const loss = output === "softmax" ? "cross-entropy" : "half-squared-error";
  const model = network({ sizes, hidden, output, loss, bias, batch: batch > 1 });
  const gradient = compile(model);
  if (batch > 1) return gradient.bind({ X: rows(x, sizes[0]), T: rows(t, sizes.at(-1)) });
  return gradient.bind({ x: [...x], t: [...t] });
}

/** Microseconds of processor time. */
function cpu() {
  const { user, system } = process.cpuUsage();
  return user + system;
}

function median(values) {
  return values.toSorted((a, b) => a - b)[values.length >> 1];
}

function compare(net) {
  const { x, t, theta } = data(net);
  const full = { ...net, x, t };
  const weights = theta.length * net.batch;
  const rivals = {
    chainrule: ours(full),
    generic: generic.make(full),
    loops: specialised.make(full),
  };
  if (weights <= MOST_WRITTEN_OUT) rivals["straight"] = straight.make(full);
  const outs = Object.values(rivals).map((f) => {
    const out = new Float64Array(theta.length);
    const loss = f(theta, out);
    return [loss, ...out];
  });
  for (const [k, out] of outs.entries()) {
    const worst = Math.max(...out.map((value, i) => Math.abs(value - outs[0][i])));
    if (!(worst < 1e-9)) throw new Error(`${Object.keys(rivals)[k]} disagrees by ${worst}`);
  }
  const out = new Float64Array(theta.length);
  const contenders = Object.values(rivals).map((f) => ({ f, turns: [], calls: 1 }));
  for (const one of contenders) {
    // warm up, and find how many calls make a turn
    for (let round = 0; round < 12; round++) {
      const start = cpu();
      for (let k = 0; k < one.calls; k++) one.f(theta, out);
      const spent = cpu() - start;
      one.calls = Math.max(1, Math.round((one.calls * TURN_MS * 1000) / Math.max(spent, 200)));
    }
  }
  for (let round = 0; round < ROUNDS; round++) {
    for (const one of contenders) {
      const start = cpu();
      for (let k = 0; k < one.calls; k++) one.f(theta, out);
      one.turns.push((cpu() - start) / one.calls);
    }
  }
  const [mine, ...others] = contenders;
  const ratios = others.map(({ turns }) => median(turns.map((turn, k) => turn / mine.turns[k])));
  return {
    names: Object.keys(rivals),
    micros: contenders.map(({ turns }) => median(turns)),
    ratios,
  };
}

for (const batch of [1, 32]) {
  for (const size of SIZES) {
    for (const kind of KINDS) {
      const label = `${size} ${kind.hidden} ${kind.output}${kind.bias ? "" : " no bias"} ×${batch}`;
      if (!label.includes(filter)) continue;
      const { names, micros, ratios } = compare({
        ...kind,
        sizes: size.split("-").map(Number),
        batch,
      });
      const times = names.map((name, k) => `${name} ${micros[k].toFixed(micros[k] < 10 ? 3 : 1)}`);
      console.log(
        `${label.padEnd(40)} ${times.join("  ")}  µs   ×${Math.min(...ratios).toFixed(2)}`,
      );
    }
  }
}
