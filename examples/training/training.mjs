// Trains a network with its compiled gradient: 10,000 points x in [0, 1)², targets 300·exp(sin x), two
// thirds of the points to train. `npm run example:training` builds the library first.
import { readFileSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { compile, parseModel } from "chainrule";
import { lossPlot } from "./plot.mjs";

const { values: options } = parseArgs({
  options: {
    points: { type: "string", default: "10000" },
    epochs: { type: "string", default: "100" },
    output: { type: "string", default: "training.svg" },
  },
});
const [points, epochs] = [Number(options.points), Number(options.epochs)];
const BATCH = 32;
const RATE = 0.3;
/** The network learns targets of about 1; losses are told in the targets' own unit. */
const SCALE = 300;

/**
 * Uniform in [0, 1), the same for the same seed: Park and Miller's generator.
 * @param {number} seed
 */
function uniform(seed) {
  let state = seed;
  return () => (state = (state * 48271) % 2147483647) / 2147483647;
}

const random = uniform(7);
const inputs = Array.from({ length: points }, () => [random(), random()]);
const examples = inputs.map((x) => ({ x, t: x.map((one) => Math.exp(Math.sin(one))) }));
const split = Math.round((points * 2) / 3);
const gradient = compile(
  parseModel(readFileSync(new URL("training.model", import.meta.url), "utf8")),
);

/** Loss and gradient over some examples, which stand as columns. */
function over(some) {
  const columns = (name) => [0, 1].map((row) => some.map((example) => example[name][row]));
  return gradient.bind({ X: columns("x"), T: columns("t") });
}

const batches = [];
for (let from = 0; from < split; from += BATCH) {
  batches.push(over(examples.slice(from, Math.min(from + BATCH, split))));
}
const wholes = { train: over(examples.slice(0, split)), test: over(examples.slice(split)) };

const { parameterCount } = wholes.train;
const theta = Float64Array.from({ length: parameterCount }, () => random() * 2 - 1);
const step = new Float64Array(parameterCount);
const losses = { train: [], test: [] };

function record() {
  for (const [name, whole] of Object.entries(wholes)) {
    losses[name].push(whole(theta, step) * SCALE ** 2);
  }
}

function showProgress(epoch) {
  if (!process.stderr.isTTY) return;
  const done = Math.round((30 * epoch) / epochs);
  const bar = "█".repeat(done) + "░".repeat(30 - done);
  const loss = losses.test.at(-1).toPrecision(4);
  process.stderr.write(`\r${bar} epoch ${epoch}/${epochs}, test loss ${loss}  `);
  if (epoch === epochs) process.stderr.write("\n");
}

record();
for (let epoch = 1; epoch <= epochs; epoch++) {
  const order = batches.map((batch) => ({ batch, at: random() })).sort((a, b) => a.at - b.at);
  for (const { batch } of order) {
    batch(theta, step);
    for (let k = 0; k < parameterCount; k++) theta[k] -= RATE * step[k];
  }
  record();
  showProgress(epoch);
}

for (const [name, values] of Object.entries(losses)) {
  console.log(`${name} loss  ${values[0].toPrecision(5)} → ${values.at(-1).toPrecision(5)}`);
}
writeFileSync(options.output, lossPlot(losses));
console.log(`the losses after each epoch: ${options.output}`);
