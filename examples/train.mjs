// Trains the 2-3-2 network of `sigmoid-2-3-2.model` on 10,000 points x, uniform in [0, 1)², with the
// targets 300·exp(sin x): two thirds to train, one third to test. Steps are w ← w − μ ∂MSE/∂w, the mean
// of a few examples at a time. Run it with `node examples/train.mjs` after `npm run build`.
import { fileURLToPath } from "node:url";
import { compile, parseModel } from "chainrule";

const model = parseModel(`
  N  = size()
  x  = input(2, N)
  t  = target(2, N)
  W1 = param(3, 2)
  W2 = param(2, 3)
  z1 = W1 * x
  a1 = sigmoid(z1)
  y  = W2 * a1
  MSE = 1/2 * sum((t - y).^2) / N
`);

/**
 * Numbers from 0 to 1, the same ones for the same seed (a multiplicative generator modulo 2³¹ − 1).
 * @param {number} seed
 */
function uniform(seed) {
  let state = seed;
  return () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
}

/** @param {readonly number[][]} columns */
function batch(columns) {
  const x = [0, 1].map((row) => columns.map((column) => column[row] ?? 0));
  return { x, t: x.map((row) => row.map((one) => 300 * Math.exp(Math.sin(one)))) };
}

/**
 * @param {{ seed?: number, epochs?: number, rate?: number, size?: number }} options
 * @returns the loss on the test points before and after, and the weights, W1 and then W2, rows first
 */
export function train({ seed = 1, epochs = 30, rate = 1e-3, size = 20 } = {}) {
  const next = uniform(seed);
  const points = Array.from({ length: 10_000 }, () => [next(), next()]);
  const cut = Math.round((points.length * 2) / 3);
  const gradient = compile(model);
  const steps = [];
  for (let from = 0; from < cut; from += size) {
    steps.push(gradient.bind(batch(points.slice(from, Math.min(from + size, cut)))));
  }
  const test = gradient.bind(batch(points.slice(cut)));
  const weights = Float64Array.from({ length: 12 }, next);
  const out = new Float64Array(weights.length);
  const before = test(weights, out);
  for (let epoch = 0; epoch < epochs; epoch++) {
    for (const step of steps) {
      step(weights, out);
      for (const [k, weight] of weights.entries()) weights[k] = weight - rate * (out[k] ?? 0);
    }
  }
  return { before, after: test(weights, out), weights: [...weights] };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { before, after } = train();
  console.log(`MSE on the test points: ${before.toFixed(0)} before, ${after.toFixed(0)} after`);
}
