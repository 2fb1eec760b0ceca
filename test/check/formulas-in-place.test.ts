/** Mistakes that one change in the statement mends, which is told before what makes up for them elsewhere. */
import { expect, it } from "vitest";
import { firstOf } from "./first-wrong.js";

const QUANTILE = `
  N = size()
  X = input(N, 2)
  y = target(N)
  tau = input()
  w = param(2)
  q = X * w
  r = y - q
  L = sum(maximum(tau * r, (tau - 1) * r)) / N`;

const CONTRASTIVE = `
  N = size()
  X1 = input(N, 3)
  X2 = input(N, 3)
  y = target(N)
  W = param(3, 2)
  G1 = tanh(X1 * W)
  G2 = tanh(X2 * W)
  D = sqrt(sum((G1 - G2).^2, 2))
  L = sum((1 - y) .* D.^2 + y .* relu(1 - D).^2) / (2 * N)`;

const CLASSES = `
  m = size()
  x = input(4, m)
  y = target(5, m)
  W = param(3, 4)
  b = param(3)
  V = param(5, 3)
  z = W * x + b
  h = relu(z)
  s = V * h
  J = (sum(logsumexp(s, 1)) - sum(y .* s)) / m`;

const METRIC = `
  N = size()
  A = input(N, 3)
  B = input(N, 3)
  T = param(3, 3)
  p = sum((A * T').^2, 2)
  q = sum((B * T').^2, 2)
  J = sum(p) + sum(relu(1 + p - q))`;

it.each([
  [
    "a share and the rest in each other's places",
    QUANTILE,
    "over = (q > y)\ndq = (tau * over - (1 - tau) * (1 - over)) / N",
    "wrong-variable",
    "dq has tau and 1 - tau changed over",
    "dq = ((1 - tau) * over - tau * (1 - over)) / N",
  ],
  [
    "a divisor of a part of a statement that claims nothing",
    CONTRASTIVE,
    "c = relu(1 - D)\npush = -y .* c .* (G1 - G2)\ndG1 = ((1 - y) .* (G1 - G2) + push) / N",
    "missing-factor",
    "push lacks the factor 1/D",
    "push = -y .* c ./ D .* (G1 - G2)",
  ],
  [
    "a factor too many, and not another that adds up to 1",
    CLASSES,
    "p = softmax(s, 1)\nds = (p - y) / m\ndz = (V' * ds) .* (z > 0)\ndb = sum(dz * x', 2)",
    "extra-factor",
    "db has the factor x', which does not belong there",
    "db = sum(dz, 2)",
  ],
  [
    "a square factor of a product that fits without it",
    METRIC,
    "c = (1 + p - q > 0)\nG = A' * A + A' * (c .* A) - B' * (c .* B)\ndT = 2 * G",
    "missing-factor",
    "dT lacks the factor T in front of 2 * G",
    "dT = T * (2 * G)",
  ],
])("%s is told", (_, model, text, cause, told, repaired) => {
  expect(firstOf(model, text)).toMatchObject({ cause, told, repaired });
});
