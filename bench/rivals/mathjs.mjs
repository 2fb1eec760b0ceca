/** mathjs: the loss as one expression, its `derivative` by each parameter, simplified and compiled. */
import { layersOf } from "./net.mjs";

const HIDDEN = {
  sigmoid: (z) => `1 / (1 + exp(-(${z})))`,
  tanh: (z) => `tanh(${z})`,
  relu: (z) => `((${z}) + abs(${z})) / 2`,
};

/** Weights up to which it derives in seconds: one weight of 8-8-1 takes a quarter of a minute. */
export const MOST_WEIGHTS = 20;

export function lossText(net) {
  const { sizes, hidden, output, x, t } = net;
  let values = Array.from({ length: sizes[0] }, (_, k) => `(${x[k]})`);
  for (const { inner, outer, weights, biases, isLast } of layersOf(net)) {
    values = Array.from({ length: outer }, (_, i) => {
      const terms = values.map((value, k) => `p${weights + i * inner + k} * ${value}`);
      if (biases >= 0) terms.push(`p${biases + i}`);
      const z = terms.join(" + ");
      return isLast ? `(${z})` : `(${HIDDEN[hidden](z)})`;
    });
  }
  if (output === "identity") return values.map((y, i) => `(${y} - ${t[i]})^2 / 2`).join(" + ");
  const sum = values.map((z) => `exp(${z})`).join(" + ");
  return values.map((z, i) => `${t[i]} * (log(${sum}) - ${z})`).join(" + ");
}

export async function make(net) {
  const { derivative, parse } = await import("mathjs");
  const loss = parse(lossText(net));
  const count = layersOf(net).reduce(
    (total, { inner, outer, biases }) => total + outer * (inner + Number(biases >= 0)),
    0,
  );
  const compiled = loss.compile();
  const slopes = Array.from({ length: count }, (_, k) => derivative(loss, `p${k}`).compile());
  const scope = {};
  return (theta, out) => {
    for (let k = 0; k < count; k++) scope[`p${k}`] = theta[k];
    for (let k = 0; k < count; k++) out[k] = slopes[k].evaluate(scope);
    return compiled.evaluate(scope);
  };
}
