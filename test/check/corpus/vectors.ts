/** Networks on one example. */
import type { System } from "./case.js";
import {
  mask,
  matrix,
  mv,
  numbers,
  outer,
  relu,
  sigmoid,
  T,
  vminus,
  vplus,
  vscale,
  vtimes,
  type Vector,
} from "./matrices.js";

function sigmoidNet(): System {
  const [x, t] = [
    [0.7, -1.3],
    [0.4, -0.8],
  ];
  const [W1, W2] = [matrix(3, 2, 1), matrix(2, 3, 2)];
  const z1 = mv(W1, x);
  const a1 = z1.map(sigmoid);
  const y = mv(W2, a1);
  const backward = (fault = "") => {
    let dy = vminus(y, t);
    if (fault === "sign") dy = vminus(t, y);
    if (fault === "absolute") dy = dy.map(Math.sign);
    const dW2 = outer(dy, fault === "z for a" ? z1 : a1);
    const da1 = mv(T(W2), dy);
    if (fault === "one output") for (const j of [0, 1, 2]) da1[j] = W2[0]![j]! * dy[0]!;
    const slope = z1.map((z, i) => {
      const a = a1[i]!;
      switch (fault) {
        case "no slope":
        case "minus, no slope":
          return 1;
        case "slope at a":
          return sigmoid(a) * (1 - sigmoid(a));
        case "slope of z":
          return z * (1 - z);
        case "tanh slope":
          return 1 - a * a;
        case "tanh slope of z":
          return 1 - Math.tanh(z) ** 2;
        case "slope squared":
          return (a * (1 - a)) ** 2;
        case "a itself":
          return a;
        case "relu slope":
          return mask(z);
        default:
          return a * (1 - a);
      }
    });
    let dz1 = vtimes(da1, slope);
    if (fault === "brackets") dz1 = da1.map((d, i) => d * a1[i]! * 1 - a1[i]!);
    if (fault === "minus, no slope") dz1 = vscale(-1, dz1);
    return { W1: outer(dz1, x), W2: dW2, z1: dz1, a1: da1 };
  };
  const of = (fault: string, ...names: ("W1" | "W2" | "z1" | "a1")[]) => {
    const all = backward(fault);
    return Object.fromEntries(names.map((name) => [name, all[name]]));
  };
  return {
    name: "sigmoid 2-3-2",
    text: `
      x = input(2)
      t = target(2)
      W1 = param(3, 2)
      W2 = param(2, 3)
      z1 = W1 * x
      a1 = sigmoid(z1)
      y = W2 * a1
      L = 1/2 * sum((y - t).^2)`,
    point: { x, t, W1, W2 },
    right: of("", "W1", "W2", "z1", "a1"),
    cases: [
      { name: "t - y", claims: of("sign", "W1", "W2"), wrong: { W1: "sign", W2: "sign" } },
      { name: "no slope", claims: of("no slope", "W1", "W2"), wrong: { W1: "missing-factor" } },
      {
        name: "no slope, one claim",
        claims: of("no slope", "W1"),
        wrong: { W1: "missing-factor" },
      },
      { name: "slope at a", claims: of("slope at a", "W1", "W2"), wrong: { W1: "wrong-variable" } },
      { name: "slope of z", claims: of("slope of z", "W1"), wrong: { W1: "wrong-variable" } },
      { name: "tanh slope", claims: of("tanh slope", "W1"), wrong: { W1: "wrong-function" } },
      {
        name: "tanh slope of z",
        claims: of("tanh slope of z", "W1"),
        wrong: { W1: "wrong-function" },
      },
      { name: "a for its slope", claims: of("a itself", "W1"), wrong: { W1: "wrong-function" } },
      { name: "relu slope", claims: of("relu slope", "W1"), wrong: { W1: "wrong-function" } },
      { name: "slope squared", claims: of("slope squared", "W1"), wrong: { W1: "extra-factor" } },
      { name: "brackets", claims: of("brackets", "W1", "W2"), wrong: { W1: "missing-factor" } },
      { name: "z for a", claims: of("z for a", "W1", "W2"), wrong: { W2: "wrong-variable" } },
      { name: "one output", claims: of("one output", "W1", "W2"), wrong: { W1: "missing-term" } },
      {
        name: "absolute error",
        claims: of("absolute", "W1", "W2"),
        wrong: { W1: "wrong-function", W2: "wrong-function" },
      },
      { name: "transposed", claims: { W1: T(backward().W1) }, wrong: { W1: "transposed" } },
      {
        name: "da1 holds dz1",
        claims: { a1: backward().z1, W1: backward().W1 },
        wrong: { a1: "other-quantity" },
      },
      { name: "dz1 without slope", claims: { z1: backward().a1 }, wrong: { z1: "missing-factor" } },
      {
        name: "an update step",
        claims: { W1: backward().W1.map((row) => vscale(-0.05, row)) },
        wrong: { W1: "constant-factor" },
      },
      {
        name: "updated weights handed in",
        claims: { W2: W2.map((row, i) => vminus(row, vscale(0.1, backward().W2[i]!))) },
        wrong: { W2: "other-quantity" },
      },
      {
        name: "minus, no slope",
        claims: of("minus, no slope", "W1", "W2"),
        wrong: { W1: "missing-factor + sign" },
      },
      {
        name: "half missing",
        claims: {
          W1: backward().W1.map((row) => vscale(2, row)),
          W2: backward().W2.map((row) => vscale(2, row)),
        },
        wrong: { W1: "constant-factor", W2: "constant-factor" },
      },
      {
        name: "weights already updated",
        claims: {
          W1: outer(
            vtimes(
              mv(T(W2.map((row, i) => vminus(row, vscale(0.1, backward().W2[i]!)))), vminus(y, t)),
              a1.map((a) => a * (1 - a)),
            ),
            x,
          ),
        },
        wrong: { W1: "wrong-variable" },
      },
      { name: "noise", claims: { W1: matrix(3, 2, 77) }, wrong: { W1: "unknown" } },
      { name: "another shape", claims: { W1: [1.5, 2.25, 3.125] }, wrong: { W1: "shape" } },
    ],
  };
}

