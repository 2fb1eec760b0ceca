/** jax-js on WebAssembly, jitted, in single precision; data go in and out with each call. */
import { layersOf } from "./net.mjs";

export async function make(net) {
  const { defaultDevice, init, jit, nn, numpy: np, valueAndGrad } = await import("@jax-js/jax");
  await init("wasm");
  defaultDevice("wasm");
  const { sizes, hidden, output, batch, x, t } = net;
  const layers = layersOf(net);
  const matrix = (flat, rows, columns) =>
    np.array(Float32Array.from(flat)).reshape([rows, columns]);
  const X = matrix(x, sizes[0], batch);
  const T = matrix(t, sizes.at(-1), batch);
  const activate = { sigmoid: nn.sigmoid, tanh: np.tanh, relu: nn.relu }[hidden];
  // an array is used up where it is used; .ref keeps it
  const lossOf = (parameters, inputs, targets) => {
    let value = inputs;
    let next = 0;
    for (const { biases, isLast } of layers) {
      value = np.matmul(parameters[next++], value);
      if (biases >= 0) value = value.add(parameters[next++]);
      if (!isLast) value = activate(value);
    }
    if (output === "identity") return np.sum(np.square(value.sub(targets))).mul(0.5 / batch);
    return np.sum(targets.mul(nn.logSoftmax(value, 0))).mul(-1 / batch);
  };
  const gradient = jit(valueAndGrad(lossOf));
  const parts = layers.flatMap(({ inner, outer, weights, biases }) => [
    { from: weights, shape: [outer, inner] },
    ...(biases >= 0 ? [{ from: biases, shape: [outer, 1] }] : []),
  ]);
  return (theta, out) => {
    const parameters = parts.map(({ from, shape: [rows, columns] }) =>
      matrix(theta.subarray(from, from + rows * columns), rows, columns),
    );
    const [value, gradients] = gradient(parameters, X.ref, T.ref);
    for (const [k, { from }] of parts.entries()) out.set(gradients[k].dataSync(), from);
    return value.dataSync()[0];
  };
}
