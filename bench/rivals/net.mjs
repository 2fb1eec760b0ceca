/**
 * What all rivals are made from.
 *
 * A net: { sizes, hidden: "sigmoid" | "tanh" | "relu", output: "identity" | "softmax", bias, batch, x, t }.
 * `batch` is the number of examples; x is features × examples and t outputs × examples, rows first.
 * The loss is ½ Σ (y − t)² / batch, or with softmax the cross-entropy −Σ t ln y / batch.
 * Parameters stand in theta as W1, b1, W2, b2, …, rows first, without the biases if `bias` is false.
 *
 * Every rival has `make(net)`, which returns (theta, out) => loss.
 */

/** The layers of a net, with the offsets of their parameters in theta. */
export function layersOf({ sizes, bias }) {
  const layers = [];
  let offset = 0;
  for (let l = 1; l < sizes.length; l++) {
    const [inner, outer] = [sizes[l - 1], sizes[l]];
    const layer = { inner, outer, weights: offset, biases: -1, isLast: l === sizes.length - 1 };
    offset += inner * outer;
    if (bias) {
      layer.biases = offset;
      offset += outer;
    }
    layers.push(layer);
  }
  return layers;
}

export function parameterCount({ sizes, bias }) {
  return sizes.slice(1).reduce((total, outer, l) => total + outer * (sizes[l] + (bias ? 1 : 0)), 0);
}

/** JavaScript of the hidden functions and of their derivatives in terms of the output. */
export const HIDDEN = {
  sigmoid: { value: (z) => `1 / (1 + Math.exp(-${z}))`, slope: (a) => `${a} * (1 - ${a})` },
  tanh: { value: (z) => `Math.tanh(${z})`, slope: (a) => `(1 - ${a} * ${a})` },
  relu: { value: (z) => `(${z} > 0 ? ${z} : 0)`, slope: (a) => `(${a} > 0 ? 1 : 0)` },
};
