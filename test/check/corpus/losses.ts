/** Other losses, regularisers, shared weights over time. */
import type { System } from "./case.js";
import {
  addColumn,
  each,
  mask,
  matrix,
  minus,
  mm,
  mv,
  numbers,
  oneHot,
  outer,
  plus,
  relu,
  rowSums,
  scale,
  sigmoid,
  softmax,
  sum,
  T,
  times,
  vminus,
  vplus,
  vscale,
  vtimes,
  type Vector,
} from "./matrices.js";

function softmaxRegression(): System {
  const N = 4;
  const [X, Y] = [matrix(2, N, 41), oneHot(3, N)];
  const [W, b] = [matrix(3, 2, 42), numbers(3, 43)];
  const Z = addColumn(mm(W, X), b);
  const P = T(T(Z).map(softmax));
  const dZ = scale(1 / N, minus(P, Y));
  const of = (d: number[][]) => ({ W: mm(d, T(X)), b: rowSums(d) });
  const right = of(dZ);
  const dP = each(P, (p, i, j) => -Y[i]![j]! / p / N);
  const diagonal = times(
    dP,
    each(P, (p) => p * (1 - p)),
  );
  const both = (cause: string | string[]) => ({ W: cause, b: cause });
  return {
    name: "softmax regression",
    text: `
      N = size()
      X = input(2, N)
      Y = target(3, N)
      W = param(3, 2)
      b = param(3)
      Z = W * X + b
      P = softmax(Z, 1)
      L = -1/N * sum(Y .* log(P))`,
    point: { X, Y, W, b },
    right,
    cases: [
      { name: "diagonal only", claims: of(diagonal), wrong: both("missing-term") },
      { name: "t - p", claims: of(scale(-1, dZ)), wrong: both("sign") },
      { name: "1/N left out", claims: of(scale(N, dZ)), wrong: both("constant-factor") },
      {
        name: "slope too many",
        claims: of(
          times(
            dZ,
            each(P, (p) => p * (1 - p)),
          ),
        ),
        wrong: both("extra-factor"),
      },
      { name: "softmax left out", claims: of(dP), wrong: both(["missing-factor", "missing-term"]) },
      { name: "p only", claims: of(scale(1 / N, P)), wrong: both("missing-term") },
      { name: "transposed", claims: { W: T(right.W) }, wrong: { W: "transposed" } },
    ],
  };
}

function ridge(): System {
  const N = 6;
  const [X, y, w, b] = [matrix(N, 3, 51), numbers(N, 52), numbers(3, 53), 0.35];
  const e = vminus(
    mv(X, w).map((v) => v + b),
    y,
  );
  const data = vscale(2 / N, mv(T(X), e));
  const right = { w: vplus(data, vscale(0.2, w)), b: (2 / N) * sum(e) };
  return {
    name: "ridge regression",
    text: `
      N = size()
      X = input(N, 3)
      y = target(N)
      w = param(3)
      b = param()
      p = X * w + b
      e1 = p - y
      L = mean(e1.^2) + 0.1 * sum(w.^2)`,
    point: { X, y, w, b },
    right,
    cases: [
      { name: "regulariser left out", claims: { ...right, w: data }, wrong: { w: "missing-term" } },
      {
        name: "regulariser without its 2",
        claims: { ...right, w: vplus(data, vscale(0.1, w)) },
        wrong: { w: "constant-factor" },
      },
      {
        name: "regulariser on b",
        claims: { ...right, b: right.b + 0.2 * b },
        wrong: { b: "extra-term" },
      },
      {
        name: "minus the regulariser",
        claims: { ...right, w: vminus(data, vscale(0.2, w)) },
        wrong: { w: "sign" },
      },
      {
        name: "sum for mean, in w",
        claims: { ...right, w: vplus(vscale(N, data), vscale(0.2, w)) },
        wrong: { w: "constant-factor" },
      },
      {
        name: "b not summed",
        claims: { ...right, b: vscale(2 / N, e) },
        wrong: { b: "not-summed" },
      },
      {
        name: "b without its 2",
        claims: { ...right, b: right.b / 2 },
        wrong: { b: "constant-factor" },
      },
      {
        name: "absolute error",
        claims: { w: vplus(vscale(1 / N, mv(T(X), e.map(Math.sign))), vscale(0.2, w)) },
        wrong: { w: "wrong-function" },
      },
    ],
  };
}

function logistic(): System {
  const N = 4;
  const [X, w, b] = [matrix(N, 3, 61), numbers(3, 62), -0.2];
  const t = [1, 0, 1, 1];
  const z = mv(X, w).map((v) => v + b);
  const p = z.map(sigmoid);
  const dz = vscale(1 / N, vminus(p, t));
  const of = (d: Vector) => ({ w: mv(T(X), d), b: sum(d) });
  return {
    name: "logistic regression",
    text: `
      N = size()
      X = input(N, 3)
      t = target(N)
      w = param(3)
      b = param()
      z = X * w + b
      p = sigmoid(z)
      L = -1/N * sum(t .* log(p) + (1 - t) .* log(1 - p))`,
    point: { X, t, w, b },
    right: of(dz),
    cases: [
      {
        name: "slope too many",
        claims: of(
          vtimes(
            dz,
            p.map((v) => v * (1 - v)),
          ),
        ),
        wrong: { w: "extra-factor", b: "extra-factor" },
      },
      {
        name: "1/N left out",
        claims: of(vscale(N, dz)),
        wrong: { w: "constant-factor", b: "constant-factor" },
      },
      {
        name: "only the positive term",
        claims: of(
          vscale(
            1 / N,
            vtimes(
              t,
              p.map((v) => v - 1),
            ),
          ),
        ),
        wrong: { w: "missing-term", b: "missing-term" },
      },
      {
        name: "z for p",
        claims: of(vscale(1 / N, vminus(z, t))),
        wrong: { w: ["wrong-variable", "wrong-function"], b: ["wrong-variable", "wrong-function"] },
      },
      {
        name: "clipped to 0.05",
        claims: { w: of(dz).w.map((v) => Math.max(-0.05, Math.min(0.05, v))) },
        wrong: { w: "clipped" },
      },
    ],
  };
}