function reluNet(): System {
  const x = [1, 2, 3];
  const t = [0.5, 0.8];
  const [W1, b1] = [matrix(4, 3, 3), [0.1, 0.2, -0.3, 0.4]];
  const [W2, b2] = [matrix(2, 4, 4), [0.4, 0.6]];
  const z1 = vplus(mv(W1, x), b1);
  const h1 = z1.map(relu);
  const z2 = vplus(mv(W2, h1), b2).map((z) => z + 2);
  const y = z2.map(relu);
  const dy = vminus(y, t);
  const dz2 = vtimes(dy, z2.map(mask));
  const dh1 = mv(T(W2), dz2);
  const dz1 = vtimes(dh1, z1.map(mask));
  const right = { W1: outer(dz1, x), b1: dz1, W2: outer(dz2, h1), b2: dz2 };
  return {
    name: "relu 3-4-2",
    text: `
      x = input(3)
      t = target(2)
      W1 = param(4, 3)
      b1 = param(4)
      W2 = param(2, 4)
      b2 = param(2)
      z1 = W1 * x + b1
      h1 = relu(z1)
      z2 = W2 * h1 + b2 + 2
      y = relu(z2)
      L = 1/2 * sum((y - t).^2)`,
    point: { x, t, W1, b1, W2, b2 },
    right,
    cases: [
      {
        name: "no mask",
        claims: { ...right, W1: outer(dh1, x), b1: dh1 },
        wrong: { W1: "missing-factor", b1: "missing-factor" },
      },
      {
        name: "mask as a factor z",
        claims: { ...right, W1: outer(vtimes(dh1, z1), x), b1: vtimes(dh1, z1) },
        wrong: { W1: ["wrong-function", "extra-factor"], b1: ["wrong-function", "extra-factor"] },
      },
      {
        name: "x for h",
        claims: { ...right, W2: outer(dz2, vplus(z1, vscale(0, h1))) },
        wrong: { W2: "wrong-variable" },
      },
      {
        name: "b1 forgotten",
        claims: { ...right, b1: [0, 0, 0, 0] },
        wrong: { b1: "missing-term" },
      },
      {
        name: "clipped",
        claims: {
          ...right,
          W1: right.W1.map((row) => row.map((v) => Math.max(-1, Math.min(1, v)))),
        },
        wrong: { W1: "clipped" },
      },
      {
        name: "b2 holds dh",
        claims: { ...right, b2: vscale(0.5, dz2), W2: right.W2.map((row) => vscale(0.5, row)) },
        wrong: { b2: "constant-factor", W2: "constant-factor" },
      },
      {
        name: "weight decay that is not there",
        claims: { ...right, W2: right.W2.map((row, i) => vplus(row, vscale(0.001, W2[i]!))) },
        wrong: { W2: "extra-term" },
      },
      {
        name: "b1 instead of b2",
        claims: { ...right, b2: [dz1[0]!, dz1[1]!] },
        wrong: { b2: "unknown" },
      },
    ],
  };
}

function autoencoder(): System {
  const x = numbers(4, 5);
  const W = matrix(2, 4, 6);
  const z = mv(W, x);
  const h = z.map(sigmoid);
  const r = mv(T(W), h);
  const dr = vminus(r, x);
  const dz = vtimes(
    mv(W, dr),
    h.map((v) => v * (1 - v)),
  );
  const encoder = outer(dz, x);
  const decoder = outer(h, dr);
  const add = (a: Vector[], b: Vector[]) => a.map((row, i) => vplus(row, b[i]!));
  return {
    name: "tied autoencoder",
    text: `
      x = input(4)
      W = param(2, 4)
      z = W * x
      h = sigmoid(z)
      r = W' * h
      L = 1/2 * sum((r - x).^2)`,
    point: { x, W },
    right: { W: add(encoder, decoder) },
    cases: [
      { name: "decoder only", claims: { W: decoder }, wrong: { W: "missing-term" } },
      { name: "encoder only", claims: { W: encoder }, wrong: { W: "missing-term" } },
      {
        name: "decoder twice",
        claims: { W: add(encoder, add(decoder, decoder)) },
        wrong: { W: "extra-term" },
      },
      {
        name: "minus the decoder",
        claims: {
          W: add(
            encoder,
            decoder.map((row) => vscale(-1, row)),
          ),
        },
        wrong: { W: "sign" },
      },
      {
        name: "no slope",
        claims: { W: add(outer(mv(W, dr), x), decoder) },
        wrong: { W: "missing-factor" },
      },
    ],
  };
}

export const vectorSystems: readonly System[] = [sigmoidNet(), reluNet(), autoencoder()];
