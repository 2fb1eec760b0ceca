import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { expectClose, type Point, run } from "./support.js";

interface System {
  readonly point: Point;
  readonly loss: number;
  readonly values: Point;
  readonly gradients: Point;
}

const sigmoid = (second: string) => `
  x = input(2)
  t = target(2)
  W1 = param(3, 2, "W^{(1)}")
  W2 = param(2, 3, "W^{(2)}")
  z1 = W1 * x
  a1 = sigmoid(z1)
  z2 = W2 * ${second}
  y = z2
  MSE = 1/2 * sum((t - y).^2)`;

const MODELS: Readonly<Record<string, string>> = {
  "relu-3-4-2": `
    x = input(3)
    t = target(2)
    W1 = param(4, 3)
    b1 = param(4)
    W2 = param(2, 4)
    b2 = param(2)
    z1 = W1 * x + b1
    h1 = relu(z1)
    z2 = W2 * h1 + b2
    y = relu(z2)
    L = 1/2 * sum((y - t).^2)`,
  "sigmoid-2-3-2": sigmoid("a1"),
  "sigmoid-2-3-2-as-run": sigmoid("z1"),
  "batch-3-4-4-2": `
    N = size()
    X = input(3, N)
    T = target(2, N)
    W1 = param(4, 3)
    b1 = param(4)
    W2 = param(4, 4)
    b2 = param(4)
    W3 = param(2, 4)
    b3 = param(2)
    Z1 = W1 * X + b1
    H1 = sigmoid(Z1)
    Z2 = W2 * H1 + b2
    H2 = sigmoid(Z2)
    O = W3 * H2 + b3
    L = 1/N * 1/2 * sum((O - T).^2)`,
  "row-4-3": `
    x = input(1, 4)
    t = target(1, 3)
    W = param(4, 3)
    b = param(1, 3)
    u = x * W + b
    y = sigmoid(u)
    L = sum((y - t).^2)`,
  "row-4-5-3": `
    x = input(1, 4)
    t = target(1, 3)
    W1 = param(4, 5)
    b1 = param(1, 5)
    W2 = param(5, 3)
    b2 = param(1, 3)
    u1 = x * W1 + b1
    h = sigmoid(u1)
    u2 = h * W2 + b2
    y = sigmoid(u2)
    L = sum((y - t).^2)`,
  "logistic-2-5-1": `
    x = input(2)
    t = target()
    W1 = param(5, 2)
    b1 = param(5)
    w2 = param(5)
    b2 = param()
    z1 = W1 * x + b1
    h = relu(z1)
    y = dot(w2, h) + b2
    L = softplus(-t * y)`,
};

function systemOf(name: string): System {
  const file = new URL(`../../examples/systems/${name}.json`, import.meta.url);
  return JSON.parse(readFileSync(file, "utf8")) as System;
}

describe.each(Object.entries(MODELS))("%s", (name, text) => {
  const system = systemOf(name);
  const result = run(text, system.point);

  it("has the loss and the values", () => {
    expectClose(result.loss, system.loss, 1e-12, "loss");
    for (const [quantity, expected] of Object.entries(system.values)) {
      expectClose(result.values[quantity]!, expected, 1e-12, quantity);
    }
  });

  it("has the gradients, of all parameters", () => {
    expect(Object.keys(result.gradients).sort()).toEqual(Object.keys(system.gradients).sort());
    for (const [parameter, expected] of Object.entries(system.gradients)) {
      expectClose(result.gradients[parameter]!, expected, 1e-12, parameter);
    }
  });
});
