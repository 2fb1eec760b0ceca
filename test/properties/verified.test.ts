import { expect, it } from "vitest";
import { randomModel } from "./grammar.js";
import { forModels, verifies } from "./models.js";

it(
  "random models: compiled = matrix backprop = 50 digits = differences",
  { timeout: 300_000 },
  () => {
    forModels({ from: 1, count: 400 }, verifies);
  },
);

it("the grammar makes every operation, operator and function that there is", () => {
  const texts = Array.from({ length: 2000 }, (_, seed) => randomModel(seed, 1 + (seed % 7)).text);
  const all = texts.join("\n");
  const functions = [
    "exp",
    "log",
    "log1p",
    "sqrt",
    "square",
    "abs",
    "sign",
    "sin",
    "cos",
    "tan",
    "tanh",
    "sigmoid",
    "softplus",
    "relu",
    "leakyrelu",
    "elu",
    "silu",
    "gelu",
    "step",
    "erf",
    "maximum",
    "minimum",
    "sum",
    "mean",
    "max",
    "min",
    "logsumexp",
    "softmax",
    "logsoftmax",
    "dot",
    "norm",
    "trace",
    "diag",
    "transpose",
    "kron",
    "ones",
    "zeros",
    "identity",
    "concat",
    "input",
    "target",
    "param",
    "size",
  ];
  const missing = functions.filter((name) => !new RegExp(`\\b${name}\\(`).test(all));
  const signs = [
    " + ",
    " - ",
    " * ",
    " / ",
    "^",
    " .* ",
    " ./ ",
    ".^",
    "' ",
    " < ",
    " <= ",
    " > ",
    " >= ",
    " == ",
    " != ",
    "1:2:end",
    "[:, ",
    ", :]",
    "slope = ",
    "alpha = ",
    "dim = 2",
    "pi",
  ];
  expect([...missing, ...signs.filter((sign) => !all.includes(sign))]).toEqual([]);
});