function recurrent(): System {
  const [x1, x2, x3, t] = [numbers(2, 71), numbers(2, 72), numbers(2, 73), numbers(3, 74)];
  const [U, W] = [matrix(3, 2, 75), matrix(3, 3, 76)];
  const h1 = mv(U, x1).map(Math.tanh);
  const h2 = vplus(mv(U, x2), mv(W, h1)).map(Math.tanh);
  const h3 = vplus(mv(U, x3), mv(W, h2)).map(Math.tanh);
  const slope = (h: Vector) => h.map((v) => 1 - v * v);
  const backward = (V = W) => {
    const s3 = vtimes(vminus(h3, t), slope(h3));
    const s2 = vtimes(mv(T(V), s3), slope(h2));
    const s1 = vtimes(mv(T(V), s2), slope(h1));
    return [s1, s2, s3] as const;
  };
  const [s1, s2, s3] = backward();
  const parts = [outer(s1, x1), outer(s2, x2), outer(s3, x3)] as const;
  const right = {
    U: plus(plus(...([parts[0], parts[1]] as const)), parts[2]),
    W: plus(outer(s2, h1), outer(s3, h2)),
  };
  return {
    name: "recurrent, three steps",
    text: `
      x1 = input(2)
      x2 = input(2)
      x3 = input(2)
      t = target(3)
      U = param(3, 2)
      W = param(3, 3)
      s1 = U * x1
      h1 = tanh(s1)
      s2 = U * x2 + W * h1
      h2 = tanh(s2)
      s3 = U * x3 + W * h2
      h3 = tanh(s3)
      L = 1/2 * sum((h3 - t).^2)`,
    point: { x1, x2, x3, t, U, W },
    right,
    cases: [
      {
        name: "last step only",
        claims: { U: parts[2], W: outer(s3, h2) },
        wrong: { U: "missing-term", W: "missing-term" },
      },
      {
        name: "first step left out",
        claims: { ...right, U: plus(parts[1], parts[2]) },
        wrong: { U: "missing-term" },
      },
      {
        name: "h3 for h2",
        claims: { ...right, W: plus(outer(s2, h1), outer(s3, h3)) },
        wrong: { W: "wrong-variable" },
      },
      {
        name: "first step twice",
        claims: { ...right, U: plus(right.U, parts[0]) },
        wrong: { U: "extra-term" },
      },
    ],
  };
}

function hinge(): System {
  const N = 5;
  const X = matrix(N, 2, 81);
  const t = [1, -1, -1, 1, 1];
  const [W, v] = [matrix(4, 2, 82), vscale(4, numbers(4, 83))];
  const Z = mm(X, T(W));
  const H = each(Z, relu);
  const m = mv(H, v).map((s, n) => 1 - t[n]! * s);
  const ds = m.map((one, n) => -t[n]! * mask(one));
  const dZ = times(outer(ds, v), each(Z, mask));
  const right = { v: mv(T(H), ds), W: mm(T(dZ), X) };
  return {
    name: "hinge loss, relu",
    text: `
      N = size()
      X = input(N, 2)
      t = target(N)
      W = param(4, 2)
      v = param(4)
      Z = X * W'
      H = relu(Z)
      s = H * v
      m = 1 - t .* s
      L = sum(relu(m))`,
    point: { X, t, W, v },
    right,
    cases: [
      {
        name: "label left out",
        claims: {
          v: mv(
            T(H),
            m.map((one) => -mask(one)),
          ),
        },
        wrong: { v: "missing-factor" },
      },
      {
        name: "margin's mask left out",
        claims: {
          ...right,
          v: mv(
            T(H),
            m.map((_, n) => -t[n]!),
          ),
        },
        wrong: { v: "missing-factor" },
      },
      {
        name: "minus left out",
        claims: { v: vscale(-1, right.v), W: scale(-1, right.W) },
        wrong: { v: "sign", W: "sign" },
      },
      {
        name: "relu mask left out",
        claims: { ...right, W: mm(T(outer(ds, v)), X) },
        wrong: { W: "missing-factor" },
      },
      { name: "Z for H", claims: { ...right, v: mv(T(Z), ds) }, wrong: { v: "wrong-variable" } },
      { name: "W transposed", claims: { ...right, W: T(right.W) }, wrong: { W: "transposed" } },
    ],
  };
}

export const lossSystems: readonly System[] = [
  softmaxRegression(),
  ridge(),
  logistic(),
  recurrent(),
  hinge(),
];
