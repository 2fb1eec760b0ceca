/** TensorFlow.js, in single precision: the parameters go in and the gradient comes out with each call. */
import { layersOf } from "./net.mjs";

const HIDDEN = { sigmoid: "sigmoid", tanh: "tanh", relu: "relu" };

/** @param backend "cpu" or "wasm" */
export async function make(net, backend) {
  const tf = await import("@tensorflow/tfjs");
  if (backend === "wasm") await import("@tensorflow/tfjs-backend-wasm");
  const { sizes, hidden, output, batch, x, t } = net;
  const layers = layersOf(net);
  if (!(await tf.setBackend(backend))) throw new Error(`tfjs has no backend ${backend}`);
  const X = tf.tensor2d(Float32Array.from(x), [sizes[0], batch]);
  const T = tf.tensor2d(Float32Array.from(t), [sizes.at(-1), batch]);
  const lossOf = (...parameters) => {
    let value = X;
    let next = 0;
    for (const { biases, isLast } of layers) {
      value = tf.matMul(parameters[next++], value);
      if (biases >= 0) value = value.add(parameters[next++]);
      if (!isLast) value = tf[HIDDEN[hidden]](value);
    }
    if (output === "identity") return tf.sum(tf.square(value.sub(T))).div(2 * batch);
    const logs = tf.logSoftmax(tf.transpose(value));
    return tf.sum(tf.mul(tf.transpose(T), logs)).div(-batch);
  };
  const gradient = tf.valueAndGrads(lossOf);
  const parts = layers.flatMap(({ inner, outer, weights, biases }) => [
    { from: weights, shape: [outer, inner] },
    ...(biases >= 0 ? [{ from: biases, shape: [outer, 1] }] : []),
  ]);
  return (theta, out) => {
    if (tf.getBackend() !== backend) tf.setBackend(backend);
    return tf.tidy(() => {
      const parameters = parts.map(({ from, shape }) =>
        tf.tensor2d(Float32Array.from(theta.subarray(from, from + shape[0] * shape[1])), shape),
      );
      const { value, grads } = gradient(parameters);
      for (const [k, { from }] of parts.entries()) out.set(grads[k].dataSync(), from);
      return value.dataSync()[0];
    });
  };
}
