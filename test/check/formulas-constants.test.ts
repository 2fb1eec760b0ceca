/** Numbers and sizes that are left out, too many, or on the wrong side: told as the model writes them. */
import { expect, it } from "vitest";
import { SPREAD } from "./formula-models.js";
import { firstOf } from "./first-wrong.js";

const attention = (d: string, sizes: string): string => `
  ${sizes}
  X = input(5, 4)
  T = target(5, ${d})
  Wq = param(4, ${d})
  Wk = param(4, ${d})
  Q = X * Wq
  K = X * Wk
  S = Q * K' / sqrt(${d})
  P = softmax(S, 2)
  O = P * T
  L = 1/2 * sum((O - T).^2)`;
const NUMBER = attention("3", "");
const SIZE = attention("d", "d = size()");
const SCORES = "dP = (O - T) * T'\ndS = P .* (dP - sum(P .* dP, 2))\n";

const LAYER = `
  N = size()
  X = input(3, N)
  Y = target(2, N)
  W = param(2, 3)
  b = param(2)
  E = W * X + b - Y
  L = sum(E.^2) / (2 * N)`;

const ridge = (penalty: string): string => `
  N = size()
  lam = input()
  X = input(N, 3)
  y = target(N)
  w = param(3)
  r = X * w - y
  L = sum(r.^2) / N + ${penalty}`;

const POSTERIOR = `
  X = input(6, 3)
  y = target(6)
  sigma = input()
  tau = input()
  w = param(3)
  r = y - X * w
  L = sum(r.^2) / (2 * sigma^2) + sum(w.^2) / (2 * tau^2)`;

const NORM = `
  N = size()
  X = input(N, 4)
  T = target(N, 3)
  W = param(4, 3)
  Z = X * W
  C = Z - mean(Z, 1)'
  L = sum((tanh(C) - T).^2) / 2`;

it.each([
  [
    "a root of a number that is multiplied by",
    NUMBER,
    `${SCORES}dQ = dS * K * sqrt(3)`,
    "constant-factor",
    "dQ multiplies by sqrt(3) where it must divide",
    "dQ = dS * K / sqrt(3)",
  ],
  [
    "a root of a size that is multiplied by",
    SIZE,
    `${SCORES}dQ = dS * K * sqrt(d)`,
    "constant-factor",
    "dQ multiplies by sqrt(d) where it must divide",
    "dQ = dS * K / sqrt(d)",
  ],
  [
    "a size for its root",
    SIZE,
    `${SCORES}dQ = dS * K / d`,
    "constant-factor",
    "dQ divides by d where sqrt(d) belongs",
    "dQ = dS * K / sqrt(d)",
  ],
  [
    "a root of a size that is left out",
    SIZE,
    `${SCORES}dQ = dS * K`,
    "constant-factor",
    "dQ is sqrt(d) times the right gradient: divide by sqrt(d)",
    "dQ = dS * K / sqrt(d)",
  ],
  [
    "a root of a size that is divided by too early",
    SIZE,
    "dP = (O - T) * T'\ndS = P .* (dP - sum(P .* dP, 2)) / sqrt(d)\ndQ = dS * K / sqrt(d)",
    "constant-factor",
    "dS is 1/sqrt(d) times the right gradient: multiply by sqrt(d)",
    "dS = P .* (dP - sum(P .* dP, 2))",
  ],
  [
    "a size that is multiplied by",
    LAYER,
    "dE = E * N\ndW = dE * X'",
    "constant-factor",
    "dE multiplies by N where it must divide",
    "dE = E / N",
  ],
  [
    "a number of the model that one term is divided by",
    ridge("lam/2 * sum(w.^2)"),
    "dr = 2 * r / N\ndw = X' * dr + w / lam",
    "extra-factor",
    "dw divides w by lam where it must multiply",
    "dw = X' * dr + w * lam",
  ],
  [
    "the same behind a number",
    ridge("lam * sum(w.^2)"),
    "dw = 2 / N * X' * r + 2 / lam * w",
    "extra-factor",
    "dw divides 2 by lam where it must multiply",
    "dw = 2 / N * X' * r + 2 * lam * w",
  ],
  [
    "a square that one term is multiplied by",
    POSTERIOR,
    "dw = -X' * r / sigma^2 + w * tau^2",
    "extra-factor",
    "dw multiplies w by tau^2 where it must divide",
    "dw = -X' * r / sigma^2 + w / tau^2",
  ],
  [
    "the square of a number of the model",
    POSTERIOR,
    "dw = -X' * r / sigma + w / tau^2",
    "missing-factor",
    "dw has sigma where sigma.^2 belongs: the square is left out",
    "dw = -X' * r / sigma.^2 + w / tau^2",
  ],
  [
    "a number of the model that is left out of one term",
    ridge("lam/2 * sum(w.^2)"),
    "dw = 2 / N * X' * r + w",
    "missing-factor",
    "dw lacks the factor lam beside w",
    "dw = 2 / N * X' * r + lam * w",
  ],
  [
    "the square of an exponential",
    SPREAD,
    "e = y - m\ndw = -X' * (e ./ s) / N",
    "missing-factor",
    "dw has s where s.^2 belongs: the square is left out",
    "dw = -X' * (e ./ s.^2) / N",
  ],
  [
    "a factor of a value that claims nothing",
    SPREAD,
    "r = (y - m) / N\ndw = -X' * (r ./ s.^2) / N\ndv = X' * (1 - r.^2 ./ s.^2) / N",
    "constant-factor",
    "r is 1/N times what is needed here: multiply by N",
    "r = y - m",
  ],
  [
    "a sum for a mean within a line",
    NORM,
    "dC = (tanh(C) - T) .* (1 - tanh(C).^2)\ndZ = dC - sum(dC, 1)'",
    "constant-factor",
    "dZ has the sum sum(dC, 1) where the mean over N entries belongs, mean(dC, 1)",
    "dZ = dC - mean(dC, 1)'",
  ],
  [
    "a number of many digits",
    "x = input(3)\nw = param(3)\nL = 12345678901234 * sum((x .* w).^2)",
    "dw = 12345678901234 * (x.^2 .* w)",
    "constant-factor",
    "dw is 0.5 times the right gradient: multiply by 2",
    "dw = 2 * (12345678901234 * (x.^2 .* w))",
  ],
])("%s is told", (_, model, text, cause, told, repaired) => {
  expect(firstOf(model, text)).toMatchObject({ cause, told, repaired });
});
