/** Seeded data of a net in `rivals/net.mjs`, and the net as a model of chainrule. */
import { layersOf, parameterCount } from "./rivals/net.mjs";

function random(seed) {
  let state = seed;
  return () => (state = (state * 48271) % 2147483647) / 2147483647;
}

/** The net with inputs x and targets t, and its parameters. */
export function withData(net) {
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
  return { net: { ...net, x, t }, theta };
}

function rows(flat, count) {
  const width = flat.length / count;
  return Array.from({ length: count }, (_, i) => [...flat.subarray(i * width, (i + 1) * width)]);
}

/** chainrule's gradient of the net. */
export function bound({ compile, network }, { sizes, hidden, output, bias, batch, x, t }) {
  const loss = output === "softmax" ? "cross-entropy" : "half-squared-error";
  const gradient = compile(network({ sizes, hidden, output, loss, bias, batch: batch > 1 }));
  if (batch > 1) return gradient.bind({ X: rows(x, sizes[0]), T: rows(t, sizes.at(-1)) });
  return gradient.bind({ x: [...x], t: [...t] });
}

/** @throws Error where losses or gradients of two contenders differ beyond what their precision allows */
export function requireAgreement(name, found, expected, tolerance) {
  const scale = expected.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  const worst = found.reduce((most, value, k) => Math.max(most, Math.abs(value - expected[k])), 0);
  if (worst <= tolerance * scale) return;
  throw new Error(`${name} disagrees: by ${worst}, where the largest is ${scale}`);
}
