/** Numbers and sizes that are missing or on the wrong side, in values: told of the term they stand in. */
import { check, compile, parseModel, randomPoint } from "chainrule";
import { expect, it } from "vitest";
import { SPREAD } from "./formula-models.js";

/** What is told first of the values that wrong lines compute. */
function firsts(text: string, lines: string): string[][] {
  const model = parseModel(text);
  const at = randomPoint(model, { seed: 5 });
  const { values } = compile(parseModel(`${text}\n${lines}`, { loss: "L" })).evaluate(at);
  const given = model.params.flatMap(({ name }) => {
    const value = values[`d${name}`];
    return value === undefined ? [] : [[name, value] as const];
  });
  const { checks } = check(model, Object.fromEntries(given), { at });
  return checks
    .filter(({ ok }) => !ok)
    .map(({ diagnosis }) =>
      diagnosis
        .filter(({ explanation }) => explanation === 1)
        .map(({ cause, text: told }) => `${cause}: ${told}`),
    );
}

const RIDGE = `
  N = size()
  lam = input()
  X = input(N, 3)
  y = target(N)
  w = param(3)
  r = X * w - y
  L = sum(r.^2) / N + lam * sum(w.^2)`;

const POSTERIOR = `
  N = size()
  X = input(N, 3)
  y = target(N)
  sigma = input()
  tau = input()
  w = param(3)
  r = y - X * w
  L = sum(r.^2) / (2 * sigma^2) + sum(w.^2) / (2 * tau^2)`;

const MEAN = `
  X = input(6, 3)
  Y = target(6, 2)
  W = param(3, 2)
  R = X * W - Y
  L = mean(R.^2) + 0.1 * sum(W.^2)`;

const DROPOUT = `
  N = size()
  X = input(N, 3)
  T = target(N, 2)
  M1 = input(N, 4)
  M2 = input(N, 5)
  W1 = param(3, 4)
  W2 = param(4, 5)
  W3 = param(5, 2)
  A1 = tanh(X * W1)
  D1 = A1 .* M1 / 0.8
  A2 = tanh(D1 * W2)
  D2 = A2 .* M2 / 0.8
  L = sum((D2 * W3 - T).^2) / (2 * N)`;

it.each([
  [
    "a residual that is divided by N, in its square",
    SPREAD,
    "r = (y - m) / N\ndv = X' * (1 - r.^2 ./ s.^2) / N",
    [
      [
        "constant-factor: dv follows from ds, which is computed with 1/N^2 times the term -((y - m).^2 ./ s.^3 / N): multiply by N^2, in that term only",
      ],
    ],
  ],
  [
    "a number that a term is divided by",
    RIDGE,
    "dw = 2 / N * X' * r + 2 / lam * w",
    [
      [
        "wrong-function: dw is divided by lam in the step back through the term lam .* sum(w.^2) of L, where it must be multiplied by it",
      ],
    ],
  ],
  [
    "a square that a term is multiplied by",
    POSTERIOR,
    "dw = -X' * r / sigma^2 + w * tau^2",
    [
      [
        "wrong-function: dw is multiplied by tau.^2 in the step back through the term sum(w.^2) ./ tau.^2 of L, where it must be divided by it",
      ],
    ],
  ],
  [
    "a number for its square",
    POSTERIOR,
    "dw = -X' * r / sigma + w / tau^2",
    [
      [
        "missing-factor: dw follows from dr, which is computed with the factor 1/sigma before sum(r.^2) left out: multiply that part by 1/sigma",
      ],
    ],
  ],
  [
    "a sum for a mean in one of two terms",
    MEAN,
    "dR = 2 * R\ndW = X' * dR + 0.2 * W",
    [
      [
        "constant-factor: dW follows from dR, which is computed with sum(R.^2) where the mean over 12 entries belongs, mean(R.^2): divide that part by 12",
      ],
    ],
  ],
  [
    "a share that is kept, in two layers",
    DROPOUT,
    [
      "dY = (D2 * W3 - T) / N",
      "dW3 = D2' * dY",
      "dA2 = dY * W3' .* M2",
      "dZ2 = dA2 .* (1 - A2.^2)",
      "dW2 = D1' * dZ2",
      "dA1 = dZ2 * W2' .* M1",
      "dW1 = X' * (dA1 .* (1 - A1.^2))",
    ].join("\n"),
    [
      [
        "constant-factor: dW1 follows from dA2, which is computed without dividing A2 by 0.8: divide that part by 0.8",
        "constant-factor: dW1 follows from dA1, which is computed without dividing A1 by 0.8: divide that part by 0.8",
      ],
      [
        "constant-factor: dW2 follows from dA2, which is computed without dividing A2 by 0.8: divide that part by 0.8",
      ],
    ],
  ],
])("%s is told", (_, text, lines, told) => {
  expect(firsts(text, lines)).toEqual(told);
});
