/** Skips and normalisation: several paths to the same quantity. */
import type { System } from "./case.js";
import {
  dot,
  matrix,
  mv,
  numbers,
  outer,
  sum,
  T,
  vminus,
  vplus,
  vscale,
  vtimes,
  type Vector,
} from "./matrices.js";

function residual(): System {
  const x = numbers(3, 8);
  const t = numbers(3, 9);
  const [A, B] = [matrix(3, 3, 10), matrix(3, 3, 11)];
  const u = mv(A, x);
  const h = vplus(x, u.map(Math.tanh));
  const v = mv(B, h);
  const y = vplus(h, v.map(Math.tanh));
  const dy = vscale(2, vminus(y, t));
  const dv = vtimes(
    dy,
    v.map((one) => 1 - Math.tanh(one) ** 2),
  );
  const through = mv(T(B), dv);
  const slope = u.map((one) => 1 - Math.tanh(one) ** 2);
  const dA = (dh: Vector) => outer(vtimes(dh, slope), x);
  const right = { A: dA(vplus(dy, through)), B: outer(dv, h) };
  return {
    name: "residual 3-3-3",
    text: `
      x = input(3)
      t = target(3)
      A = param(3, 3)
      B = param(3, 3)
      u = A * x
      h = x + tanh(u)
      v = B * h
      y = h + tanh(v)
      L = sum((y - t).^2)`,
    point: { x, t, A, B },
    right,
    cases: [
      {
        name: "skip path left out",
        claims: { ...right, A: dA(through) },
        wrong: { A: "missing-term" },
      },
      {
        name: "through path left out",
        claims: { ...right, A: dA(dy) },
        wrong: { A: "missing-term" },
      },
      {
        name: "B not transposed",
        claims: { ...right, A: dA(vplus(dy, mv(B, dv))) },
        wrong: { A: "transposed" },
      },
      {
        name: "square transposed",
        claims: { ...right, B: T(right.B) },
        wrong: { B: "transposed" },
      },
      {
        name: "1 - tanh",
        claims: {
          ...right,
          A: outer(
            vtimes(
              vplus(dy, through),
              u.map((one) => 1 - Math.tanh(one)),
            ),
            x,
          ),
        },
        wrong: { A: "wrong-function" },
      },
      {
        name: "A for B",
        claims: { ...right, A: dA(vplus(dy, mv(T(A), dv))) },
        wrong: { A: "wrong-variable" },
      },
      { name: "x for h", claims: { ...right, B: outer(dv, x) }, wrong: { B: "wrong-variable" } },
      {
        name: "factor 2 left out",
        claims: {
          A: right.A.map((row) => vscale(0.5, row)),
          B: right.B.map((row) => vscale(0.5, row)),
        },
        wrong: { A: "constant-factor", B: "constant-factor" },
      },
    ],
  };
}

function layerNorm(): System {
  const x = numbers(4, 12);
  const t = numbers(4, 13);
  const g = [1.1, 0.7, -0.4, 0.9];
  const b = [0.1, -0.2, 0.3, 0.05];
  const W = matrix(4, 4, 14);
  const z = mv(W, x);
  const m = sum(z) / 4;
  const c = z.map((v) => v - m);
  const variance = dot(c, c) / 4;
  const s = Math.sqrt(variance + 0.001);
  const n = vscale(1 / s, c);
  const y = vplus(vtimes(g, n), b);
  const dy = vminus(y, t);
  const dn = vtimes(dy, g);
  const dz = (mean: boolean, spread: boolean) =>
    dn.map((v, i) => (v - (mean ? sum(dn) / 4 : 0) - (spread ? (n[i]! * dot(dn, n)) / 4 : 0)) / s);
  const right = { W: outer(dz(true, true), x), g: vtimes(dy, n), b: dy };
  return {
    name: "layer norm",
    text: `
      x = input(4)
      t = target(4)
      W = param(4, 4)
      g = param(4)
      b = param(4)
      z = W * x
      m = mean(z)
      c = z - m
      v = mean(c.^2)
      s = sqrt(v + 0.001)
      n = c / s
      y = g .* n + b
      L = 1/2 * sum((y - t).^2)`,
    point: { x, t, W, g, b },
    right,
    cases: [
      {
        name: "variance path left out",
        claims: { ...right, W: outer(dz(true, false), x) },
        wrong: { W: "missing-term" },
      },
      {
        name: "mean path left out",
        claims: { ...right, W: outer(dz(false, true), x) },
        wrong: { W: "missing-term" },
      },
      { name: "c for n", claims: { ...right, g: vtimes(dy, c) }, wrong: { g: "wrong-variable" } },
      {
        name: "gain left out",
        claims: {
          ...right,
          W: outer(
            dy.map((v, i) => (v - sum(dy) / 4 - (n[i]! * dot(dy, n)) / 4) / s),
            x,
          ),
        },
        wrong: { W: "missing-factor" },
      },
      {
        name: "not divided by s",
        claims: { ...right, W: outer(vscale(s, dz(true, true)), x) },
        wrong: { W: ["missing-factor", "constant-factor"] },
      },
    ],
  };
}

export const deepSystems: readonly System[] = [residual(), layerNorm()];
