/** The functions that the code of a notebook calls: NumPy's, and those that it defines itself. */
import type { Operation } from "../../expression/operations/operation.js";
import type { Argument } from "./arrays.js";

/** Raised for what has no translation; the notebook says so instead of computing something else. */
export class UntranslatableError extends Error {
  override readonly name: string = "UntranslatableError";
}

/** In Python, each after those that it calls. */
const DEFINITIONS: ReadonlyMap<string, string> = new Map([
  [
    "sigmoid",
    `def sigmoid(x):
    """1 / (1 + exp(-x)), without an exponential that overflows."""
    return np.where(x >= 0, 1 / (1 + np.exp(-np.abs(x))), np.exp(-np.abs(x)) / (1 + np.exp(-np.abs(x))))`,
  ],
  [
    "softplus",
    `def softplus(x):
    """log(1 + exp(x)), without an exponential that overflows."""
    return np.maximum(x, 0) + np.log1p(np.exp(-np.abs(x)))`,
  ],
  [
    "logsumexp",
    `def logsumexp(x, axis=None, keepdims=False):
    """log(sum(exp(x))), without an exponential that overflows."""
    top = np.max(x, axis=axis, keepdims=True)
    total = top + np.log(np.sum(np.exp(x - top), axis=axis, keepdims=True))
    return total if keepdims else np.squeeze(total, axis=axis)`,
  ],
  [
    "logsoftmax",
    `def logsoftmax(x, axis):
    return x - logsumexp(x, axis=axis, keepdims=True)`,
  ],
  [
    "softmax",
    `def softmax(x, axis):
    return np.exp(logsoftmax(x, axis=axis))`,
  ],
  ["erf", "erf = np.vectorize(math.erf, otypes=[float])"],
  ["erfc", "erfc = np.vectorize(math.erfc, otypes=[float])"],
  [
    "entries",
    `def entries(shape, body):
    """An array of the shape, from a body on a grid whose other axes are summed."""
    body = np.asarray(body, dtype=float)
    return np.broadcast_to(body.reshape(body.shape[: len(shape)]), shape).copy()`,
  ],
  [
    "same",
    `def same(actual, expected):
    """Equal up to rounding, relative to the largest entry; of what cancels 1e-13 may be left."""
    scale = float(np.max(np.abs(expected), initial=0.0))
    np.testing.assert_allclose(actual, expected, rtol=1e-9, atol=1e-9 * scale + 1e-13)`,
  ],
]);

/** Names that a model's quantities may not have in the code. */
export const DEFINED: readonly string[] = [...DEFINITIONS.keys()];

/** The imports and the functions that some code needs. */
export function preamble(code: string): string {
  const needed: string[] = [];
  let all = code;
  for (const [name, definition] of [...DEFINITIONS].reverse()) {
    if (!new RegExp(`\\b${name}\\(`).test(all)) continue;
    needed.unshift(definition);
    all += definition;
  }
  const math = /\bmath\./.test(all) ? "import math\n" : "";
  return [`${math}import numpy as np`, ...needed].join("\n\n\n");
}

/** Operations by their names in the table of operations: functions that are called with the operands, and what else. */
const CALLED: ReadonlyMap<string, readonly [name: string, ...others: string[]]> = new Map<
  string,
  readonly [name: string, ...others: string[]]
>([
  ...["exp", "log", "log1p", "sqrt", "sin", "cos", "tan", "tanh", "abs", "sign"].map(
    (name) => [name, [`np.${name}`]] as const,
  ),
  ...["maximum", "minimum"].map((name) => [name, [`np.${name}`]] as const),
  ...["sigmoid", "softplus", "erf"].map((name) => [name, [name]] as const),
  ["relu", ["np.maximum", "0"]],
]);

/** The others, of operands that are one piece each. */
const WRITTEN: ReadonlyMap<string, (...parts: readonly string[]) => string> = new Map<
  string,
  (...parts: readonly string[]) => string
>([
  ...["<", "<=", ">", ">=", "==", "!="].map(
    (name) => [name, (a: string, b: string) => `(1.0 * (${a} ${name} ${b}))`] as const,
  ),
  ["step", (x) => `(1.0 * (${x} > 0))`],
  ["silu", (x) => `(${x} * sigmoid(${x}))`],
  ["gelu", (x) => `(${x} / 2 * erfc(-${x} / math.sqrt(2)))`],
  ["leakyrelu", (x, slope) => `np.where(${x} > 0, ${x}, ${slope} * ${x})`],
  ["elu", (x, alpha) => `np.where(${x} > 0, ${x}, ${alpha} * np.expm1(np.minimum(${x}, 0)))`],
  [".^", (a, b) => `(${a} ** ${b})`],
]);

/**
 * An operation of its operands, one piece of code.
 * @throws UntranslatableError
 */
export function operationInNumpy({ name }: Operation, operands: readonly Argument[]): string {
  const called = CALLED.get(name);
  if (called) {
    const [own, ...others] = called;
    return `${own}(${[...operands.map(({ code }) => code), ...others].join(", ")})`;
  }
  const write = WRITTEN.get(name);
  if (!write) throw new UntranslatableError(`NumPy has no ${name}`);
  return write(...operands.map(({ part }) => part));
}
